// Concern: time alone makes a Task late, once, whatever happens around it.
#include "gateway/exchange/case_clock.h"

#include "exposition.h"
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/formats/json/parse.h"
#include "gateway/time/civil.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

namespace vardbron::exchange {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kvittens = "kvittera-inskrivning";

WallTime moment(std::string_view text) {
  Result<time::CivilTime> read = time::parse_civil(text);
  CHECK(read);
  return read->at;
}

ANotice admission() { return ANotice("admission").with_id("M-1").at("2026-03-28T11:00:00+01:00"); }

/// A spine whose cases live in time, and everybody in them watches their Tasks.
struct Hours : Spine {
  explicit Hours(std::uint64_t seed = 1, sim::StoreFaults faults = {}) : Spine(seed, faults) {
    watch("hospital", hospital, "task");
    watch("home-care", home_care, "task");
    watch("health-centre", health_centre, "task");
  }
  void start() {
    clock.emplace(store, *path, world.clock, world.io().get_executor(), &metrics);
    due = [this](WallTime at) { clock->expect(at); };
    world.spawn(clock->run());
  }
  void crash() {
    world.cancel_all();
    store.crash();
    due = nullptr;
    clock.reset();
  }
  void run_until(WallTime at) { world.run_for(at - world.clock.wall()); }
  bool is_late(const std::string& case_name, const char* code, const char* owner) {
    return task(case_name, code, owner).body.find("forsenad") != std::string::npos;
  }
  /// Number of notifications to the subscriber by Task.
  std::map<std::string, int> notified_of(const std::string& subscriber) {
    std::map<std::string, int> times;
    for (const store::Event& event : events(subscriber)) ++times[event.focus];
    return times;
  }
  Result<std::optional<store::Resource>> answer(const char* owner, const std::string& status) {
    store::Resource current = task("A-1", kvittens, owner);
    std::string wish = R"({"resourceType":"Task","id":")" + current.id + R"(","status":")" + status + "\"}";
    Result<tree::Document> document = json::parse(std::move(wish), empty_library().definitions().names());
    CHECK(document);
    access::Caller caller{owner, "", false, true, false};
    return world.complete(path->write_task({caller, current.id, std::move(*document), 0}));
  }

  std::optional<CaseClock> clock;
};

TEST(CaseClock, TellsALateKvittensOnceToWhoOwesItAndToWhoAskedForIt) {
  Hours hours_;
  hours_.start();
  ASSERT_TRUE(hours_.accept(admission()));

  hours_.run_until(moment("2026-03-29T11:59:59+02:00"));
  EXPECT_FALSE(hours_.is_late("A-1", kvittens, home_care));
  EXPECT_TRUE(hours_.events("home-care").empty());

  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));
  const store::Resource late = hours_.task("A-1", kvittens, home_care);
  EXPECT_TRUE(hours_.is_late("A-1", kvittens, home_care));
  EXPECT_EQ(late.version, 2);

  hours_.run_until(moment("2026-04-05T12:00:00+02:00"));
  const std::string others = "Task/" + hours_.task("A-1", kvittens, health_centre).id;
  EXPECT_EQ(hours_.notified_of("home-care"), (std::map<std::string, int>{{"Task/" + late.id, 1}}));
  EXPECT_EQ(hours_.notified_of("hospital"), (std::map<std::string, int>{{"Task/" + late.id, 1}, {others, 1}}));
  EXPECT_EQ(hours_.task("A-1", kvittens, home_care).version, 2);
}

TEST(CaseClock, WritesIntoTheAccessLogThatTimePassed) {
  Hours hours_;
  hours_.start();
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));

  const store::AuditRow row = hours_.store.tables().audit_rows(0, 100).back();
  EXPECT_EQ(row.action, "time");
  EXPECT_EQ(row.caller, "");
  EXPECT_EQ(row.case_key, hours_.stored_case("A-1").key);
  EXPECT_EQ(row.says, "3 Tasks are late");  // two kvittenser, and the fast vårdkontakt that was late from the start
}

