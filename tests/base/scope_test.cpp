#include "gateway/base/scope.h"

#include "gateway/base/within.h"

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

// A clock that stands still until told; waits are asio timers that never fire by themselves.
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
    asio::co_spawn(io, std::move(work), [this](std::exception_ptr error) {
      ended = true;
      thrown = error;
    });
  }
  void settle() {
    io.restart();
    while (io.poll() > 0) {}
  }
  asio::io_context io{1};
  StandingClock clock;
  bool ended = false;
  std::exception_ptr thrown;
};

Task<> wait_and_count(Clock& clock, Instant moment, int& woken, int& stopped) {
  bool came = co_await clock.sleep_until(moment);
  ++(came ? woken : stopped);
}

Task<> throw_when_told(Clock& clock, Instant moment) {
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
  scope.spawn(throw_when_told(world.clock, Instant(1)));
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

}  // namespace
}  // namespace vardbron
