#pragma once

#include "gateway/base/check.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace vardbron {

/// The kind of a failure. Only `rest` converts a cause to an HTTP status.
enum class Cause {
  Invalid,          ///< the sender must change what was sent
  Unauthenticated,  ///< no token, or an unknown one
  Forbidden,        ///< known, but not allowed; outside it looks like NotFound where existence is a secret
  NotFound,
  Gone,         ///< deleted
  Conflict,     ///< the version or state is no longer current
  TooLarge,     ///< a limit of base/limits.h was passed
  Unsupported,  ///< valid, but not supported
  Busy,         ///< try again later, nothing was written
  TimedOut,
  Cancelled,
  Broken  ///< our fault, or the machine's: disk, memory, a peer that does not speak the protocol
};

std::string_view to_string(Cause cause);

/// A failure says to its reader what to change. Never a name, never a person's number, never a stack trace.
struct Failure {
  Cause cause = Cause::Broken;
  std::string says;   ///< a plain sentence
  std::string where;  ///< FHIRPath of the place, file:line:column, or empty
  bool operator==(const Failure&) const = default;
};

/// A value or the reason why there is none. Reading the wrong side is a bug and stops the program.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : held_(std::in_place_index<1>, std::move(failure)) {}

  explicit operator bool() const { return held_.index() == 0; }
  bool ok() const { return held_.index() == 0; }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& value() & {
    CHECK(ok());
    return *std::get_if<0>(&held_);
  }
  const T& value() const& {
    CHECK(ok());
    return *std::get_if<0>(&held_);
  }
  T&& value() && { return std::move(value()); }

  Failure& failure() & {
    CHECK(!ok());
    return *std::get_if<1>(&held_);
  }
  const Failure& failure() const& {
    CHECK(!ok());
    return *std::get_if<1>(&held_);
  }
  Failure&& failure() && { return std::move(failure()); }

 private:
  std::variant<T, Failure> held_;
};

/// The same for work that returns nothing but may fail. `return Result<void>{};` or `return done();` is success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Failure failure) : failure_(std::move(failure)) {}

  explicit operator bool() const { return !failure_; }
  bool ok() const { return !failure_; }
  Failure& failure() & {
    CHECK(failure_);
    return *failure_;
  }
  const Failure& failure() const& {
    CHECK(failure_);
    return *failure_;
  }
  Failure&& failure() && { return std::move(failure()); }

 private:
  std::optional<Failure> failure_;
};

inline Result<void> done() { return {}; }

}  // namespace vardbron
