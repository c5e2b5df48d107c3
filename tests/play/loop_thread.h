#pragma once

#include "gateway/base/task.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <pthread.h>

#include <ctime>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace vardbron::play {

/// A thread with a loop of its own, for receivers and hospitals that play beside the gateway.
class LoopThread {
 public:
  LoopThread() : thread_([this] { io_.run(); }) {}
  ~LoopThread() { stop(); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  asio::any_io_executor executor() { return io_.get_executor(); }

  /// Runs the task there and waits for its result.
  template <class T>
  T run(Task<T> work) {
    std::optional<T> value;
    asio::co_spawn(io_, keep(std::move(work), value), asio::use_future).get();
    return std::move(*value);
  }
  void run(Task<> work) { asio::co_spawn(io_, std::move(work), asio::use_future).get(); }
  std::future<void> start(Task<> work) { return asio::co_spawn(io_, std::move(work), asio::use_future); }
  template <class Work>
  void post(Work work) {
    asio::post(io_, std::move(work));
  }
  /// Of the processor, so far.
  double cpu_seconds() {
    clockid_t clock{};
    timespec used{};
    if (pthread_getcpuclockid(thread_.native_handle(), &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
  }
  void stop() {
    guard_.reset();
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  template <class T>
  static Task<> keep(Task<T> work, std::optional<T>& into) {
    into.emplace(co_await std::move(work));
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_ = asio::make_work_guard(io_);
  std::thread thread_;
};

}  // namespace vardbron::play
