#pragma once

#include "gateway/base/clock.h"

#include <mutex>
#include <optional>

namespace vardbron {

/// What the guard knows of the time of day.
struct ClockReport {
  WallTime trusted{};  ///< what the gateway goes by
  WallTime machine{};  ///< what the machine says
  bool in_doubt = false;
  bool since_start = false;  ///< in doubt: it disagreed with the last commit when the gateway started
  std::chrono::milliseconds ahead() const { return machine - trusted; }
};

/// The machine's time of day, believed only where it agrees with the monotonic clock, and at the start with the last commit.
///
/// Small steps are followed: within a window of limits::clock_step_window at most limits::clock_step_forward_max ahead of where
/// the monotonic clock has got to, and limits::clock_set_back_max behind it. A larger one puts the time of day in doubt: wall()
/// goes on from the last believed time by the monotonic clock, until the machine's time comes within limits::clock_agrees_within
/// of it or somebody accepts it. At the start there is only the last commit to compare with: a time before it by more than
/// limits::clock_set_back_max or after it by more than limits::clock_ahead_of_last_commit_max is in doubt, and wall() goes on
/// from the last commit, so that nothing is dated before what was written already. certain_wall() is the earlier of the two: what
/// happens too late can be made good, what happened too early was told to people.
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

  /// The store is open: compares with its last commit (the epoch: there is none). Once, before anything is written.
  void start_from(WallTime last_commit);
  /// Looks at the machine's time as every wall() does.
  ClockReport look() const;
  /// Somebody says that the machine's time is right.
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
  mutable Moment window_;    // where the window began
  mutable Moment believed_;  // the last time that was followed
  Moment last_commit_;       // and when it was met, at the start
  mutable Doubt doubt_ = Doubt::None;
};

}  // namespace vardbron
