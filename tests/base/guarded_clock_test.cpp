// Concern: a wall clock that jumps is rejected, and a right one is accepted.
#include "gateway/base/guarded_clock.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr WallTime some_day{milliseconds{1'774'692'000'000}};
constexpr hours ten_years{24 * 3652};

/// The machine's clocks, set by hand.
class HandClock final : public Clock {
 public:
  Instant now() const override { return awake_; }
  Instant since_boot() const override { return awake_ + asleep_; }
  WallTime wall() const override { return some_day + std::chrono::floor<milliseconds>(since_boot()) + shift_; }
  Task<bool> sleep_until(Instant) override { co_return true; }

  void pass(Instant span) { awake_ += span; }
  void suspend(Instant span) { asleep_ += span; }
  void shift(milliseconds by) { shift_ += by; }

 private:
  Instant awake_{0}, asleep_{0};
  milliseconds shift_{0};
};

struct Guard {
  HandClock machine;
  GuardedClock clock{machine};
};

TEST(GuardedClock, FollowsSmallStepsInBothDirections) {
  Guard guard;
  for (milliseconds step : {milliseconds(minutes(10)), milliseconds(-minutes(50)), milliseconds(seconds(1))}) {
    guard.machine.shift(step);
    EXPECT_EQ(guard.clock.wall(), guard.machine.wall());
    EXPECT_FALSE(guard.clock.look().in_doubt);
    guard.machine.pass(hours(2));
    EXPECT_EQ(guard.clock.wall(), guard.machine.wall());
  }
}

TEST(GuardedClock, GoesOnByTheMonotonicClockWhenTheTimeOfDayJumpsTenYears) {
  Guard guard;
  guard.machine.pass(hours(1));
  const WallTime before = guard.clock.wall();
  guard.machine.shift(ten_years);
  guard.machine.pass(minutes(1));

  EXPECT_EQ(guard.clock.wall(), before + minutes(1));
  EXPECT_EQ(guard.clock.certain_wall(), before + minutes(1));
  EXPECT_TRUE(guard.clock.look().in_doubt);
  EXPECT_EQ(guard.clock.look().ahead(), ten_years);

  guard.machine.shift(-ten_years);
  EXPECT_FALSE(guard.clock.look().in_doubt);
  EXPECT_EQ(guard.clock.wall(), guard.machine.wall());
}

TEST(GuardedClock, LetsNothingHappenByTimeAloneWhileTheMachineSaysThatItIsEarlier) {
  Guard guard;
  const WallTime before = guard.clock.wall();
  guard.machine.shift(-hours(48));
  guard.machine.pass(minutes(1));
  EXPECT_EQ(guard.clock.wall(), before + minutes(1));
  EXPECT_EQ(guard.clock.certain_wall(), before + minutes(1) - hours(48));
}

TEST(GuardedClock, IsNotLedAwayByManySmallSteps) {
  Guard guard;
  guard.clock.wall();
  for (int step = 0; step < 60; ++step) {
    guard.machine.pass(seconds(10));
    guard.machine.shift(minutes(10));
    guard.clock.wall();
  }
  EXPECT_TRUE(guard.clock.look().in_doubt);
  EXPECT_LE(guard.clock.wall(), some_day + minutes(10) + limits::clock_step_forward_max);
}

TEST(GuardedClock, BelievesTheTimeAfterTheMachineSlept) {
  Guard guard;
  guard.clock.wall();
  guard.machine.suspend(hours(14));
  EXPECT_FALSE(guard.clock.look().in_doubt);
  EXPECT_EQ(guard.clock.wall(), some_day + hours(14));
}

TEST(GuardedClock, BelievesTheTimeThatSomebodyAccepts) {
  Guard guard;
  guard.clock.wall();
  guard.machine.shift(hours(48));
  ASSERT_TRUE(guard.clock.look().in_doubt);
  EXPECT_FALSE(guard.clock.accept().in_doubt);
  EXPECT_EQ(guard.clock.wall(), guard.machine.wall());
  guard.machine.pass(hours(3));
  EXPECT_FALSE(guard.clock.look().in_doubt);
}

TEST(GuardedClock, StartsWithoutDoubtSoonAfterTheLastCommitAndInANewStore) {
  for (WallTime last : {WallTime{}, some_day - hours(24 * 29), some_day, some_day + minutes(59)}) {
    Guard guard;
    guard.clock.start_from(last);
    EXPECT_FALSE(guard.clock.look().in_doubt);
    EXPECT_EQ(guard.clock.wall(), some_day);
  }
}

