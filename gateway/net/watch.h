#pragma once

// Tested by tests/system/authoring/watch_test.cpp.

#include "gateway/base/clock.h"

#include <functional>
#include <memory>

namespace vardbron::net {

/// Deadlines of one connection's read and write with a single timer. A deadline that moves later does not reset the timer; it is
/// checked when the timer expires. So a request costs no timer. Inside this folder only.
class Watch {
 public:
  /// One direction's deadline; it applies while a Guard exists.
  struct Side {
    Instant until = Instant::max();
    bool late = false;
  };
  class Guard {
   public:
    Guard(Watch& watch, Side& side, Deadline until);
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() { side_.until = Instant::max(); }
    bool late() const { return side_.late; }

   private:
    Side& side_;
  };

  /// `on_late` is called when a deadline has passed; it must end the wait.
  Watch(const asio::any_io_executor& executor, std::function<void()> on_late);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  Side& reading();
  Side& writing();

 private:
  struct State;
  std::shared_ptr<State> state_;  // an expired timer may use it after the connection is destroyed
};

}  // namespace vardbron::net
