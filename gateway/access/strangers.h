#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/doorbell.h"
#include "gateway/base/task.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::access {

/// The network a stranger calls from: an IPv4 address, the /64 of an IPv6 one, else the text as it is.
std::string network_of(std::string_view address);

/// Refusals of one network that the access log tells of in one row.
struct Strangers {
  std::string network;
  std::string method;  ///< of the first of them
  std::int64_t refusals = 0;
};

/// Counts refusals without a valid token, and says what the access log is told of them: at most one row a minute and network. A
/// machine without I/O. One thread at a time.
class StrangerCounts {
 public:
  /// True when a row is due at once, since there was none of that network for limits::stranger_row_pause.
  bool refused(std::string_view address, std::string_view method, Instant now);
  /// What is due. Networks without anything to tell are forgotten.
  std::vector<Strangers> take_due(Instant now);
  /// Everything that is not told yet, due or not: the gateway closes.
  std::vector<Strangers> take_all();
  /// They could not be told; they are with the next that are due.
  void put_back(const std::vector<Strangers>& untold);
  /// When to look again; Instant::max() when no network is remembered.
  Instant next_look() const;
  std::size_t networks() const { return networks_.size(); }

 private:
  struct Told {
    std::string method;  // of the first refusal that is not told yet
    std::int64_t refusals = 0;
    Instant due{0};  // when the next row may be written
  };
  Told& place_of(const std::string& network);

  std::map<std::string, Told, std::less<>> networks_;
};

/// Writes those rows, so that no stranger waits for the disk and none makes it write more than that. `refused` is called from any
/// thread; `run` and `stop` belong to the executor's.
class StrangerLog {
 public:
  /// All outlive the log.
  StrangerLog(store::Store& store, Clock& clock, asio::any_io_executor executor);
  StrangerLog(const StrangerLog&) = delete;

  void refused(std::string_view address, std::string_view method);
  /// Until stop(), which writes what is left. What the store does not take is told with the next rows.
  Task<> run();
  void stop();

 private:
  Task<> write(std::vector<Strangers> due);
  void ring();

  store::Store& store_;
  Clock& clock_;
  asio::any_io_executor executor_;
  Doorbell bell_;
  std::mutex guard_;
  StrangerCounts counts_;
  bool stopping_ = false;
};

}  // namespace vardbron::access