TEST(CaseClock, IsNotRungByAKvittensThatCameInTime) {
  for (const char* status : {"accepted", "completed", "rejected"}) {
    Hours hours_;
    hours_.start();
    ASSERT_TRUE(hours_.accept(admission()));
    ASSERT_TRUE(hours_.answer(home_care, status)) << status;
    const auto notified_before = hours_.events("hospital").size();

    hours_.run_until(moment("2026-04-05T12:00:00+02:00"));

    const bool is_open = std::string(status) == "accepted";  // seen, but not done
    EXPECT_EQ(hours_.is_late("A-1", kvittens, home_care), is_open) << status;
    EXPECT_EQ(hours_.events("hospital").size(), notified_before + (is_open ? 2u : 1u)) << status;
  }
}

TEST(CaseClock, HasNothingToDoInACancelledCase) {
  Hours hours_;
  hours_.start();
  ASSERT_TRUE(hours_.accept(admission()));
  ASSERT_TRUE(hours_.accept(ANotice("nullified").with_id("M-2").at("2026-03-28T12:00:00+01:00").replacing("M-1")));
  EXPECT_TRUE(hours_.store.tables().cases_due({}, 10).empty());
  const auto notified_before = hours_.events("hospital").size();

  hours_.run_until(moment("2026-04-05T12:00:00+02:00"));
  EXPECT_EQ(hours_.events("hospital").size(), notified_before);

  // And the cancellation of the cancellation winds it up again.
  ASSERT_TRUE(hours_.accept(ANotice("nullified").with_id("M-3").at("2026-04-05T12:00:00+02:00").replacing("M-2")));
  EXPECT_TRUE(hours_.is_late("A-1", kvittens, home_care));
}

TEST(CaseClock, TellsAtTheStartWhatFellDueWhileNobodyRan) {
  Hours hours_;
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.run_until(moment("2026-03-31T12:00:00+02:00"));
  EXPECT_FALSE(hours_.is_late("A-1", kvittens, home_care));

  hours_.start();
  hours_.world.run_for(seconds(1));

  EXPECT_TRUE(hours_.is_late("A-1", kvittens, home_care));
  EXPECT_EQ(hours_.events("home-care").size(), 1u);
}

TEST(CaseClock, ANoticeThatComesBeforeTheClockRingsTellsWhatIsLateItself) {
  Hours hours_;
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.run_until(moment("2026-03-30T12:00:00+02:00"));
  ASSERT_TRUE(hours_.accept(ANotice("discharge-ready").with_id("M-2").at("2026-03-30T11:00:00+02:00")));
  const std::string late = "Task/" + hours_.task("A-1", kvittens, home_care).id;
  EXPECT_EQ(hours_.notified_of("home-care").at(late), 1);

  hours_.start();
  hours_.world.run_for(hours(1));
  EXPECT_EQ(hours_.notified_of("home-care").at(late), 1);
}

struct Night {
  const char* name;
  const char* start;
  const char* event;
  const char* at;
  const char* code;
  const char* owner;
  const char* deadline;
};

class CaseClockNights : public testing::TestWithParam<Night> {};

TEST_P(CaseClockNights, ATaskIsLateTheMomentItsDeadlineHasPassed) {
  const Night& night = GetParam();
  Hours hours_;
  hours_.world.clock.shift_wall(moment(night.start) - hours_.world.clock.wall());
  hours_.start();
  ASSERT_TRUE(hours_.accept(ANotice("admission").with_id("M-1").at(night.at)));
  if (std::string(night.event) != "admission") {
    ASSERT_TRUE(hours_.accept(ANotice(night.event).with_id("M-2").at(night.at)));
  }

  hours_.run_until(moment(night.deadline));
  EXPECT_FALSE(hours_.is_late("A-1", night.code, night.owner));
  hours_.run_until(moment(night.deadline) + std::chrono::milliseconds(2));
  EXPECT_TRUE(hours_.is_late("A-1", night.code, night.owner));
}

