#pragma once

#include "gateway/base/async_event.h"
#include "gateway/base/clock.h"
#include "gateway/base/task.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::access {

/// Refusals of one network that are reported together.
struct Strangers {
  std::string network;  ///< net::network_of
  std::string what;     ///< of the first refusal: the method, or the reason
  std::int64_t refusals = 0;
};

/// Counts refusals of unknown callers; each network is reported at most once a minute. A machine without I/O. One thread at a
/// time.
class StrangerCounts {
 public:
  /// True if it must be reported at once, since the network was not reported for limits::stranger_row_pause.
  bool refused(std::string_view address, std::string_view what, Instant now);
  /// The reports that are due. Networks without any are dropped.
  std::vector<Strangers> take_due(Instant now);
  /// All reports, due or not: the gateway closes.
  std::vector<Strangers> take_all();
  /// Reports that could not be written; they are due with the next ones.
  void put_back(const std::vector<Strangers>& unreported);
  /// Time of the next report; Instant::max() if there is none.
  Instant next_look() const;
  std::size_t networks() const { return networks_.size(); }

 private:
  struct Recorded {
    std::string what;  // of the first refusal not reported yet
    std::int64_t refusals = 0;
    Instant due{0};  // time of the next report
  };
  Recorded& place_of(const std::string& network);

  std::map<std::string, Recorded, std::less<>> networks_;
};

/// Writes the reports in the background, so that no stranger waits for the disk or fills it: a missing or unknown token in a row
/// of the access log and a log line; requests refused before authentication in a log line. `refused`, `unread` and
/// `malformed_origin` may be called from any thread; `run` and `stop` on the executor's.
class StrangerLog {
 public:
  /// All must outlive the log.
  StrangerLog(store::Store& store, Clock& clock, asio::any_io_executor executor);
  StrangerLog(const StrangerLog&) = delete;

  /// The token was missing or unknown.
  void refused(std::string_view address, std::string_view method);
  /// No valid request, from any sender. `why`: text of ours.
  void unread(std::string_view address, std::string_view why);
  /// A trusted proxy names no caller, or in a malformed way.
  void malformed_origin(std::string_view proxy);
  /// Runs until stop(), which writes the rest. Rows that the store refuses are written with the next ones.
  Task<> run();
  void stop();

 private:
  struct Due {
    std::vector<Strangers> refused, unread, malformed_origins;
  };
  Due take(bool all);
  Task<> write(Due due);
  void count(StrangerCounts& counts, std::string_view address, std::string_view what);
  Deadline next_look() const;
  void ring();

  store::Store& store_;
  Clock& clock_;
  asio::any_io_executor executor_;
  AsyncEvent wakeup_;
  mutable std::mutex guard_;
  StrangerCounts refused_, unread_, malformed_origins_;
  bool stopping_ = false;
};

}  // namespace vardbron::access
