#include "gateway/base/scope.h"

#include "gateway/base/check.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vardbron {

struct Scope::State {
  explicit State(asio::any_io_executor on) : executor(std::move(on)), idle(executor, asio::steady_timer::time_point::max()) {}

  asio::any_io_executor executor;
  asio::steady_timer idle;
  std::list<asio::cancellation_signal> children;
  std::exception_ptr first_error;
  bool cancelled = false;
};

Scope::Scope(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

Scope::~Scope() { CHECK(state_->children.empty()); }

void Scope::spawn(Task<> work) {
  State& state = *state_;
  auto child = state.children.emplace(state.children.end());
  auto on_end = [held = state_, child](std::exception_ptr error) {
    held->children.erase(child);
    if (error && !held->first_error) held->first_error = error;
    if (error) {
      for (auto& other : held->children) other.emit(asio::cancellation_type::terminal);
    }
    if (held->children.empty()) held->idle.cancel();
  };
  asio::co_spawn(state.executor, std::move(work), asio::bind_cancellation_slot(child->slot(), std::move(on_end)));
  if (state.cancelled) child->emit(asio::cancellation_type::terminal);
}

void Scope::cancel() {
  state_->cancelled = true;
  // Outside its loop Asio would only queue the cancellation, with a pointer to a child that may have ended by then.
  asio::dispatch(state_->executor, [held = state_] {
    // A child may end during the iteration and then removes itself; other iterators of a std::list stay valid.
    for (auto at = held->children.begin(); at != held->children.end();) (at++)->emit(asio::cancellation_type::terminal);
  });
}

Task<> Scope::join() {
  std::shared_ptr<State> state = state_;
  // The children are joined even when the caller is stopped; it stays stopped, and throws at its next wait when it did so before.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!state->children.empty()) {
    const auto asked = co_await asio::this_coro::cancellation_state;
    if (asked.cancelled() != asio::cancellation_type::none && !state->cancelled) {
      cancel();
      continue;
    }
    boost::system::error_code ended;
    co_await state->idle.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (state->first_error) std::rethrow_exception(std::exchange(state->first_error, nullptr));
}

std::size_t Scope::size() const { return state_->children.size(); }

}  // namespace vardbron
