#pragma once

#include "gateway/base/check.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <list>
#include <optional>
#include <utility>

namespace vardbron::net {

/// A real loop on the test's own thread, for tests that need sockets.
class Loop {
 public:
  asio::any_io_executor executor() { return io_.get_executor(); }

  /// Runs beside whatever complete() waits for; stopped at its wait when the loop ends.
  void spawn(Task<void> work) {
    ++running_;
    auto on_end = [this](std::exception_ptr) { --running_; };
    asio::co_spawn(io_, std::move(work), asio::bind_cancellation_slot(signals_.emplace_back().slot(), on_end));
  }

  template <class T>
  T complete(Task<T> work) {
    std::optional<T> value;
    auto on_end = [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    };
    asio::co_spawn(io_, keep(std::move(work), value), on_end);
    io_.restart();
    while (!value) CHECK(io_.run_one() > 0);
    return std::move(*value);
  }

  /// Runs what is ready, until `done` holds.
  template <class Condition>
  void run_until(Condition done) {
    io_.restart();
    while (!done()) CHECK(io_.run_one() > 0);
  }

  /// True when nothing waits in the loop any more before the deadline.
  bool runs_dry(Deadline until) {
    io_.restart();
    io_.run_until(std::chrono::steady_clock::time_point(until.at));
    return io_.stopped();
  }

  void cancel_all() {
    for (auto& signal : signals_) asio::post(io_, [&signal] { signal.emit(asio::cancellation_type::terminal); });
    run_until([this] { return running_ == 0; });
  }

 private:
  template <class T>
  static Task<void> keep(Task<T> work, std::optional<T>& into) {
    into.emplace(co_await std::move(work));
  }

  int running_ = 0;
  std::list<asio::cancellation_signal> signals_;  // those of ended tasks too: signalling them has no effect
  asio::io_context io_{1};
};

}  // namespace vardbron::net
