#pragma once

// Tested by tests/system/net/tcp_test.cpp and tests/system/net/workers_test.cpp.

#include "gateway/base/task.h"

#include <chrono>
#include <compare>
#include <cstdint>

namespace vardbron {

/// Monotonic time since an arbitrary start, for deadlines and pauses; it is never stored.
using Instant = std::chrono::nanoseconds;

/// Time of day, UTC, in milliseconds since 1970, for resources, logs and the journal.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// The moment at which waiting ends.
struct Deadline {
  Instant at{0};
  auto operator<=>(const Deadline&) const = default;
};

/// The source of time. Production: RealClock. Tests: SimClock in tests/sim.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  virtual WallTime wall() const = 0;
  /// Monotonic like now(), but it goes on while the machine sleeps.
  virtual Instant since_boot() const { return now(); }
  /// A time of day that has certainly passed: wall(), or an earlier one while the time of day is in doubt (base/guarded_clock.h).
  /// Changes by time alone wait for it.
  virtual WallTime certain_wall() const { return wall(); }
  /// True when the moment came, false when the waiting task was cancelled.
  virtual Task<bool> sleep_until(Instant moment) = 0;

  Deadline in(Instant span) const { return Deadline{now() + span}; }
  bool passed(Deadline deadline) const { return now() >= deadline.at; }
};

/// The machine's clocks; waits on the executor of the calling task.
class RealClock final : public Clock {
 public:
  Instant now() const override;
  WallTime wall() const override;
  Instant since_boot() const override;
  Task<bool> sleep_until(Instant moment) override;
};

}  // namespace vardbron