TEST(GuardedClock, GoesOnFromTheLastCommitWhenTheMachineDisagreesWithItAtTheStart) {
  Guard behind;  // the machine's battery is flat
  behind.clock.start_from(some_day + ten_years);
  EXPECT_TRUE(behind.clock.look().in_doubt);
  EXPECT_TRUE(behind.clock.look().since_start);
  EXPECT_EQ(behind.clock.wall(), some_day + ten_years);
  EXPECT_EQ(behind.clock.certain_wall(), some_day) << "what time alone brings about waits";
  behind.machine.shift(hours(24 * 365 * 5));
  behind.machine.pass(minutes(5));
  EXPECT_EQ(behind.clock.wall(), some_day + ten_years + minutes(5));
  EXPECT_FALSE(behind.clock.accept().in_doubt) << "the last commit was of a false clock";
  EXPECT_EQ(behind.clock.wall(), behind.machine.wall());

  Guard ahead;
  ahead.clock.start_from(some_day - hours(24 * 40));
  ahead.machine.pass(minutes(5));
  EXPECT_TRUE(ahead.clock.look().in_doubt);
  EXPECT_EQ(ahead.clock.wall(), some_day - hours(24 * 40) + minutes(5));
}

TEST(GuardedClock, EndsTheDoubtOfTheStartWhenTheMachineIsSetRight) {
  Guard guard;
  guard.machine.shift(-ten_years);
  guard.clock.start_from(some_day - hours(2));
  ASSERT_TRUE(guard.clock.look().in_doubt);
  guard.machine.pass(minutes(1));
  guard.machine.shift(ten_years);
  EXPECT_FALSE(guard.clock.look().in_doubt);
  EXPECT_EQ(guard.clock.wall(), guard.machine.wall());
}

// --- where believing ends ---------------------------------------------------------------------------------------------

constexpr milliseconds a_little{1};

bool doubts_after(milliseconds step) {
  Guard guard;
  guard.machine.shift(step);
  return guard.clock.look().in_doubt;
}

TEST(ClockLimits, OneStepIsFollowedAsFarAsItMayGoAndNoFurther) {
  EXPECT_FALSE(doubts_after(limits::clock_step_forward_max));
  EXPECT_TRUE(doubts_after(limits::clock_step_forward_max + a_little));
  EXPECT_FALSE(doubts_after(-limits::clock_set_back_max));
  EXPECT_TRUE(doubts_after(-limits::clock_set_back_max - a_little));
}

bool doubts_after_two_steps(Instant between) {
  Guard guard;
  guard.machine.shift(limits::clock_step_forward_max);
  guard.machine.pass(between);
  EXPECT_FALSE(guard.clock.look().in_doubt);
  guard.machine.shift(limits::clock_step_forward_max);
  return guard.clock.look().in_doubt;
}

TEST(ClockLimits, ASecondStepIsFollowedOnceTheWindowOfTheFirstIsOver) {
  EXPECT_TRUE(doubts_after_two_steps(limits::clock_step_window - a_little));
  EXPECT_FALSE(doubts_after_two_steps(limits::clock_step_window));
}

bool doubts_when_put_right_but_for(milliseconds rest) {
  Guard guard;
  guard.machine.shift(ten_years);
  EXPECT_TRUE(guard.clock.look().in_doubt);
  guard.machine.shift(rest - ten_years);
  return guard.clock.look().in_doubt;
}

TEST(ClockLimits, AClockInDoubtIsTrustedAgainWhenItComesNearEnough) {
  for (const int sign : {1, -1}) {
    EXPECT_FALSE(doubts_when_put_right_but_for(sign * limits::clock_agrees_within));
    EXPECT_TRUE(doubts_when_put_right_but_for(sign * (limits::clock_agrees_within + a_little)));
  }
}

bool doubts_at_the_start(milliseconds since_last_commit) {
  Guard guard;
  guard.clock.start_from(some_day - since_last_commit);
  return guard.clock.look().in_doubt;
}

TEST(ClockLimits, TheMachineMayHaveStoodAsLongAndBeAsFarBackAtTheStartAsThat) {
  EXPECT_FALSE(doubts_at_the_start(limits::clock_ahead_of_last_commit_max));
  EXPECT_TRUE(doubts_at_the_start(limits::clock_ahead_of_last_commit_max + a_little));
  EXPECT_FALSE(doubts_at_the_start(-limits::clock_set_back_max));
  EXPECT_TRUE(doubts_at_the_start(-limits::clock_set_back_max - a_little));
}

}  // namespace
}  // namespace vardbron
