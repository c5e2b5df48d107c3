#pragma once

#include "gateway/access/strangers.h"
#include "gateway/base/metrics.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::rest {

/// The shape of a path, such as "/fhir/{type}/{id}"; "other" for a path that leads nowhere. One of few static texts, whatever a
/// caller writes.
std::string_view route_of(const std::vector<std::string>& path);

/// One answer, and who got it.
struct Answered {
  std::string_view route = "other";  ///< of route_of
  std::string method;                ///< as http reads it
  unsigned status = 200;
  bool is_logged = false;    ///< http::Response::is_logged
  std::string organisation;  ///< HSA-id; "" = nobody known
  std::string peer;          ///< address
  double seconds = 0;        ///< from the request's last byte to its answer
};

/// Counts what is answered, and sees to it that each refusal (4xx, 5xx) is one line of the log and one figure, neither two nor
/// none: a line at once for an organisation that is known, at most one a minute and network, with their number, for everybody
/// else. A message that is kept in quarantine has its line and figure from there. /health and /ready answer 503 without being a
/// refusal: what they tell of has a line when it turns. Labels are words of ours; nothing of a caller's becomes one. Any thread.
class AnswerLog {
 public:
  /// Both outlive it.
  AnswerLog(Metrics& metrics, access::StrangerLog& strangers);
  AnswerLog(const AnswerLog&) = delete;

  void answered(const Answered& answer);
  /// http::OnUnread
  void unread(std::string_view peer, unsigned status);

 private:
  static constexpr std::size_t routes_max = 32, methods_max = 8, classes_max = 5;

  void count(std::size_t route, std::string_view method, unsigned status);
  Counter& refusal_figure(unsigned status);

  Metrics& metrics_;
  access::StrangerLog& strangers_;
  // A figure is looked up once: there is one for each answer of the gateway.
  std::array<std::array<std::array<std::atomic<Counter*>, classes_max>, methods_max>, routes_max> requests_{};
  std::array<std::atomic<Histogram*>, routes_max> seconds_{};
};

}  // namespace vardbron::rest
