#include "gateway/base/async_event.h"

#include "gateway/base/within.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vardbron {

// A timer that never expires: only its waiting is used.
struct AsyncEvent::Timer {
  explicit Timer(const asio::any_io_executor& executor) : never(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer never;
};

AsyncEvent::AsyncEvent(const asio::any_io_executor& executor) : timer_(std::make_unique<Timer>(executor)) {}

AsyncEvent::~AsyncEvent() = default;

void AsyncEvent::ring() {
  is_set_ = true;
  timer_->never.cancel();
}

Task<> AsyncEvent::wait() {
  if (!is_set_) {
    boost::system::error_code ended;
    co_await timer_->never.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
  is_set_ = false;
}

Task<> AsyncEvent::wait(Clock& clock, Deadline until) {
  if (std::exchange(is_set_, false)) co_return;
  Task<> waiting = wait();
  co_await run_until(clock, std::move(waiting), until);
}

void call_on(const asio::any_io_executor& executor, std::function<void()> work) { asio::post(executor, std::move(work)); }

}  // namespace vardbron
