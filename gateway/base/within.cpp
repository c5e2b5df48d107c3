#include "gateway/base/within.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace vardbron {

namespace {

// The work and its timer. The first to end stops the other; both are joined.
struct Race {
  explicit Race(const asio::any_io_executor& executor) : joined(executor, asio::steady_timer::time_point::max()) {}

  void leave() {
    if (--running == 0) joined.cancel();
  }
  void work_ended(std::exception_ptr error) {
    work_done = true;
    thrown = error;
    stop_alarm.emit(asio::cancellation_type::terminal);
    leave();
  }
  void alarm_ended(bool rang) {
    if (rang && !work_done) {
      timed_out = true;
      stop_work.emit(asio::cancellation_type::terminal);
    }
    leave();
  }

  asio::steady_timer joined;
  asio::cancellation_signal stop_work, stop_alarm;
  std::exception_ptr thrown;
  int running = 2;
  bool work_done = false;
  bool timed_out = false;
};

}  // namespace

Task<bool> run_until(Clock& clock, Task<> work, Deadline until) {
  auto executor = co_await asio::this_coro::executor;
  Race race(executor);
  auto on_work = [&race](std::exception_ptr error) { race.work_ended(error); };
  auto on_alarm = [&race](std::exception_ptr, bool rang) { race.alarm_ended(rang); };
  asio::co_spawn(executor, std::move(work), asio::bind_cancellation_slot(race.stop_work.slot(), on_work));
  asio::co_spawn(executor, clock.sleep_until(until.at), asio::bind_cancellation_slot(race.stop_alarm.slot(), on_alarm));
  // Both are joined even when the caller is stopped; it stays stopped, and throws at its next wait when it did so before.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  bool is_stopped = false;
  while (race.running > 0) {
    const auto asked = co_await asio::this_coro::cancellation_state;
    if (asked.cancelled() != asio::cancellation_type::none && !std::exchange(is_stopped, true)) {
      race.stop_work.emit(asio::cancellation_type::terminal);
      race.stop_alarm.emit(asio::cancellation_type::terminal);
      continue;
    }
    boost::system::error_code ended;
    co_await race.joined.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (race.thrown && !race.timed_out) std::rethrow_exception(race.thrown);
  co_return !race.timed_out;
}

}  // namespace vardbron