INSTANTIATE_TEST_SUITE_P(
    Both, CaseClockNights,
    testing::Values(Night{"spring_elapsed", "2026-03-28T10:00:00+01:00", "admission", "2026-03-28T10:00:00+01:00", kvittens,
                          home_care, "2026-03-29T11:00:00+02:00"},
                    Night{"autumn_elapsed", "2026-10-24T10:00:00+02:00", "admission", "2026-10-24T10:00:00+02:00", kvittens,
                          home_care, "2026-10-25T09:00:00+01:00"},
                    Night{"spring_end_of_day", "2026-03-26T09:00:00+01:00", "discharge-ready", "2026-03-26T09:00:00+01:00",
                          "kalla-till-sip", health_centre, "2026-03-29T23:59:59.999+02:00"},
                    Night{"autumn_end_of_day", "2026-10-22T09:00:00+02:00", "discharge-ready", "2026-10-22T09:00:00+02:00",
                          "kalla-till-sip", health_centre, "2026-10-25T23:59:59.999+01:00"},
                    Night{"spring_liability", "2026-03-27T11:00:00+01:00", "discharge-ready", "2026-03-27T11:00:00+01:00",
                          "ta-over-patient", home_care, "2026-03-29T23:59:59.999+02:00"},
                    Night{"autumn_liability", "2026-10-23T11:00:00+02:00", "discharge-ready", "2026-10-23T11:00:00+02:00",
                          "ta-over-patient", home_care, "2026-10-25T23:59:59.999+01:00"}),
    [](const auto& each) { return each.param.name; });

TEST(CaseClock, FollowsATimeOfDayThatIsSetForward) {
  Hours hours_;
  hours_.start();
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.world.run_for(minutes(5));
  hours_.world.clock.shift_wall(hours(48));
  hours_.world.run_for(limits::due_cases_look_pause_max + seconds(1));
  EXPECT_EQ(hours_.events("home-care").size(), 1u);
}

TEST(CaseClock, TellsNothingTwiceWhenTheTimeOfDayIsSetBackALittle) {
  Hours hours_;
  hours_.start();
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));
  hours_.world.clock.shift_wall(-minutes(30));
  ASSERT_TRUE(hours_.accept(ANotice("planning").with_id("M-2").at("2026-03-29T11:00:00+02:00")));
  EXPECT_TRUE(hours_.is_late("A-1", kvittens, home_care));
  hours_.world.run_for(hours(2));
  EXPECT_EQ(hours_.notified_of("home-care").at("Task/" + hours_.task("A-1", kvittens, home_care).id), 1);
}

TEST(CaseClock, TakesBackWhatATimeOfDayFarAheadMadeLate) {
  Hours hours_;
  hours_.start();
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.world.clock.shift_wall(hours(24 * 365));
  hours_.world.run_for(minutes(2));
  EXPECT_TRUE(hours_.is_late("A-1", kvittens, home_care));
  hours_.world.clock.shift_wall(-hours(24 * 365));
  ASSERT_TRUE(hours_.accept(ANotice("planning").with_id("M-2").at("2026-03-28T11:30:00+01:00")));
  EXPECT_FALSE(hours_.is_late("A-1", kvittens, home_care));
}

TEST(CaseClock, WorksOffMoreCasesAtOnceThanOneLookHolds) {
  Hours hours_;
  const std::size_t cases = limits::due_cases_per_look_max + 6;
  for (std::size_t each = 0; each < cases; ++each)
    ASSERT_TRUE(hours_.accept(admission().with_id("M-" + std::to_string(each)).of_case("A-" + std::to_string(each))));
  hours_.start();
  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));
  EXPECT_EQ(hours_.notified_of("home-care").size(), cases);
  EXPECT_EQ(hours_.events("home-care").size(), cases);
}

TEST(CaseClock, ACaseThatCannotBeReadNowDoesNotStopTheOthers) {
  Hours hours_;
  for (const char* name : {"A-1", "A-2", "A-3"}) ASSERT_TRUE(hours_.accept(admission().of_case(name)));
  hours_.run_until(moment("2026-03-30T12:00:00+02:00"));
  hours_.store.fail_read(2, Cause::Broken);  // the first is the look itself
  hours_.start();
  hours_.world.run_for(seconds(1));
  EXPECT_EQ(hours_.events("home-care").size(), 2u);
  hours_.world.run_for(limits::due_cases_look_pause_max);
  EXPECT_EQ(hours_.events("home-care").size(), 3u);
}

TEST(CaseClock, TellsOnceHoweverOftenTheProcessDiesInBetween) {
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  sim::for_each_seed(150, [&](std::uint64_t seed) {
    Hours hours_(seed, slow);
    for (const char* name : {"A-1", "A-2", "A-3", "A-4"}) ASSERT_TRUE(hours_.accept(admission().of_case(name)));
    hours_.run_until(moment("2026-03-29T11:59:59+02:00"));
    for (int life = 0; life < 5; ++life) {
      hours_.start();
      hours_.world.run_for(seconds(1) + Instant(static_cast<std::int64_t>(hours_.world.random.below(25'000'000))));
      hours_.crash();
    }
    hours_.start();
    hours_.world.run_for(minutes(5));

    for (const char* subscriber : {"home-care", "health-centre", "hospital"}) {
      std::map<std::string, int> reported = hours_.notified_of(subscriber);
      EXPECT_EQ(reported.size(), std::string(subscriber) == "hospital" ? 8u : 4u);
      for (const auto& [task, times] : reported) EXPECT_EQ(times, 1) << task;
    }
    EXPECT_EQ(hours_.task("A-1", kvittens, home_care).version, 2);
  });
}

