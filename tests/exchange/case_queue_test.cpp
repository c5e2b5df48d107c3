// Concern: what changes one case goes one after the other, and a long case keeps nobody else waiting.
#include "gateway/exchange/case_queue.h"

#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

namespace vardbron::exchange {
namespace {

ANotice admission(const std::string& name) { return ANotice("admission").with_id("M-" + name).of_case(name); }
ANotice planning(const std::string& name, int number) {
  return ANotice("planning").with_id("P-" + name + std::to_string(number)).of_case(name).at("2026-03-11T10:00:00+01:00");
}

/// What came of each notice that was sent without waiting for it.
struct Answers {
  std::vector<std::int64_t> stored;  // journal numbers, in the order of the answers
  std::size_t busy = 0, other = 0;
};

Task<> send(MessagePath& path, ANotice notice, Answers& answers) {
  Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
  Result<Receipt> receipt = co_await path.accept(std::move(envelope));
  if (receipt && receipt->outcome == store::Outcome::Stored) {
    answers.stored.push_back(receipt->journal_number);
  } else {
    const bool busy = !receipt && receipt.failure().cause == Cause::Busy;
    ++(busy ? answers.busy : answers.other);
  }
}

sim::StoreFaults slow_disk() {
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  return slow;
}

TEST(CaseQueue, EveryNoticeOfACaseIsWorkedOutOnceHoweverManyComeAtOnce) {
  sim::for_each_seed(50, [](std::uint64_t seed) {
    Spine spine(seed, slow_disk());
    std::size_t worked_out = 0;
    spine.before_matching = [&] { ++worked_out; };
    Answers answers;
    for (int each = 0; each < 20; ++each) spine.world.spawn(send(*spine.path, planning("A-1", each), answers));
    spine.world.run();
    EXPECT_EQ(answers.stored.size(), 20u);
    EXPECT_EQ(worked_out, 20u);
    EXPECT_TRUE(std::is_sorted(answers.stored.begin(), answers.stored.end()));
  });
}

TEST(CaseQueue, CasesDoNotWaitForEachOther) {
  Spine spine(1, slow_disk());
  Answers first, others;
  for (int each = 0; each < 50; ++each) spine.world.spawn(send(*spine.path, planning("A-1", each), first));
  for (int each = 0; each < 10; ++each)
    spine.world.spawn(send(*spine.path, admission("B-" + std::to_string(each)).about_own(std::to_string(each)), others));
  spine.world.run_for(Instant(40'000'000));
  EXPECT_EQ(others.stored.size(), 10u);
  EXPECT_LT(first.stored.size(), 10u);
  spine.world.run();
  EXPECT_EQ(first.stored.size(), 50u);
}

TEST(CaseQueue, MoreThanMayWaitForACaseAreToldToComeAgainAndNothingOfThemIsKept) {
  Spine spine(1, slow_disk());
  Answers answers;
  const std::size_t more = 7, held = limits::waiting_per_case_max + 1;
  for (std::size_t each = 0; each < held + more; ++each)
    spine.world.spawn(send(*spine.path, planning("A-1", static_cast<int>(each)), answers));
  spine.world.run();
  EXPECT_EQ(answers.stored.size(), held);
  EXPECT_EQ(answers.busy, more);
  EXPECT_EQ(spine.stored_case("A-1").links.size(), held);
  EXPECT_TRUE(spine.store.tables().journal_entries(store::Outcome::Quarantined, 0, 10).empty());
}

TEST(CaseQueue, WhoeverIsCancelledInTheLineLetsTheNextOneIn) {
  sim::for_each_seed(50, [](std::uint64_t seed) {
    Spine spine(seed, slow_disk());
    Answers lost, answers;
    for (int each = 0; each < 10; ++each) spine.world.spawn(send(*spine.path, planning("A-1", each), lost));
    spine.world.run_for(Instant(static_cast<std::int64_t>(spine.world.random.below(40'000'000))));
    spine.world.cancel_all();
    spine.world.spawn(send(*spine.path, admission("A-1"), answers));
    spine.world.run();
    EXPECT_EQ(answers.stored.size(), 1u);
  });
}

/// A spine whose long cases are worked on elsewhere: nothing happens there before let_long_cases_go_on().
struct Apart : Spine {
  Apart() {
    long_cases = elsewhere.get_executor();
    short_case_links_max = 4;
    open_path({});
  }
  /// Until nothing happens any more, here or there.
  void let_long_cases_go_on() {
    do {
      world.run();
      elsewhere.restart();
    } while (elsewhere.poll() > 0);
  }

