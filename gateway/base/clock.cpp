#include "gateway/base/clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>

namespace vardbron {

using Steady = std::chrono::steady_clock;

Instant RealClock::now() const { return std::chrono::duration_cast<Instant>(Steady::now().time_since_epoch()); }

WallTime RealClock::wall() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Instant RealClock::since_boot() const {
  timespec time{};
  if (clock_gettime(CLOCK_BOOTTIME, &time) != 0) return now();
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

Task<bool> RealClock::sleep_until(Instant moment) {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, Steady::time_point(std::chrono::duration_cast<Steady::duration>(moment)));
  boost::system::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

}  // namespace vardbron
