#pragma once

#include "gateway/access/strangers.h"
#include "gateway/base/metrics.h"
#include "gateway/rest/routes.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

namespace vardbron::rest {

/// One answer and its receiver.
struct Answered {
  std::string_view route = other_route;  ///< one of labels()
  std::string method;                    ///< as http reads it
  unsigned status = 200;
  bool is_logged = false;    ///< http::Response::is_logged
  std::string organisation;  ///< HSA-id; "" = the caller is unknown
  std::string peer;          ///< address
  double seconds = 0;        ///< from the request's last byte to its answer
};

/// Counts answers, and makes each refusal (4xx, 5xx) exactly one log line and one increment: a line at once for a known
/// organisation, at most one a minute and network, with their number, for all other callers. A message that goes to quarantine is
/// logged and counted there. A 503 of /health and /ready is no refusal: their checks are logged when they change. Labels are
/// words of our own, never of a caller. Any thread.
class AnswerLog {
 public:
  /// Both outlive it.
  AnswerLog(Metrics& metrics, access::StrangerLog& strangers);
  AnswerLog(const AnswerLog&) = delete;

  void answered(const Answered& answer);
  /// http::OnUnread
  void unread(std::string_view peer, unsigned status);

 private:
  static constexpr std::size_t routes_max = 40, methods_max = 8, classes_max = 5;

  void count(std::size_t route, std::string_view method, unsigned status);
  Counter& refusal_figure(unsigned status);

  Metrics& metrics_;
  access::StrangerLog& strangers_;
  // A figure is looked up once, since each answer increments one.
  std::array<std::array<std::array<std::atomic<Counter*>, classes_max>, methods_max>, routes_max> requests_{};
  std::array<std::atomic<Histogram*>, routes_max> seconds_{};
};

}  // namespace vardbron::rest
