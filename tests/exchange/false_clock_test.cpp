// Concern: whatever the machine's clock does, nothing is dated by a false time, no Task is called late that is not, and nothing
// is notified twice.
#include "gateway/base/guarded_clock.h"
#include "gateway/base/limits.h"
#include "gateway/exchange/case_clock.h"
#include "gateway/exchange/case_repair.h"
#include "gateway/search/served.h"
#include "gateway/time/civil.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <map>

namespace vardbron::exchange {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours ten_years{24 * 3652};
constexpr const char* kvittens = "kvittera-inskrivning";

WallTime moment(std::string_view text) {
  Result<time::CivilTime> read = time::parse_civil(text);
  CHECK(read);
  return read->at;
}

/// Path, clock of the cases and store on a guarded clock, as the gateway wires them. The store outlives the process.
struct Watched {
  explicit Watched(std::uint64_t seed = 1, sim::StoreFaults faults = {}) : world(seed), store(*this, faults) {
    Result<Channels> opened = Channels::open({{"fhir", ""}}, empty_library());
    CHECK(opened);
    channels = std::move(*opened);
    watch("home-care", home_care);
    watch("hospital", hospital);
    start();
  }

  /// The store asks the clock of the process that runs now.
  struct Now final : Clock {
    explicit Now(Watched& given) : house(given) {}
    Instant now() const override { return house.world.clock.now(); }
    WallTime wall() const override { return house.guard ? house.guard->wall() : house.world.clock.wall(); }
    WallTime certain_wall() const override { return house.guard ? house.guard->certain_wall() : wall(); }
    Task<bool> sleep_until(Instant until) override { return house.world.clock.sleep_until(until); }
    Watched& house;
  };
  struct Kept {
    Kept(Watched& house, sim::StoreFaults faults) : clock(house), disk(clock, house.world.random, faults) {}
    Now clock;
    sim::SimStore disk;
  };

  void start() {
    guard.emplace(world.clock);
    guard->start_from(world.complete(store.disk.written_before()).value());
    open_on(*guard);
  }
  /// As the program did that believed every clock.
  void start_unguarded() {
    guard.reset();
    open_on(world.clock);
  }
  void open_on(Clock& by) {
    CaseParts updated{store.disk,
                      {empty_library().definitions().names(), policy, indexer()},
                      [this] { return matcher; },
                      [](const store::Committed&) {},
                      [this](WallTime at) {
                        if (cases) cases->expect(at);
                      }};
    path.emplace(PathParts{updated, by, channels});
    repair.emplace(std::move(updated), by);
    cases.emplace(store.disk, *path, by, world.io().get_executor());
    world.spawn(cases->run());
  }
  void crash() {
    world.run_for(Instant(1 + static_cast<std::int64_t>(world.random.below(8'000'000))));  // somewhere in what goes on
    cases->stop();
    world.cancel_all();
    CHECK(world.tasks() == 0);
    cases.reset();
    path.reset();
    store.disk.crash();
    guard.reset();
  }
  void watch(const std::string& id, const std::string& organisation) {
    subscription::Subscription wish;
    wish.id = id;
    wish.organisation = organisation;
    wish.criteria = std::string(subscription::topic_root) + "task";
    wish.topic = subscription::find_topic(wish.criteria);
    wish.status = subscription::Status::Active;
    subscriptions.push_back(std::make_shared<const subscription::Subscription>(std::move(wish)));
    matcher = std::make_shared<const subscription::Matcher>(subscriptions);
  }
  bool accept(const ANotice& notice) {
    Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
    Result<Receipt> receipt = world.complete(path->accept(std::move(envelope)));
    return receipt && receipt->outcome == store::Outcome::Stored;
  }
  /// The kvittens of the home care in a case.
  store::Resource task(const std::string& case_name) {
    const store::Reader all{"", true};
    const store::Case found = store.disk.tables().load_case(std::string(hospital) + "|urn:test:cases|" + case_name);
    for (const store::CaseResource& each : found.resources) {
      if (each.type != "Task") continue;
      Result<store::Resource> read = store.disk.tables().read(all, "Task", each.id, 0);
      CHECK(read);
      const bool is_owners = read->body.find(home_care, read->body.find("\"owner\"")) != std::string::npos;
      if (is_owners && read->body.find(kvittens) != std::string::npos) return std::move(*read);
    }
    return {};
  }
  bool is_late(const std::string& case_name) { return task(case_name).body.find("forsenad") != std::string::npos; }
  std::map<std::string, int> notified_of(const std::string& subscriber) {
    std::map<std::string, int> times;
    for (const store::Event& event : store.disk.tables().events(subscriber, 1, 1'000'000, 1'000'000)) ++times[event.focus];
    return times;
  }
  Repaired must_repair() {
    Result<Repaired> done_all = world.complete(repair->run());
    CHECK(done_all);
    return *done_all;
  }

