#pragma once

#include "gateway/base/clock.h"

#include <functional>
#include <memory>

namespace vardbron::net {

/// The deadlines of one connection's read and write, kept by one timer. Deadlines mostly move later, and then the timer is left
/// alone until it rings and finds out; so a request costs no timer of its own. Inside this folder only.
class Watch {
 public:
  /// One direction's deadline; while a Guard stands, it counts.
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

  /// `on_late` is called when a deadline has passed; it must end the waiting.
  Watch(const asio::any_io_executor& executor, std::function<void()> on_late);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  Side& reading();
  Side& writing();

 private:
  struct State;
  std::shared_ptr<State> state_;  // a timer that has rung already finds it after the connection is gone
};

}  // namespace vardbron::net
