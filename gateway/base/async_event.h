#pragma once

// Tested by tests/base/scope_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/task.h"

#include <functional>
#include <memory>

namespace vardbron {

/// One task waits for an event without polling. An event that no task waits for is kept for the next wait; several count as one.
/// One thread.
class AsyncEvent {
 public:
  explicit AsyncEvent(const asio::any_io_executor& executor);
  AsyncEvent(const AsyncEvent&) = delete;
  ~AsyncEvent();

  void ring();
  /// Until the event is rung, or the waiting task is cancelled.
  Task<> wait();
  /// The same, but not beyond the deadline.
  Task<> wait(Clock& clock, Deadline until);

 private:
  struct Timer;
  std::unique_ptr<Timer> timer_;
  bool is_set_ = false;
};

/// Calls `work` on the executor's thread, soon. Any thread.
void call_on(const asio::any_io_executor& executor, std::function<void()> work);

}  // namespace vardbron
