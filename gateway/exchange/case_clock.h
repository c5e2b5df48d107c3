#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/doorbell.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/exchange/message_path.h"
#include "gateway/store/store.h"

#include <atomic>
#include <chrono>

namespace vardbron::exchange {

/// Lets time pass in the cases: sleeps until the earliest moment at which a case changes by time alone, and has the path work
/// that case out anew. The store remembers the moments, so what fell due while nobody ran is done at the start.
/// Lives on the thread of its path; `expect` and `stop` may be called from any thread, while the loop of that thread lives.
class CaseClock {
 public:
  /// All outlive the clock.
  CaseClock(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor);
  CaseClock(const CaseClock&) = delete;

  /// Runs until stop(). A case that cannot be worked out now, and a store that is busy, are tried again at the next look.
  Task<> run();
  /// A case will change then: wakes the clock when it would sleep too long.
  void expect(WallTime at);
  void stop();

 private:
  Task<Result<void>> work_off_due();
  void ring();

  store::Store& store_;
  MessagePath& path_;
  Clock& clock_;
  asio::any_io_executor executor_;
  Doorbell bell_;
  std::atomic<WallTime> next_look_{WallTime::max()};
  bool stopping_ = false;
};

}  // namespace vardbron::exchange
