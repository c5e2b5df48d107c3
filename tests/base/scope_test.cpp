#include "gateway/base/scope.h"

#include "gateway/base/async_event.h"
#include "gateway/base/within.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

namespace vardbron {
namespace {

// A clock that does not advance by itself; waits are asio timers that never fire.
class StandingClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  WallTime wall() const override { return WallTime{}; }
  Task<bool> sleep_until(Instant moment) override {
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer never(executor, asio::steady_timer::time_point::max());
    waiters_.push_back({moment, &never});
    boost::system::error_code ended;
    co_await never.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    std::erase_if(waiters_, [&](const Waiter& waiter) { return waiter.timer == &never; });
    co_return now_ >= moment;
  }
  void pass(Instant span) {
    now_ += span;
    for (Waiter& waiter : waiters_) {
      if (waiter.moment <= now_) waiter.timer->cancel();
    }
  }

 private:
  struct Waiter {
    Instant moment;
    asio::steady_timer* timer;
  };
  Instant now_{0};
  std::vector<Waiter> waiters_;
};

struct World {
  void start(Task<> work) {
    auto on_end = [this](std::exception_ptr error) {
      ended = true;
      thrown = error;
    };
    asio::co_spawn(io, std::move(work), asio::bind_cancellation_slot(stopping.slot(), on_end));
  }
  void stop() {
    asio::post(io, [this] { stopping.emit(asio::cancellation_type::terminal); });
    settle();
  }
  void settle() {
    io.restart();
    while (io.poll() > 0) {}
  }
  asio::io_context io{1};
  StandingClock clock;
  asio::cancellation_signal stopping;
  bool ended = false;
  std::exception_ptr thrown;
};

Task<> wait_and_count(Clock& clock, Instant moment, int& woken, int& stopped) {
  bool came = co_await clock.sleep_until(moment);
  ++(came ? woken : stopped);
}

Task<> throw_when_asked(Clock& clock, Instant moment) {
  co_await clock.sleep_until(moment);
  throw std::runtime_error("a child fell");
}

struct Counts {
  int woken = 0, stopped = 0;
};

Task<> three_children(World& world, Counts& counts) {
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  scope.spawn(wait_and_count(world.clock, Instant(1), counts.woken, counts.stopped));
  scope.spawn(wait_and_count(world.clock, Instant(2), counts.woken, counts.stopped));
  scope.spawn(wait_and_count(world.clock, Instant(3), counts.woken, counts.stopped));
  co_await scope.join();
}

TEST(Scope, EndsWhenItsLastChildHasEnded) {
  World world;
  Counts counts;
  world.start(three_children(world, counts));
  world.settle();
  world.clock.pass(Instant(2));
  world.settle();
  EXPECT_EQ(counts.woken, 2);
  EXPECT_FALSE(world.ended);
  world.clock.pass(Instant(1));
  world.settle();
  EXPECT_EQ(counts.woken, 3);
  EXPECT_TRUE(world.ended);
}

Task<> one_falls(World& world, Counts& counts) {
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  scope.spawn(wait_and_count(world.clock, Instant(100), counts.woken, counts.stopped));
  scope.spawn(throw_when_asked(world.clock, Instant(1)));
  co_await scope.join();
}

TEST(Scope, StopsTheOthersWhenOneChildThrowsAndThrowsItOn) {
  World world;
  Counts counts;
  world.start(one_falls(world, counts));
  world.settle();
  world.clock.pass(Instant(1));
  world.settle();
  EXPECT_TRUE(world.ended);
  EXPECT_TRUE(world.thrown);
  EXPECT_EQ(counts.stopped, 1);
}

Task<> cancelled_before(World& world, Counts& counts) {
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  scope.cancel();
  scope.spawn(wait_and_count(world.clock, Instant(100), counts.woken, counts.stopped));
  co_await scope.join();
}

TEST(Scope, LetsNoChildWaitAfterItWasCancelled) {
  World world;
  Counts counts;
  world.start(cancelled_before(world, counts));
  world.settle();
  EXPECT_TRUE(world.ended);
  EXPECT_EQ(counts.stopped, 1);
}

Task<Result<int>> answer_at(Clock& clock, Instant moment, int answer, int& stopped) {
  bool came = co_await clock.sleep_until(moment);
  if (!came) ++stopped;
  co_return answer;
}

Task<> ask_within(World& world, Instant needs, Instant limit, std::optional<Result<int>>& got, int& stopped) {
  Task<Result<int>> work = answer_at(world.clock, needs, 7, stopped);
  Deadline until{limit};
  Result<int> answer = co_await within(world.clock, std::move(work), until);
  got.emplace(std::move(answer));
}

TEST(Within, GivesTheAnswerThatCameInTime) {
  World world;
  std::optional<Result<int>> got;
  int stopped = 0;
  world.start(ask_within(world, Instant(1), Instant(5), got, stopped));
  world.settle();
  world.clock.pass(Instant(1));
  world.settle();
  ASSERT_TRUE(got && *got);
  EXPECT_EQ(**got, 7);
  EXPECT_TRUE(world.ended);
}

TEST(Within, StopsWorkThatTakesTooLongAndJoinsIt) {
  World world;
  std::optional<Result<int>> got;
  int stopped = 0;
  world.start(ask_within(world, Instant(9), Instant(5), got, stopped));
  world.settle();
  world.clock.pass(Instant(5));
  world.settle();
  ASSERT_TRUE(got && !*got);
  EXPECT_EQ(got->failure().cause, Cause::TimedOut);
  EXPECT_EQ(stopped, 1);
}

// What waits again and again until it is stopped, and knows of no other end.
Task<> ring_after_ring(World& world, AsyncEvent& bell, int& rounds) {
  for (;; ++rounds) {
    const Deadline until = world.clock.in(Instant(10));
    co_await bell.wait(world.clock, until);
  }
}

TEST(AsyncEvent, EndsTheTaskThatIsStoppedWhileItWaitsForARing) {
  World world;
  AsyncEvent bell(world.io.get_executor());
  int rounds = 0;
  world.start(ring_after_ring(world, bell, rounds));
  world.settle();
  bell.ring();
  world.settle();
  world.clock.pass(Instant(10));
  world.settle();
  ASSERT_EQ(rounds, 2);
  world.stop();
  EXPECT_TRUE(world.ended);
  EXPECT_TRUE(world.thrown);
}

// It checks itself whether it was stopped, like a task that has to clean up.
Task<> ring_until_stopped(World& world, AsyncEvent& bell) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto asked = co_await asio::this_coro::cancellation_state;
  while (asked.cancelled() == asio::cancellation_type::none) {
    const Deadline until = world.clock.in(Instant(10));
    co_await bell.wait(world.clock, until);
    asked = co_await asio::this_coro::cancellation_state;
  }
  const Deadline until = world.clock.in(Instant(10));
  co_await bell.wait(world.clock, until);  // nobody can wait any more
}

TEST(AsyncEvent, TellsTheTaskThatLooksThatItWasStopped) {
  World world;
  AsyncEvent bell(world.io.get_executor());
  world.start(ring_until_stopped(world, bell));
  world.settle();
  world.stop();
  EXPECT_TRUE(world.ended);
  EXPECT_FALSE(world.thrown);
}

Task<> join_and_wait(World& world, Counts& counts) {
  co_await three_children(world, counts);
  bool came = co_await world.clock.sleep_until(Instant(100));
  ++(came ? counts.woken : counts.stopped);
}

TEST(Scope, LeavesTheTaskStoppedThatWasStoppedWhileItJoined) {
  World world;
  Counts counts;
  world.start(join_and_wait(world, counts));
  world.settle();
  world.stop();
  EXPECT_EQ(counts.stopped, 3);
  EXPECT_TRUE(world.ended);
}

}  // namespace
}  // namespace vardbron
