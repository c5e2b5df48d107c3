#include "gateway/base/doorbell.h"

#include "gateway/base/within.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vardbron {

// A timer that never runs out: it lends its waiting, not its time.
struct Doorbell::Timer {
  explicit Timer(const asio::any_io_executor& executor) : never(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer never;
};

Doorbell::Doorbell(const asio::any_io_executor& executor) : timer_(std::make_unique<Timer>(executor)) {}

Doorbell::~Doorbell() = default;

void Doorbell::ring() {
  rung_ = true;
  timer_->never.cancel();
}

Task<> Doorbell::wait() {
  if (!rung_) {
    boost::system::error_code ended;
    co_await timer_->never.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
  rung_ = false;
}

Task<> Doorbell::wait(Clock& clock, Deadline until) {
  if (std::exchange(rung_, false)) co_return;
  Task<> waiting = wait();
  co_await run_until(clock, std::move(waiting), until);
}

void call_on(const asio::any_io_executor& executor, std::function<void()> work) { asio::post(executor, std::move(work)); }

}  // namespace vardbron
