// Concern: a message accepted before it was read is processed or is in quarantine, and no message at the head blocks the rest.
#include "gateway/exchange/backlog.h"

#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace vardbron::exchange {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

ANotice admission(const std::string& name) { return ANotice("admission").with_id("M-" + name).of_case(name); }
ANotice planning(const std::string& name, int number) {
  return ANotice("planning").with_id("P-" + name + std::to_string(number)).of_case(name).at("2026-03-11T10:00:00+01:00");
}

/// A spine with its backlog; what comes is answered 202.
struct Later : Spine {
  explicit Later(std::uint64_t seed = 1, sim::StoreFaults faults = {}) : Spine(seed, faults) {}
  ~Later() { world.cancel_all(); }
  void start() {
    backlog.emplace(store, *path, world.clock, world.io().get_executor(), &metrics);
    world.spawn(backlog->run());
  }
  void crash() {
    world.cancel_all();
    store.crash();
    backlog.reset();
  }
  std::int64_t accept_later(const ANotice& notice, const std::string& channel = "fhir") {
    Result<Receipt> receipt = world.complete(path->accept_later({caller(), channel, "application/fhir+json", notice.json()}));
    CHECK(receipt);
    if (backlog) backlog->wake();
    return receipt->journal_number;
  }
  store::JournalEntry entry(std::int64_t number) { return *store.tables().journal_entry(number); }
  store::Outcome outcome(std::int64_t number) { return entry(number).outcome; }
  std::size_t pending() { return store.tables().journal_entries(store::Outcome::Pending, 0, 100'000).size(); }
  bool has(const std::string& metric) { return metrics.text().find(metric) != std::string::npos; }
  void with_channels(const std::vector<ChannelSetting>& settings) {
    Result<Channels> opened = Channels::open(settings, empty_library());
    CHECK(opened);
    channels = std::move(*opened);
  }

  std::optional<Backlog> backlog;
};

TEST(Backlog, AMessageWhoseChannelIsGoneDoesNotStopTheRest) {
  Later later;
  later.with_channels({{"fhir", ""}, {"old", ""}});
  const std::int64_t gone = later.accept_later(admission("A-1"), "old");
  const std::int64_t next = later.accept_later(admission("A-2"));
  later.with_channels({{"fhir", ""}});

  later.start();
  later.world.run_for(seconds(10));

  EXPECT_EQ(later.outcome(next), store::Outcome::Stored);
  ASSERT_EQ(later.outcome(gone), store::Outcome::Quarantined);
  EXPECT_NE(later.entry(gone).receipt.find("no channel"), std::string::npos) << later.entry(gone).receipt;
  EXPECT_NE(later.entry(gone).receipt.find("once the channel is configured again"), std::string::npos);
  EXPECT_TRUE(later.has("vardbron_quarantined_total{cause=\"not found\"} 1")) << later.metrics.text();
  EXPECT_TRUE(later.has("vardbron_backlog_total{outcome=\"quarantined\"} 1")) << later.metrics.text();

  // And when the channel is there again, an operator replays it.
  later.with_channels({{"fhir", ""}, {"old", ""}});
  Result<Receipt> replayed = later.world.complete(later.path->replay(gone));
  ASSERT_TRUE(replayed);
  EXPECT_EQ(replayed->outcome, store::Outcome::Stored);
}

TEST(Backlog, AMessageWhoseCaseIsFullDoesNotStopTheRest) {
  Later later;
  later.rules_limits = {1, 1, 1};
  later.open_path({});
  ASSERT_TRUE(later.accept(admission("A-1")));
  ASSERT_TRUE(later.accept(planning("A-1", 1)));
  const std::int64_t full = later.accept_later(planning("A-1", 2));
  const std::int64_t same =
      later.accept_later(ANotice("discharge").with_id("M-9").of_case("A-1").at("2026-03-13T13:45:00+01:00"));
  const std::int64_t next = later.accept_later(admission("A-2"));

  later.start();
  later.world.run_for(seconds(10));

  EXPECT_EQ(later.outcome(full), store::Outcome::Quarantined);
  EXPECT_EQ(later.outcome(same), store::Outcome::Stored);
  EXPECT_EQ(later.outcome(next), store::Outcome::Stored);
}

TEST(Backlog, ACaseThatCannotBeReadAnyMoreDoesNotStopTheRestAndIsGivenUp) {
  Later later;
  ASSERT_TRUE(later.accept(admission("A-1")));
  later.store.tables().damage_links(later.stored_case("A-1").key);
  const std::int64_t poison = later.accept_later(planning("A-1", 1));
  const std::int64_t next = later.accept_later(admission("A-2"));

  later.start();
  later.world.run_for(std::chrono::milliseconds(100));
  EXPECT_EQ(later.outcome(next), store::Outcome::Stored);
  EXPECT_EQ(later.outcome(poison), store::Outcome::Pending) << "it may pass";
  EXPECT_TRUE(later.has("vardbron_backlog_waiting 1")) << later.metrics.text();

  later.world.run_for(minutes(5));
  EXPECT_EQ(later.outcome(poison), store::Outcome::Quarantined);
  EXPECT_NE(later.entry(poison).receipt.find("cannot be read"), std::string::npos) << later.entry(poison).receipt;
  EXPECT_EQ(later.store.tables().audit_rows(0, 1000).back().says, "quarantined: it cannot be worked off");
  EXPECT_TRUE(later.has("vardbron_backlog_waiting 0")) << later.metrics.text();
}

TEST(Backlog, AMessageAtWhichTheGatewayThrowsDoesNotEndIt) {
  Later later;
  later.before_matching = [] { throw std::runtime_error("thrown by a test"); };
  const std::int64_t poison = later.accept_later(admission("A-1"));
  later.start();
  later.world.run_for(minutes(5));
  EXPECT_EQ(later.outcome(poison), store::Outcome::Quarantined);

  later.before_matching = nullptr;
  const std::int64_t next = later.accept_later(admission("A-2"));
  later.world.run_for(seconds(1));
  EXPECT_EQ(later.outcome(next), store::Outcome::Stored);
}

TEST(Backlog, AMessageWhoseBytesAreDamagedDoesNotStopTheRest) {
  Later later;
  const std::int64_t damaged = later.accept_later(admission("A-1"));
  const std::int64_t next = later.accept_later(admission("A-2"));
  later.store.tables().damage_journal(damaged);
  later.start();
  later.world.run_for(seconds(1));
  EXPECT_EQ(later.outcome(damaged), store::Outcome::Quarantined);
  EXPECT_EQ(later.outcome(next), store::Outcome::Stored);
}

TEST(Backlog, ADiskThatIsBrokenForAWhileSendsNothingToQuarantine) {
  Later later;
  std::vector<std::int64_t> numbers;
  for (int each = 0; each < 30; ++each) numbers.push_back(later.accept_later(admission("A-" + std::to_string(each))));
  sim::StoreFaults broken;
  broken.broken = 1'000'000;
  later.store.set_faults(broken);
  later.start();
  later.world.run_for(minutes(60));
  later.store.set_faults({});
  later.world.run_for(minutes(5));
  for (std::int64_t number : numbers) {
    const store::Outcome outcome = later.outcome(number);
    EXPECT_TRUE(outcome == store::Outcome::Stored || outcome == store::Outcome::Duplicate) << int(outcome);
  }
}

TEST(Backlog, WaitsWithTheEntriesOfTheSameCaseOnly) {
  Later later;
  const std::int64_t first = later.accept_later(admission("A-1"));
  const std::int64_t second = later.accept_later(planning("A-1", 1));
  const std::int64_t other = later.accept_later(admission("A-2"));
  later.store.fail_write(1, Cause::Busy);
  later.start();
  later.world.run_for(std::chrono::milliseconds(10));
  EXPECT_EQ(later.outcome(first), store::Outcome::Pending);
  EXPECT_EQ(later.outcome(second), store::Outcome::Pending) << "it came behind the first of its case";
  EXPECT_EQ(later.outcome(other), store::Outcome::Stored);

  later.world.run_for(seconds(5));
  const store::Case known = later.stored_case("A-1");
  ASSERT_EQ(known.links.size(), 2u);
  EXPECT_EQ(known.links[0].journal_number, first);
  EXPECT_EQ(known.links[1].journal_number, second);
}

TEST(Backlog, ManyEntriesThatCannotBeWorkedOffNowDoNotHideTheLast) {
  Later later;
  for (int each = 0; each < 200; ++each) {
    ASSERT_TRUE(later.accept(admission("B-" + std::to_string(each))));
    later.store.tables().damage_links(later.stored_case("B-" + std::to_string(each)).key);
  }
  for (int each = 0; each < 200; ++each) later.accept_later(planning("B-" + std::to_string(each), 1));
  const std::int64_t last = later.accept_later(admission("A-1"));
  later.start();
  later.world.run_for(seconds(1));
  EXPECT_EQ(later.outcome(last), store::Outcome::Stored);
}

TEST(Backlog, KeepsTheOrderOfEachCaseAndLosesNothingHoweverOftenTheProcessDies) {
  const auto given_up = times_reached("exchange: an entry of the backlog is given up");
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  slow.busy = 100'000;
  sim::for_each_seed(60, [&](std::uint64_t seed) {
    Later later(seed, slow);
    std::vector<std::int64_t> numbers;
    sim::StoreFaults none;
    later.store.set_faults(none);
    for (const std::string name : {"A-1", "A-2", "A-3"}) {
      numbers.push_back(later.accept_later(admission(name)));
      for (int each = 1; each <= 4; ++each) numbers.push_back(later.accept_later(planning(name, each)));
    }
    later.store.set_faults(slow);
    for (int life = 0; life < 4; ++life) {
      later.start();
      later.world.run_for(Instant(static_cast<std::int64_t>(later.world.random.below(30'000'000))));
      later.crash();
    }
    later.start();
    later.world.run_for(minutes(2));

    EXPECT_EQ(later.pending(), 0u);
    for (const char* name : {"A-1", "A-2", "A-3"}) {
      const store::Case known = later.stored_case(name);
      EXPECT_EQ(known.links.size(), 5u);
      EXPECT_TRUE(std::is_sorted(known.links.begin(), known.links.end(),
                                 [](const auto& left, const auto& right) { return left.journal_number < right.journal_number; }));
    }
    for (std::int64_t number : numbers) EXPECT_NE(later.outcome(number), store::Outcome::Quarantined);
    later.crash();
  });
  EXPECT_EQ(times_reached("exchange: an entry of the backlog is given up"), given_up);
}

// --- how often and how many ------------------------------------------------------------------------------------------------

TEST(BacklogLimits, AnEntryThatTheStoreDoesNotTakeIsTriedAgainAfterItsPauseAndNeverLaterThanAfterTheLongest) {
  Later later;
  const std::int64_t number = later.accept_later(admission("A-1"));
  later.store.set_faults({.busy = 1'000'000});
  later.start();
  later.world.run_for(limits::backlog_pause - Instant(1));
  const std::uint64_t first = later.store.writes();
  later.world.run_for(Instant(1));
  EXPECT_GT(later.store.writes(), first);

  later.world.run_for(std::chrono::hours(1));
  const std::uint64_t before = later.store.writes();
  later.world.run_for(10 * limits::backlog_pause_max);
  EXPECT_EQ(later.store.writes() - before, 10u);
  later.store.set_faults({});
  later.world.run_for(limits::backlog_pause_max);
  EXPECT_EQ(later.outcome(number), store::Outcome::Stored);
}

TEST(BacklogLimits, AStoreThatCannotBeReadIsAskedAgainAfterThePause) {
  Later later;
  const std::int64_t number = later.accept_later(admission("A-1"));
  later.store.fail_read(1, Cause::Busy);
  later.start();
  later.world.run_for(limits::backlog_pause - Instant(1));
  EXPECT_EQ(later.outcome(number), store::Outcome::Pending);
  later.world.run_for(Instant(2));
  EXPECT_EQ(later.outcome(number), store::Outcome::Stored);
}

TEST(BacklogLimits, AsManyAreWorkedOffAtOnceAsMayBe) {
  Later later;
  ASSERT_TRUE(later.accept(admission("A-0")));  // the Organizations are there
  for (std::size_t each = 0; each < 2 * limits::backlog_at_once_max; ++each)
    later.accept_later(admission("A-" + std::to_string(each)).about_own(std::to_string(each)));
  later.store.set_faults({.write_min = seconds(1), .write_max = seconds(1)});
  later.start();
  later.world.run_for(seconds(1));
  EXPECT_EQ(later.pending(), limits::backlog_at_once_max);
  later.world.run_for(seconds(1));
  EXPECT_EQ(later.pending(), 0u);
}

TEST(BacklogLimits, AnEntryThatFailsForItselfIsTriedAsOftenAsItMay) {
  Later later;
  int attempts = 0;
  later.before_matching = [&] {
    ++attempts;
    throw std::runtime_error("thrown by a test");
  };
  const std::int64_t poison = later.accept_later(admission("A-1"));
  later.start();
  while (attempts < limits::backlog_attempts_max - 1) later.world.run_for(limits::backlog_pause);
  EXPECT_EQ(later.outcome(poison), store::Outcome::Pending);
  later.world.run_for(limits::backlog_pause_max);
  EXPECT_EQ(later.outcome(poison), store::Outcome::Quarantined);
  EXPECT_EQ(attempts, limits::backlog_attempts_max);
}

// --- how many of one sender, and of all ----------------------------------------------------------------------------------------

std::string sender(std::size_t number) { return "SE2321990018-S" + std::to_string(number); }

std::int64_t keep(Later& later, const std::string& sender, const std::string& body) {
  store::RawMessage message{"fhir", sender, "application/fhir+json", body, "", later.world.clock.wall()};
  return later.store.tables().journal(message, later.world.clock.wall(), later.world.random)->number;
}

/// Lets the backlog look while the store takes nothing; gives how many entries it looked at.
std::uint64_t looked_at_while_busy(Later& later) {
  later.store.set_faults({.busy = 1'000'000});
  later.start();
  later.world.run_for(Instant(1));
  later.store.set_faults({});
  return later.store.writes();
}

TEST(BacklogLimits, ThoseOfOneSenderThatWaitTakeNoMorePlacesThanTheyMayAndTheOthersGetThrough) {
  for (const std::size_t more : {0u, 20u}) {
    const auto left = times_reached("exchange: messages of one sender are left out of the backlog");
    Later later;
    const std::int64_t first = keep(later, sender(1), planning("A-1", 1).json());
    for (std::size_t each = 1; each < limits::backlog_waiting_per_sender_max; ++each) keep(later, sender(1), "{}");
    for (std::size_t each = 0; each < more; ++each) keep(later, sender(1), "{}");
    const std::int64_t last = keep(later, sender(1), planning("A-1", 2).json());
    const std::int64_t other = keep(later, sender(2), admission("A-1").json());

    EXPECT_EQ(looked_at_while_busy(later), limits::backlog_waiting_per_sender_max + 1);
    EXPECT_EQ(times_reached("exchange: messages of one sender are left out of the backlog"), left + 1);
    EXPECT_EQ(later.outcome(last), store::Outcome::Pending);

    later.world.run_for(limits::backlog_pause_max);
    EXPECT_EQ(later.outcome(other), store::Outcome::Stored);
    EXPECT_EQ(later.pending(), 0u) << "none is left out for good";
    const std::vector<store::ChainLink> links = later.store.tables().load_case(sender(1) + "|urn:test:cases|A-1").links;
    ASSERT_EQ(links.size(), 2u);
    EXPECT_EQ(links[0].journal_number, first);
    EXPECT_EQ(links[1].journal_number, last);
  }
}

TEST(BacklogLimits, AsManyWaitAsMayAndTheNextIsLookedAtWhenThereIsAPlace) {
  Later later;
  for (std::size_t each = 0; each < limits::backlog_waiting_max; ++each)
    keep(later, sender(each / limits::backlog_waiting_per_sender_max), "{}");
  const std::int64_t next = keep(later, sender(77), admission("A-1").json());

  EXPECT_EQ(looked_at_while_busy(later), limits::backlog_waiting_max);
  later.world.run_for(limits::backlog_pause_max);
  EXPECT_EQ(later.outcome(next), store::Outcome::Stored);
  EXPECT_EQ(later.pending(), 0u);
}

}  // namespace
}  // namespace vardbron::exchange
