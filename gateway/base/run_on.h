#pragma once

// Tested by tests/exchange/case_queue_test.cpp and tests/rest/health_watch_test.cpp.

#include "gateway/base/task.h"

#include <functional>
#include <optional>
#include <utility>

namespace vardbron {

/// Runs work on another thread's executor and resumes the caller on its own. What the work refers to outlives it; when the caller
/// is cancelled, so is the work.
Task<> run_on(asio::any_io_executor there, Task<> work);

/// Runs a short piece of work on another thread's executor, without waiting for it.
void post_to(const asio::any_io_executor& there, std::function<void()> work);

namespace detail {
template <class T>
Task<> keep_value(Task<T> work, std::optional<T>& into) {
  into.emplace(co_await std::move(work));
}
}  // namespace detail

template <class T>
Task<T> run_on(asio::any_io_executor there, Task<T> work) {
  std::optional<T> value;
  Task<> keeping = detail::keep_value(std::move(work), value);
  co_await run_on(std::move(there), std::move(keeping));
  co_return std::move(*value);
}

}  // namespace vardbron
