#include "tests/sim/sim_clock.h"

#include "tests/sim/sim_signal.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace vardbron::sim {

Task<bool> SimClock::sleep_until(Instant moment) {
  SimSignal never;
  SimSignal::Woken woken = co_await never.wait_until(*this, moment);
  co_return woken == SimSignal::Woken::Late;
}

bool SimClock::advance() {
  if (alarms_.empty()) return false;
  auto first = alarms_.begin();
  now_ = std::max(now_, first->first);
  std::function<void()> ring = std::move(first->second);
  alarms_.erase(first);
  ring();
  return true;
}

bool SimClock::advance_until(Instant moment) {
  if (!alarms_.empty() && alarms_.begin()->first <= moment) return advance();
  now_ = std::max(now_, moment);
  return false;
}

namespace {

// Takes the alarm back when the waiting task is woken otherwise, or is destroyed while it waits.
class AlarmHold {
 public:
  AlarmHold(SimClock& clock, Instant moment, std::function<void()> ring) : clock_(clock) {
    alarm_ = clock_.set_alarm(moment, [this, call = std::move(ring)] {
      is_set_ = true;
      call();
    });
  }
  AlarmHold(const AlarmHold&) = delete;
  AlarmHold& operator=(const AlarmHold&) = delete;
  ~AlarmHold() {
    if (!is_set_) clock_.cancel_alarm(alarm_);
  }
  bool rung() const { return is_set_; }

 private:
  SimClock& clock_;
  SimClock::Alarm alarm_;
  bool is_set_ = false;
};

// The waiting task may be destroyed while it waits; then nobody must wake its timer.
class WakeHold {
 public:
  WakeHold(std::function<void()>& slot, std::function<void()> wake) : slot_(slot) { slot_ = std::move(wake); }
  WakeHold(const WakeHold&) = delete;
  WakeHold& operator=(const WakeHold&) = delete;
  ~WakeHold() { slot_ = nullptr; }

 private:
  std::function<void()>& slot_;
};

}  // namespace

Task<SimSignal::Woken> SimSignal::wait_until(SimClock& clock, Instant moment) {
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return Woken::Cancelled;
  if (clock.now() >= moment) co_return Woken::Late;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
  bool notified = false;
  auto wake = [&timer, &notified] {
    notified = true;
    timer.cancel();
  };
  WakeHold hold(wake_, wake);
  auto ring = [&timer] { timer.cancel(); };
  AlarmHold alarm(clock, moment, ring);
  boost::system::error_code ended;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (notified) co_return Woken::Notified;
  co_return alarm.rung() ? Woken::Late : Woken::Cancelled;
}

void SimSignal::notify() {
  if (wake_) std::exchange(wake_, nullptr)();
}

}  // namespace vardbron::sim
