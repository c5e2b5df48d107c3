#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace vardbron::store {

/// Receives an answer from a thread of the store; the waiting task resumes with it on its own executor.
template <class T>
class Completion {
 public:
  template <class Handler>
  static std::shared_ptr<Completion> to(Handler handler, const asio::any_io_executor& executor) {
    struct Bound final : Completion {
      Bound(Handler&& given, const asio::any_io_executor& where) : Completion(where), handler(std::move(given)) {}
      void resume() override { std::move(handler)(); }
      Handler handler;
    };
    return std::make_shared<Bound>(std::move(handler), executor);
  }
  virtual ~Completion() = default;

  /// From any thread, once.
  static void give(const std::shared_ptr<Completion>& answer, Result<T> value) {
    answer->value_.emplace(std::move(value));
    asio::any_io_executor executor = answer->work_.get_executor();
    asio::post(executor, [answer] { answer->resume(); });
  }
  Result<T>& value() { return *value_; }

 protected:
  explicit Completion(const asio::any_io_executor& executor) : work_(executor) {}
  virtual void resume() = 0;

 private:
  std::optional<Result<T>> value_;
  asio::executor_work_guard<asio::any_io_executor> work_;
};

/// Calls start(answer) and waits for the answer. Not cancelled: the work is always done to its end.
template <class T, class Start>
Task<Result<T>> wait_for_completion(Start start) {
  auto executor = co_await asio::this_coro::executor;
  std::shared_ptr<Completion<T>> kept;
  auto initiate = [&](auto handler) {
    kept = Completion<T>::to(std::move(handler), executor);
    start(kept);
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable);
  Result<T> value = std::move(kept->value());
  co_return value;
}

}  // namespace vardbron::store