TEST(CaseClock, CasesThatNeverCanBeWorkedOutHideNoOtherAndAreNotTriedAllTheTime) {
  Hours hours_;
  Metrics metrics;
  const std::size_t failing = limits::due_cases_per_look_max * 2 + 5;
  for (std::size_t each = 0; each < failing; ++each) {
    const std::string name = "A-" + std::to_string(each);
    ASSERT_TRUE(hours_.accept(admission().with_id("M-" + name).of_case(name)));
    hours_.store.tables().damage_links(hours_.stored_case(name).key);
  }
  ASSERT_TRUE(hours_.accept(admission().with_id("M-Z").of_case("Z")));
  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));

  hours_.clock.emplace(hours_.store, *hours_.path, hours_.world.clock, hours_.world.io().get_executor(), &metrics);
  hours_.world.spawn(hours_.clock->run());
  hours_.world.run_for(seconds(1));
  EXPECT_TRUE(hours_.is_late("Z", kvittens, home_care));
  EXPECT_NE(metrics.text().find("vardbron_due_cases_failing " + std::to_string(failing)), std::string::npos) << metrics.text();

  const std::uint64_t before = hours_.store.reads();
  hours_.world.run_for(minutes(30));
  EXPECT_LT(hours_.store.reads() - before, failing * 8) << "every case at most at 1, 3, 7, 15 and 31 minutes";
}

TEST(CaseClock, TellsForHowLongACaseHasBeenDueThatIsNotWorkedOut) {
  Hours hours_;
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.start();
  hours_.world.run_for(seconds(1));
  EXPECT_EQ(Exposition(hours_.metrics.text()).value("vardbron_due_cases_overdue_seconds"), 0);
  hours_.before_matching = [] { throw std::runtime_error("thrown by a test"); };
  hours_.run_until(moment("2026-03-29T12:10:00+02:00"));
  const Exposition late(hours_.metrics.text());
  EXPECT_GE(late.value("vardbron_due_cases_overdue_seconds"), 540) << "due at noon, looked at each minute";
  EXPECT_LE(late.value("vardbron_due_cases_overdue_seconds"), 600);
  EXPECT_EQ(late.value("vardbron_due_cases_failing"), 1);
  EXPECT_EQ(late.value("vardbron_due_cases_total{outcome=\"failed\"}"), 4) << "at once, and 1, 3 and 7 minutes later";
  const auto now = std::chrono::duration<double>(hours_.world.clock.wall().time_since_epoch()).count();
  EXPECT_GE(late.value("vardbron_due_cases_look_timestamp_seconds"), now - 61);

  hours_.before_matching = nullptr;
  hours_.world.run_for(minutes(10));
  const Exposition well(hours_.metrics.text());
  EXPECT_EQ(well.value("vardbron_due_cases_overdue_seconds"), 0);
  EXPECT_EQ(well.value("vardbron_due_cases_total{outcome=\"worked out\"}"), 1);
  EXPECT_TRUE(well.faults().empty());
}

TEST(CaseClock, ACaseAtWhichTheGatewayThrowsDoesNotEndTheClock) {
  Hours hours_;
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));
  hours_.before_matching = [] { throw std::runtime_error("thrown by a test"); };
  hours_.start();
  hours_.world.run_for(seconds(1));
  EXPECT_FALSE(hours_.is_late("A-1", kvittens, home_care));

  hours_.before_matching = nullptr;
  hours_.world.run_for(minutes(2));
  EXPECT_TRUE(hours_.is_late("A-1", kvittens, home_care));
}

Task<> accept_into(MessagePath& path, ANotice notice, int& stored) {
  Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
  Result<Receipt> receipt = co_await path.accept(std::move(envelope));
  if (receipt) ++stored;
}