  asio::io_context elsewhere;
};

TEST(LongCase, OthersAreAnsweredBeforeANoticeOfALongCaseIs) {
  Apart apart;
  ASSERT_TRUE(apart.accept(admission("A-1")));
  Answers of_long, others;
  for (int each = 0; each < 4; ++each) ASSERT_TRUE(apart.accept(planning("A-1", each)));

  for (int each = 10; each < 30; ++each) apart.world.spawn(send(*apart.path, planning("A-1", each), of_long));
  for (int each = 0; each < 30; ++each) apart.world.spawn(send(*apart.path, admission("B-" + std::to_string(each)), others));
  apart.world.run();

  EXPECT_EQ(others.stored.size(), 30u);
  EXPECT_EQ(of_long.stored.size(), 0u);
  EXPECT_TRUE(apart.world.complete(apart.store.subscriptions())) << "nor does /health wait";

  apart.let_long_cases_go_on();
  EXPECT_EQ(of_long.stored.size(), 20u);
  EXPECT_TRUE(std::is_sorted(of_long.stored.begin(), of_long.stored.end()));
  EXPECT_EQ(apart.stored_case("A-1").links.size(), 25u);
}

Task<> pass_time(MessagePath& path, std::string key, std::optional<Result<bool>>& into) {
  Result<bool> passed = co_await path.let_time_pass(std::move(key));
  into.emplace(std::move(passed));
}

TEST(LongCase, ItsTimeIsWorkedOutElsewhereToo) {
  Apart apart;
  ASSERT_TRUE(apart.accept(admission("A-1").at("2026-03-28T11:00:00+01:00")));
  for (int each = 0; each < 4; ++each) ASSERT_TRUE(apart.accept(planning("A-1", each).at("2026-03-28T11:30:00+01:00")));
  const store::Case before = apart.stored_case("A-1");
  ASSERT_TRUE(before.times.next_change);
  apart.world.clock.shift_wall(*before.times.next_change - apart.world.clock.wall() + std::chrono::hours(1));

  std::optional<Result<bool>> passed;
  apart.world.spawn(pass_time(*apart.path, before.key, passed));
  apart.world.run();
  EXPECT_FALSE(passed) << "it is under work elsewhere";
  apart.let_long_cases_go_on();
  ASSERT_TRUE(passed && *passed);
  EXPECT_TRUE(**passed);
}

TEST(LongCase, ComesOutAsItDoesHere) {
  Apart apart;
  Spine here;
  for (int each = 0; each < 8; ++each) {
    const ANotice notice = each == 0 ? admission("A-1") : planning("A-1", each);
    Answers answers;
    apart.world.spawn(send(*apart.path, notice, answers));
    apart.let_long_cases_go_on();
    EXPECT_EQ(answers.stored.size(), 1u);
    ASSERT_TRUE(here.accept(notice));
  }
  EXPECT_EQ(apart.bodies("A-1"), here.bodies("A-1"));
}

Task<> count_up(CaseQueue& queue, std::string key, int& counter, int times) {
  for (int each = 0; each < times; ++each) {
    Result<CaseQueue::Turn> turn = co_await queue.take(key);
    CHECK(turn);
    ++counter;  // by one thread at a time, or the sum is wrong
  }
}

TEST(CaseQueue, LetsOneThreadInAtATime) {
  CaseQueue queue;
  std::array<int, 3> counters{};
  constexpr int threads = 4, tasks = 5, times = 200;
  std::array<asio::io_context, threads> contexts;
  for (asio::io_context& io : contexts) {
    for (int task = 0; task < tasks; ++task) {
      for (std::size_t each = 0; each < counters.size(); ++each) {
        asio::co_spawn(io, count_up(queue, "case " + std::to_string(each), counters[each], times), [](std::exception_ptr error) {
          if (error) std::rethrow_exception(error);
        });
      }
    }
  }
  {
    std::vector<std::jthread> running;
    for (asio::io_context& io : contexts) running.emplace_back([&io] { io.run(); });
  }
  for (int counter : counters) EXPECT_EQ(counter, threads * tasks * times);
}

}  // namespace
}  // namespace vardbron::exchange
