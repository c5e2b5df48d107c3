#pragma once

#include "gateway/base/async_event.h"
#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/base/repeated_trouble.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/exchange/message_path.h"
#include "gateway/store/store.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::exchange {

/// Updates cases that change by time alone: sleeps until the earliest such moment and has the path compute that case again. The
/// store keeps the moments, so cases that became due while no process ran are updated at the start.
/// A case that cannot be computed is logged, stays due, and is tried again after growing pauses; it delays no other. Lives on the
/// thread of its path; `expect` and `stop` may be called from any thread, while the loop of that thread lives.
class CaseClock {
 public:
  /// All outlive the clock; `metrics` may be null.
  CaseClock(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor, Metrics* metrics = nullptr);
  CaseClock(const CaseClock&) = delete;

  /// Runs until stop(). A busy store, and a case that something else is changing, are tried again soon.
  Task<> run();
  /// A case will change then: wakes the clock when it would sleep too long.
  void expect(WallTime at);
  void stop();

 private:
  struct Failing {
    int times = 0;
    Instant not_before{0};
    std::uint64_t look = 0;  // the number of the last look that found it due
  };

  Task<Result<void>> work_off_due();
  Task<bool> work_off(const std::string& case_key);
  bool has_to_wait(const std::string& case_key);
  void failed(const std::string& case_key, const Failure& failure);
  void forget_who_is_due_no_more();
  void count(std::string_view outcome);
  void report_what_is_due();
  void look_again_at(Instant moment);
  void ring();

  store::Store& store_;
  MessagePath& path_;
  Clock& clock_;
  asio::any_io_executor executor_;
  Metrics* metrics_;
  AsyncEvent wakeup_;
  RepeatedTrouble trouble_;
  std::map<std::string, Failing, std::less<>> failing_;  // by case
  std::uint64_t look_ = 0;
  std::optional<WallTime> oldest_due_;  // since when the case is due that the look did not compute; none = all were
  std::atomic<WallTime> next_look_{WallTime::max()};
  bool stopping_ = false;
};

}  // namespace vardbron::exchange