TEST(CaseClock, TellsOnceWhenANoticeComesAtThatVeryMoment) {
  const auto conflicts = times_reached("exchange: another change of the case came first");
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  sim::for_each_seed(100, [&](std::uint64_t seed) {
    Hours hours_(seed, slow);
    hours_.start();
    ASSERT_TRUE(hours_.accept(admission()));
    hours_.run_until(moment("2026-03-29T12:00:00+02:00"));
    int stored = 0;
    MessagePath other(hours_.parts());  // of another process, which does not use our queue
    hours_.world.spawn(accept_into(other, ANotice("planning").with_id("M-2").at("2026-03-29T11:00:00+02:00"), stored));
    hours_.world.run_for(minutes(1));

    EXPECT_EQ(stored, 1);
    EXPECT_EQ(hours_.notified_of("hospital").at("Task/" + hours_.task("A-1", kvittens, home_care).id), 1);
  });
  EXPECT_GT(times_reached("exchange: another change of the case came first"), conflicts);
}

// --- how long a case waits ---------------------------------------------------------------------------------------------

TEST(CaseClockLimits, ACaseThatSomethingElseChangesIsLookedAtAgainSoon) {
  CaseQueue queue;
  Hours hours_;
  hours_.queue = &queue;
  hours_.open_path({});
  ASSERT_TRUE(hours_.accept(admission()));
  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));
  std::optional<CaseQueue::Turn> turn = queue.take_if_free(hours_.stored_case("A-1").key);
  hours_.start();
  hours_.world.run_for(Instant(1));
  turn.reset();

  hours_.world.run_for(limits::due_case_busy_pause - std::chrono::milliseconds(1));
  EXPECT_FALSE(hours_.is_late("A-1", kvittens, home_care));
  hours_.world.run_for(std::chrono::milliseconds(2));
  EXPECT_TRUE(hours_.is_late("A-1", kvittens, home_care));
}

TEST(CaseClockLimits, ACaseThatFailsIsTriedAgainAfterLongerAndLongerPausesButNeverAfterMoreThanThat) {
  Hours hours_;
  ASSERT_TRUE(hours_.accept(admission()));
  int attempts = 0;
  hours_.before_matching = [&] {
    ++attempts;
    throw std::runtime_error("thrown by a test");
  };
  hours_.run_until(moment("2026-03-29T12:00:01+02:00"));
  hours_.start();
  hours_.world.run_for(limits::due_case_pause_first - seconds(1));
  EXPECT_EQ(attempts, 1);
  hours_.world.run_for(seconds(2));
  EXPECT_EQ(attempts, 2);

  hours_.world.run_for(hours(6));
  const int before = attempts;
  hours_.world.run_for(10 * limits::due_case_pause_max);
  EXPECT_EQ(attempts - before, 10);
}

/// A case that is due and that nobody can read.
store::Change unreadable_case(const std::string& key, WallTime due) {
  store::Change change;
  change.journal = store::RawMessage{"fhir", hospital, "application/fhir+json", "{}", "I-" + key, due};
  change.case_key = key;
  change.times = store::CaseTimes{due - hours(1), due};
  change.links.push_back({"I-" + key, "admission", "{", due, 0});
  return change;
}

TEST(CaseClockLimits, NoMoreFailingCasesAreRememberedThanMayBeAndTheOthersAreTriedAllTheSame) {
  Hours hours_;
  Metrics metrics;
  const WallTime due = hours_.world.clock.wall() - hours(1);
  for (std::size_t each = 0; each < limits::failing_due_cases_max + 3; ++each) {
    store::Change change = unreadable_case("X-" + std::to_string(each), due);
    ASSERT_TRUE(hours_.store.tables().commit(change, hours_.world.clock.wall(), hours_.world.random));
  }
  hours_.clock.emplace(hours_.store, *hours_.path, hours_.world.clock, hours_.world.io().get_executor(), &metrics);
  hours_.world.spawn(hours_.clock->run());
  hours_.world.run_for(seconds(1));
  EXPECT_NE(metrics.text().find("vardbron_due_cases_failing " + std::to_string(limits::failing_due_cases_max) + "\n"),
            std::string::npos)
      << metrics.text();

  const std::uint64_t before = hours_.store.reads();
  hours_.world.run_for(limits::due_case_pause_first);
  EXPECT_GE(hours_.store.reads() - before, limits::failing_due_cases_max + 3) << "all are tried again, remembered or not";
}

}  // namespace
}  // namespace vardbron::exchange
