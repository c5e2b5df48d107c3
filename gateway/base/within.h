#pragma once

// Tested by tests/base/scope_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"

#include <optional>
#include <utility>

namespace vardbron {

/// Runs work until it ends or the deadline passes, whichever is first; the work is cancelled then, and always joined before this
/// returns. True when the work ended by itself. An exception of the work is thrown here. `clock` outlives the call.
Task<bool> run_until(Clock& clock, Task<> work, Deadline until);

namespace detail {
template <class T>
Task<> keep(Task<Result<T>> work, std::optional<Result<T>>& into) {
  into.emplace(co_await std::move(work));
}
}  // namespace detail

/// The same for work that gives a result: TimedOut when the deadline passed first.
template <class T>
Task<Result<T>> within(Clock& clock, Task<Result<T>> work, Deadline until) {
  std::optional<Result<T>> kept;
  Task<> keeping = detail::keep(std::move(work), kept);
  bool ended = co_await run_until(clock, std::move(keeping), until);
  if (!ended || !kept) co_return Failure{Cause::TimedOut, "It took too long.", ""};
  co_return std::move(*kept);
}

}  // namespace vardbron