  sim::SimWorld world;
  std::optional<GuardedClock> guard;
  Kept store;
  Channels channels;
  care::Policies policy = care::law();
  std::vector<std::shared_ptr<const subscription::Subscription>> subscriptions;
  std::shared_ptr<const subscription::Matcher> matcher;
  std::optional<MessagePath> path;
  std::optional<CaseRepair> repair;
  std::optional<CaseClock> cases;
};

ANotice admission(const std::string& name = "A-1") {
  return ANotice("admission").with_id("M-" + name).of_case(name).at("2026-03-28T11:00:00+01:00");
}

TEST(FalseClock, TenYearsForwardForAMinuteLeaveNoTraceInTheStore) {
  Watched house;
  ASSERT_TRUE(house.accept(admission()));
  house.world.clock.shift_wall(ten_years);
  house.world.run_for(minutes(1));
  ASSERT_TRUE(house.accept(admission("A-2")));
  EXPECT_TRUE(house.guard->look().in_doubt);
  house.world.clock.shift_wall(-ten_years);
  house.world.run_for(minutes(3));
  ASSERT_TRUE(house.accept(admission("A-3")));

  EXPECT_FALSE(house.guard->look().in_doubt);
  for (const char* name : {"A-1", "A-2", "A-3"}) {
    EXPECT_FALSE(house.is_late(name)) << name;
    EXPECT_LE(house.task(name).last_updated, house.world.clock.wall()) << name;
  }
  EXPECT_TRUE(house.notified_of("home-care").empty());

  house.world.run_for(hours(25));
  EXPECT_TRUE(house.is_late("A-2"));
  for (const auto& [task, times] : house.notified_of("home-care")) EXPECT_EQ(times, 1) << task;
  EXPECT_EQ(house.notified_of("home-care").size(), 3u);
}

TEST(FalseClock, TimersGoOnByTheMonotonicClockWhileTheTimeOfDayIsAhead) {
  Watched house;
  ASSERT_TRUE(house.accept(admission()));
  house.world.clock.shift_wall(hours(12));
  house.world.run_for(hours(23));
  EXPECT_FALSE(house.is_late("A-1"));
  house.world.run_for(hours(2));
  EXPECT_TRUE(house.is_late("A-1"));
}

TEST(FalseClock, NoTaskGetsLateWhileTheMachineSaysThatItIsEarlier) {
  Watched house;
  ASSERT_TRUE(house.accept(admission()));
  house.world.run_for(hours(20));
  house.world.clock.shift_wall(-hours(10));
  house.world.run_for(hours(6));
  EXPECT_FALSE(house.is_late("A-1"));
  house.guard->accept();
  house.world.run_for(hours(7));
  EXPECT_FALSE(house.is_late("A-1"));
  house.world.run_for(hours(2));
  EXPECT_TRUE(house.is_late("A-1"));
  EXPECT_EQ(house.notified_of("home-care").size(), 1u);
}

TEST(FalseClock, AStartAtATimeFarFromTheLastCommitCallsNothingLateUntilSomebodyAcceptsIt) {
  Watched house;
  ASSERT_TRUE(house.accept(admission()));
  house.crash();
  house.world.clock.shift_wall(ten_years);
  house.start();
  house.world.run_for(minutes(5));
  EXPECT_TRUE(house.guard->look().since_start);
  EXPECT_FALSE(house.is_late("A-1"));
  ASSERT_TRUE(house.accept(admission("A-2")));
  EXPECT_FALSE(house.is_late("A-2"));

  house.world.clock.shift_wall(-ten_years);
  house.world.run_for(minutes(2));
  EXPECT_FALSE(house.guard->look().in_doubt);
  EXPECT_FALSE(house.is_late("A-1"));
}

TEST(FalseClock, WhatAFalseClockCalledLateIsPutRightByAnOperatorsActAndTheOwnerIsTold) {
  Watched house;
  house.crash();
  house.start_unguarded();
  for (const char* name : {"A-1", "A-2", "A-3"}) ASSERT_TRUE(house.accept(admission(name)));
  house.world.clock.shift_wall(ten_years);
  house.world.run_for(minutes(2));
  ASSERT_TRUE(house.is_late("A-2"));
  ASSERT_GT(house.task("A-2").last_updated, moment("2036-01-01T00:00:00Z"));
  house.crash();
  house.world.clock.shift_wall(-ten_years);

  house.start();
  EXPECT_TRUE(house.guard->look().in_doubt);
  house.guard->accept();
  const Repaired repaired = house.must_repair();

  EXPECT_EQ(repaired.cases, 3);
  EXPECT_EQ(repaired.failed, 0);
  EXPECT_TRUE(repaired.is_all);
  for (const char* name : {"A-1", "A-2", "A-3"}) {
    EXPECT_FALSE(house.is_late(name)) << name;
    EXPECT_LE(house.task(name).last_updated, house.world.clock.wall()) << name;
  }
  for (const auto& [task, times] : house.notified_of("home-care")) EXPECT_EQ(times, 2) << task;
  EXPECT_EQ(house.must_repair().cases, 0);

  // And when the true time has come, it is late once more.
  house.world.run_for(hours(25));
  EXPECT_TRUE(house.is_late("A-2"));
}

TEST(FalseClock, JumpsAtRandomWhileNoticesComeAndProcessesDie) {
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  sim::for_each_seed(60, [&](std::uint64_t seed) {
    Watched house(seed, slow);
    const WallTime begun = house.world.clock.wall();
    std::chrono::milliseconds off{0};
    const auto set_clock = [&](std::chrono::milliseconds to) {
      house.world.clock.shift_wall(to - off);
      off = to;
    };
    ASSERT_TRUE(house.accept(admission("A-0")));
    for (int step = 1; step <= 12; ++step) {
      const std::uint64_t what = house.world.random.below(4);
      if (what == 0) set_clock(hours(24 * static_cast<int>(40 + house.world.random.below(4000))));
      if (what == 1) set_clock(-hours(static_cast<int>(2 + house.world.random.below(4000))));
      if (what == 2) set_clock(std::chrono::milliseconds{0});
      if (what == 3) {
        house.crash();
        house.start();
      }
      house.world.run_for(seconds(1 + static_cast<int>(house.world.random.below(300))));
      house.accept(admission("A-" + std::to_string(step)));
    }
    set_clock(std::chrono::milliseconds{0});
    house.world.run_for(minutes(2));
    ASSERT_LT(house.world.clock.wall() - begun, hours(2));

    // Less than the day after which a kvittens is late has gone by, whatever the clock said.
    EXPECT_TRUE(house.notified_of("home-care").empty());
    for (int step = 0; step <= 12; ++step) {
      const store::Resource task = house.task("A-" + std::to_string(step));
      if (task.id.empty()) continue;
      EXPECT_FALSE(house.is_late("A-" + std::to_string(step))) << step;
      EXPECT_LE(task.last_updated, house.world.clock.wall() + limits::clock_step_forward_max) << step;
    }
    if (house.guard->look().in_doubt) house.guard->accept();
    house.world.run_for(hours(26));
    for (int step = 0; step <= 12; ++step) {
      if (house.task("A-" + std::to_string(step)).id.empty()) continue;
      EXPECT_TRUE(house.is_late("A-" + std::to_string(step))) << step;
    }
    for (const auto& [task, times] : house.notified_of("home-care")) EXPECT_EQ(times, 1) << task;
  });
}

TEST(FalseClock, AReplayDaysLaterDoesNotTakeTheCaseBackToTheDayItCame) {
  Watched house;
  ASSERT_TRUE(house.accept(admission()));
  house.world.run_for(hours(72));
  ASSERT_TRUE(house.is_late("A-1"));
  const std::string body = ANotice("planning").with_id("M-3").at("2026-03-28T12:00:00+01:00").json();
  store::RawMessage message{"fhir", hospital, "application/fhir+json", body, "", moment("2026-03-28T12:00:00+01:00")};
  Result<store::JournalEntry> entry = house.world.complete(house.store.disk.journal(message));
  ASSERT_TRUE(entry);
  Result<Receipt> worked = house.world.complete(house.path->work_off(house.path->read(std::move(*entry))));
  ASSERT_TRUE(worked);
  EXPECT_TRUE(house.is_late("A-1"));
  house.world.run_for(hours(1));
  for (const auto& [task, times] : house.notified_of("home-care")) EXPECT_EQ(times, 1) << task;
}

// --- how much one repair does ------------------------------------------------------------------------------------------

/// A case that nobody can read, worked out at that time.
void keep_unreadable(Watched& house, const std::string& key, WallTime seen) {
  store::Change change;
  change.journal = store::RawMessage{"fhir", hospital, "application/fhir+json", "{}", "I-" + key, seen};
  change.case_key = key;
  change.times = store::CaseTimes{seen, std::nullopt};
  change.links.push_back({"I-" + key, "admission", "{", seen, 0});
  CHECK(house.store.disk.tables().commit(change, house.world.clock.wall(), house.world.random));
}

TEST(RepairLimits, OneCallLooksAtAsManyCasesAsItMayAndSaysWhenThereAreMore) {
  for (const std::size_t more : {0u, 1u}) {
    Watched house;
    const WallTime ahead = house.world.clock.wall() + limits::clock_set_back_max + hours(1);
    for (std::size_t each = 0; each < limits::repaired_cases_per_call_max + more; ++each)
      keep_unreadable(house, "X-" + std::to_string(each), ahead);
    const Repaired repaired = house.must_repair();
    EXPECT_EQ(repaired.failed, static_cast<std::int64_t>(limits::repaired_cases_per_call_max));
    EXPECT_EQ(repaired.is_all, more == 0);
  }
}

TEST(RepairLimits, ACaseThatIsAheadByNoMoreThanAClockMayBeSetBackIsLeftAsItIs) {
  Watched house;
  const WallTime now = house.world.clock.wall();
  keep_unreadable(house, "X-1", now + limits::clock_set_back_max);
  EXPECT_EQ(house.must_repair().failed, 0);
  keep_unreadable(house, "X-2", now + limits::clock_set_back_max + std::chrono::milliseconds(1));
  EXPECT_EQ(house.must_repair().failed, 1);
}

TEST(RepairLimits, ACaseThatOthersChangeAtEveryAttemptIsLeftToTheNextRepair) {
  for (const int conflicts : {0, 1, limits::commit_conflict_retries_max - 1, limits::commit_conflict_retries_max}) {
    Watched house;
    ASSERT_TRUE(house.accept(admission()));
    const store::Case known = house.store.disk.tables().load_case(std::string(hospital) + "|urn:test:cases|A-1");
    store::Change ahead;
    ahead.case_key = known.key;
    ahead.case_version = known.version;
    ahead.case_times = known.times;
    ahead.times = store::CaseTimes{house.world.clock.wall() + limits::clock_set_back_max + hours(1), std::nullopt};
    ASSERT_TRUE(house.store.disk.tables().commit(ahead, house.world.clock.wall(), house.world.random));
    for (int nth = 1; nth <= conflicts; ++nth) house.store.disk.fail_write(static_cast<std::uint64_t>(nth), Cause::Conflict);

    const bool is_given_up = conflicts == limits::commit_conflict_retries_max;
    const Repaired first = house.must_repair();
    EXPECT_EQ(first.cases, is_given_up ? 0 : 1) << conflicts;
    EXPECT_EQ(first.failed, is_given_up ? 1 : 0) << conflicts;
    EXPECT_EQ(house.must_repair().cases, is_given_up ? 1 : 0) << conflicts;
  }
}

}  // namespace
}  // namespace vardbron::exchange
