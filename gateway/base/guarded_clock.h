#pragma once

#include "gateway/base/clock.h"

#include <mutex>
#include <optional>

namespace vardbron {

/// The guard's state of the time of day.
struct ClockReport {
  WallTime trusted{};  ///< what the gateway uses
  WallTime machine{};  ///< of the machine
  bool in_doubt = false;
  bool since_start = false;  ///< in doubt: it disagreed with the last commit when the gateway started
  std::chrono::milliseconds ahead() const { return machine - trusted; }
};

/// The machine's time of day, trusted only where it agrees with the monotonic clock, and at the start with the last commit.
///
/// Small steps are followed: within a window of limits::clock_step_window at most limits::clock_step_forward_max ahead of the
/// time by the monotonic clock, and limits::clock_set_back_max before it. A larger one puts the time of day in doubt: wall()
/// continues from the last trusted time by the monotonic clock, until the machine's time comes within limits::clock_agrees_within
/// of it or an operator accepts it. At the start there is only the last commit to compare with: a time before it by more than
/// limits::clock_set_back_max or after it by more than limits::clock_ahead_of_last_commit_max is in doubt, and wall() continues
/// from the last commit, so that nothing is dated before what was written already. certain_wall() is the earlier of the two: an
/// update that comes too late can be corrected, while one that came too early has notified people.
/// Any thread. The clock below outlives it.
class GuardedClock final : public Clock {
 public:
  explicit GuardedClock(Clock& machine);
  GuardedClock(const GuardedClock&) = delete;

  Instant now() const override { return machine_.now(); }
  Instant since_boot() const override { return machine_.since_boot(); }
  WallTime wall() const override;
  WallTime certain_wall() const override;
  Task<bool> sleep_until(Instant moment) override { return machine_.sleep_until(moment); }

  /// To be called once, when the store is open and before anything is written: compares with its last commit (the epoch: there is
  /// none).
  void start_from(WallTime last_commit);
  /// Checks the machine's time as every wall() does.
  ClockReport look() const;
  /// An operator confirms that the machine's time is right.
  ClockReport accept();

 private:
  struct Moment {
    Instant since_boot{0};
    WallTime wall{};
  };
  enum class Doubt : std::uint8_t { None, Running, Start };

  Moment read() const;
  WallTime expected(const Moment& from, const Moment& now) const;
  ClockReport judge(const Moment& now) const;
  void follow(const Moment& now) const;
  bool agrees_with_last_commit(const Moment& now) const;

  Clock& machine_;
  mutable std::mutex guard_;
  mutable Moment window_;    // start of the window
  mutable Moment believed_;  // the last time that was followed
  Moment last_commit_;       // and when it was compared, at the start
  mutable Doubt doubt_ = Doubt::None;
};

}  // namespace vardbron
