#include "gateway/exchange/case_update.h"

#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/formats/json/parse.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

namespace vardbron::exchange {
namespace {

constexpr const char* came_first = "exchange: another change of the case came first";
const std::string key = std::string(hospital) + "|urn:test:cases|A-1";

ANotice admission() { return ANotice("admission").with_id("M-1").at("2026-03-28T11:00:00+01:00"); }
ANotice planning(int number) {
  return ANotice("planning").with_id("P-" + std::to_string(number)).at("2026-03-28T11:30:00+01:00");
}

Failure in_own_words() { return {Cause::Busy, "Others came first. Try it again, says the step.", ""}; }

/// Puts a notice into the case, or says no where the test wants it.
class Adding final : public CaseStep {
 public:
  enum class No { Nowhere, Begin, BeginLeaves, Check, CompleteLeaves };

  Adding(WallTime now, const ANotice& notice, std::string identity, No no = No::Nowhere)
      : now_(now), body_(notice.json()), identity_(std::move(identity)), no_(no) {
    Result<tree::Document> document = json::parse(body_, empty_library().definitions().names());
    CHECK(document);
    Result<care::Notice> read = care::read_notice(*document);
    CHECK(read);
    notice_ = std::move(*read);
    notice_.case_key = key;
  }

  Task<Result<std::optional<Begun>>> begin(const store::Case& known) override {
    seen.push_back(known.version);
    links.push_back(known.links.size());
    if (meanwhile) co_await meanwhile();
    if (no_ == No::Begin) co_return refusal();
    if (no_ == No::BeginLeaves) co_return std::optional<Begun>();
    co_return std::optional<Begun>(Begun{notice_, now_});
  }
  Result<void> check(const ProjectedCase&) override { return no_ == No::Check ? Result<void>(refusal()) : done(); }
  bool complete(const ProjectedCase&, CaseChange& made) override {
    made.change.journal = store::RawMessage{"fhir", hospital, "application/fhir+json", body_, identity_, now_};
    made.change.links.push_back({identity_, std::string(to_string(notice_.event)), body_, notice_.happened.at, 0});
    return no_ != No::CompleteLeaves;
  }
  Failure overtaken() const override { return in_own_words(); }
  /// A conflict that is the step's own and no other change of the case.
  static Failure refusal() { return {Cause::Conflict, "The step says no.", "Somewhere"}; }

  std::function<Task<>()> meanwhile;  ///< what others do between the look at the case and the commit
  std::vector<std::int64_t> seen;     ///< version of the case at each attempt
  std::vector<std::size_t> links;     ///< how many of its links were handed over

 private:
  WallTime now_;
  std::string body_, identity_;
  care::Notice notice_;
  No no_;
};

/// Time alone, whether due or not.
class Time final : public CaseStep {
 public:
  explicit Time(const Clock& clock) : clock_(clock) {}
  Task<Result<std::optional<Begun>>> begin(const store::Case&) override {
    co_return std::optional<Begun>(Begun{std::nullopt, clock_.wall()});
  }
  bool complete(const ProjectedCase&, CaseChange& made) override {
    resources = made.change.resources.size();
    events = made.change.events.size();
    return resources + events > 0;
  }
  Failure overtaken() const override { return in_own_words(); }

  std::size_t resources = 0, events = 0;

 private:
  const Clock& clock_;
};

Task<> change(const CaseParts& cases, CaseStep& step, Result<std::optional<store::Committed>>& into) {
  Result<std::optional<store::Committed>> updated = co_await update_case(cases, key, step);
  into = std::move(updated);
}

struct Updates : Spine {
  explicit Updates(std::uint64_t seed = 1, sim::StoreFaults faults = {}) : Spine(seed, faults) {
    due = [this](WallTime at) { due_at.push_back(at); };
  }
  Adding adding(const ANotice& notice, const std::string& identity, Adding::No no = Adding::No::Nowhere) {
    return {world.clock.wall(), notice, identity, no};
  }
  Result<std::optional<store::Committed>> update(CaseStep& step) { return world.complete(update_case(cases, key, step)); }
  std::vector<std::string> identities() {
    std::vector<std::string> all;
    for (const store::ChainLink& link : stored_case("A-1").links) all.push_back(link.identity);
    return all;
  }
  void pass_until(WallTime at) { world.clock.shift_wall(at - world.clock.wall()); }

  std::vector<WallTime> due_at;
  CaseParts cases = case_parts();
};

Task<> nothing() { co_return; }

Task<> accept(MessagePath& path, ANotice notice) {
  Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
  Result<Receipt> receipt = co_await path.accept(std::move(envelope));
  CHECK(receipt && receipt->outcome == store::Outcome::Stored);
}

// --- what is committed -------------------------------------------------------------------------------------------------

TEST(CaseUpdate, CommitsTheLinkWithAllThatItChangesAndThenSaysSo) {
  Updates updates;
  updates.watch("home", home_care, "case");
  Adding step = updates.adding(admission(), "I-1");

  Result<std::optional<store::Committed>> updated = updates.update(step);

  ASSERT_TRUE(updated && *updated);
  const store::Case known = updates.stored_case("A-1");
  EXPECT_EQ(known.version, 1);
  EXPECT_GT(known.resources.size(), 3u);
  EXPECT_EQ((*updated)->versions.size(), known.resources.size() + 4)
      << "and the Organizations of hospital and receivers, and Patient";
  EXPECT_EQ(updates.events("home").size(), 1u);
  ASSERT_EQ(updates.notified.size(), 1u);
  EXPECT_EQ(updates.notified[0].journal_number, (*updated)->journal_number);
  ASSERT_TRUE(known.times.next_change);
  EXPECT_EQ(updates.due_at, std::vector{*known.times.next_change});
}

TEST(CaseUpdate, NeedsNobodyWhoIsDue) {
  Updates updates;
  updates.cases.due = nullptr;
  Adding step = updates.adding(admission(), "I-1");
  EXPECT_TRUE(updates.update(step));
}

// --- other changes come first ------------------------------------------------------------------------------------------

TEST(CaseUpdate, IsWorkedOutAnewOnTheNewerCaseAsOftenAsItMay) {
  for (const int rivals : {0, 1, 3, limits::commit_conflict_retries_max - 1, limits::commit_conflict_retries_max}) {
    Updates updates;
    MessagePath other(updates.parts());  // of another process, which does not wait for our turn
    Adding step = updates.adding(admission(), "I-1");
    step.meanwhile = [&]() -> Task<> {
      const int each = static_cast<int>(step.seen.size());
      if (each <= rivals) return accept(other, planning(each));
      return nothing();
    };

    Result<std::optional<store::Committed>> updated = updates.update(step);

    const bool is_given_up = rivals == limits::commit_conflict_retries_max;
    std::vector<std::int64_t> versions;
    for (int each = 0; each <= rivals - (is_given_up ? 1 : 0); ++each) versions.push_back(each);
    EXPECT_EQ(step.seen, versions) << rivals;
    const std::vector<std::string> stored = updates.identities();
    EXPECT_EQ(stored.size(), static_cast<std::size_t>(rivals) + (is_given_up ? 0 : 1)) << rivals;
    EXPECT_EQ(std::count(stored.begin(), stored.end(), "I-1"), is_given_up ? 0 : 1) << rivals;
    EXPECT_EQ(updates.notified.size(), stored.size()) << rivals;
    ASSERT_EQ(updated.ok(), !is_given_up) << rivals;
    if (is_given_up) EXPECT_EQ(updated.failure(), in_own_words());
  }
}

TEST(CaseUpdate, WhatRacesForOneCaseAllEndsUpInItOnce) {
  const auto conflicts = times_reached(came_first);
  sim::StoreFaults slow;
  slow.write_max = slow.sync_max = slow.read_max = Instant(5'000'000);
  sim::for_each_seed(50, [&](std::uint64_t seed) {
    Updates updates(seed, slow);
    updates.watch("home", home_care, "case");
    constexpr std::size_t racers = 4;
    std::vector<std::unique_ptr<Adding>> steps;
    std::vector<Result<std::optional<store::Committed>>> came(racers, Failure{});
    for (std::size_t each = 0; each < racers; ++each) {
      const ANotice notice = each == 0 ? admission() : planning(static_cast<int>(each));
      steps.push_back(std::make_unique<Adding>(updates.world.clock.wall(), notice, "I-" + std::to_string(each)));
      updates.world.spawn(change(updates.cases, *steps.back(), came[each]));
    }
    updates.world.run();

    std::set<std::int64_t> journal_numbers;
    for (const auto& each : came) {
      ASSERT_TRUE(each && *each);
      journal_numbers.insert((*each)->journal_number);
    }
    EXPECT_EQ(journal_numbers.size(), racers);
    const std::vector<std::string> stored = updates.identities();
    EXPECT_EQ(std::set<std::string>(stored.begin(), stored.end()), (std::set<std::string>{"I-0", "I-1", "I-2", "I-3"}));
    EXPECT_EQ(stored.size(), racers);
    EXPECT_EQ(updates.notified.size(), racers);
    EXPECT_EQ(updates.events("home").size(), racers);
  });
  EXPECT_GT(times_reached(came_first), conflicts);
}

// --- what is not committed ---------------------------------------------------------------------------------------------

struct NothingRow {
  const char* what;
  Adding::No no = Adding::No::Nowhere;
  std::optional<Failure> failure;  ///< none: the case is left as it is
  std::size_t attempts = 1;        ///< how often the step is asked
  std::function<void(Updates&)> given = nullptr;
};

Failure simulated(Cause cause) { return {cause, "The simulated store was told to fail.", ""}; }

/// A link that nobody can read.
void spoil(Updates& updates) {
  store::Change spoilt;
  spoilt.journal = store::RawMessage{"fhir", hospital, "application/fhir+json", "{}", "I-0", updates.world.clock.wall()};
  spoilt.case_key = key;
  spoilt.case_version = updates.stored_case("A-1").version;
  spoilt.links.push_back({"I-0", "admission", "{", updates.world.clock.wall(), 0});
  CHECK(updates.store.tables().commit(spoilt, updates.world.clock.wall(), updates.world.random));
}

std::vector<NothingRow> nothing_rows() {
  using enum Adding::No;
  std::vector<NothingRow> rows{
      {"the step refuses the case, be it by a conflict", Begin, Adding::refusal()},
      {"the step leaves the case as it is", BeginLeaves, std::nullopt},
      {"the step refuses what it became", Check, Adding::refusal()},
      {"the step leaves it when it sees the change", CompleteLeaves, std::nullopt},
  };
  for (const Cause cause : {Cause::Busy, Cause::Broken, Cause::TimedOut, Cause::Cancelled, Cause::Conflict})
    rows.push_back({"the case cannot be loaded", Nowhere, simulated(cause), 0,
                    [cause](Updates& updates) { updates.store.fail_read(1, cause); }});
  rows.push_back({"the store is busy", Nowhere, simulated(Cause::Busy), 1,
                  [](Updates& updates) { updates.store.fail_write(1, Cause::Busy); }});
  return rows;
}

TEST(CaseUpdate, WhatIsRefusedOrFailsIsCommittedNowhereAndNobodyHearsOfIt) {
  for (const NothingRow& row : nothing_rows()) {
    Updates updates;
    ASSERT_TRUE(updates.accept(admission()));
    const std::vector<std::string> bodies = updates.bodies("A-1"), links = updates.identities();
    const std::size_t entries = updates.store.tables().audit_rows(0, 100).size();
    updates.notified.clear();
    updates.due_at.clear();
    if (row.given) row.given(updates);
    Adding step = updates.adding(planning(1), "I-1", row.no);

    Result<std::optional<store::Committed>> updated = updates.update(step);

    ASSERT_EQ(updated.ok(), !row.failure) << row.what;
    if (row.failure) EXPECT_EQ(updated.failure(), *row.failure) << row.what;
    if (!row.failure) EXPECT_FALSE(*updated) << row.what;
    EXPECT_EQ(step.seen.size(), row.attempts) << row.what;
    EXPECT_EQ(updates.identities(), links) << row.what;
    EXPECT_EQ(updates.bodies("A-1"), bodies) << row.what;
    EXPECT_EQ(updates.store.tables().audit_rows(0, 100).size(), entries) << row.what;
    EXPECT_TRUE(updates.notified.empty()) << row.what;
    EXPECT_TRUE(updates.due_at.empty()) << row.what;
  }
}

TEST(CaseUpdate, ADiskThatFailsIsNotTriedAgainAndNobodyHearsOfIt) {
  sim::for_each_seed(20, [](std::uint64_t seed) {
    Updates updates(seed);  // by the seed the bytes are on the disk or not
    updates.store.fail_write(1, Cause::Broken);
    Adding step = updates.adding(admission(), "I-1");
    Result<std::optional<store::Committed>> updated = updates.update(step);
    ASSERT_FALSE(updated);
    EXPECT_EQ(updated.failure().cause, Cause::Broken);
    EXPECT_EQ(step.seen.size(), 1u);
    EXPECT_TRUE(updates.notified.empty());
  });
}

TEST(CaseUpdate, ACaseThatCannotBeReadOrHasNoRoomSaysSo) {
  struct Row {
    const char* what;
    std::function<void(Updates&)> given;
    Cause cause;
    const char* says;
  };
  for (const Row& row : {Row{"a link that is spoilt", spoil, Cause::Broken, "A stored notice of the case cannot be read: "},
                         Row{"no room",
                             [](Updates& updates) {
                               updates.rules_limits = {1, 1, 1};
                               CHECK(updates.accept(planning(1)));
                             },
                             Cause::TooLarge, "notices_per_case"}}) {
    Updates updates;
    row.given(updates);
    CaseParts narrow = updates.case_parts();
    const std::vector<std::string> links = updates.identities();
    Adding step = updates.adding(planning(2), "I-1");
    Result<std::optional<store::Committed>> updated = updates.world.complete(update_case(narrow, key, step));
    ASSERT_FALSE(updated) << row.what;
    EXPECT_EQ(updated.failure().cause, row.cause) << row.what;
    EXPECT_NE(updated.failure().says.find(row.says), std::string::npos) << updated.failure().says;
    EXPECT_EQ(updates.identities(), links) << row.what;
  }
}

// --- time alone --------------------------------------------------------------------------------------------------------

TEST(CaseUpdate, TimeAloneWritesWhatItChangedOnceAndNothingElse) {
  Updates updates;
  updates.watch("home", home_care, "task");
  ASSERT_TRUE(updates.accept(admission()));
  const WallTime due = *updates.stored_case("A-1").times.next_change;
  const std::size_t all = updates.stored_case("A-1").resources.size();
  struct Row {
    const char* what;
    WallTime at;
    bool changes;
  };
  for (const Row& row :
       {Row{"at once", updates.world.clock.wall(), false}, Row{"a moment before it is due", due - std::chrono::seconds(1), false},
        Row{"when it is due", due, true}, Row{"once more", due + std::chrono::seconds(1), false}}) {
    updates.pass_until(row.at);
    const std::uint64_t writes = updates.store.writes();
    const std::vector<std::string> before = updates.bodies("A-1");
    Time step(updates.world.clock);

    Result<std::optional<store::Committed>> updated = updates.update(step);

    ASSERT_TRUE(updated) << row.what;
    EXPECT_EQ(updated->has_value(), row.changes) << row.what;
    EXPECT_EQ(updates.store.writes(), writes + (row.changes ? 1 : 0)) << row.what;
    EXPECT_EQ(updates.bodies("A-1") == before, !row.changes) << row.what;
    EXPECT_EQ(step.resources > 0, row.changes) << row.what;
    EXPECT_LT(step.resources, all) << row.what << ": what time does not change is not written";
  }
  EXPECT_EQ(updates.events("home").size(), 1u);
  EXPECT_EQ(updates.stored_case("A-1").version, 1) << "no link was added";
}

TEST(CaseUpdate, ThePathLetsTimePassOnlyWhereItIsDue) {
  Updates updates;
  ASSERT_TRUE(updates.accept(admission()));
  const WallTime due = *updates.stored_case("A-1").times.next_change;
  for (const auto& [at, is_due] :
       {std::pair(due - std::chrono::seconds(1), false), std::pair(due, true), std::pair(due + std::chrono::seconds(1), false)}) {
    updates.pass_until(at);
    const std::uint64_t writes = updates.store.writes();
    Result<bool> passed = updates.world.complete(updates.path->let_time_pass(key));
    ASSERT_TRUE(passed);
    EXPECT_EQ(*passed, is_due);
    EXPECT_EQ(updates.store.writes(), writes + (is_due ? 1 : 0));
  }
}

TEST(CaseUpdate, TimeThatOthersAreQuickerThanIsGivenUpInItsOwnWords) {
  Updates updates;
  ASSERT_TRUE(updates.accept(admission()));
  updates.pass_until(*updates.stored_case("A-1").times.next_change);
  for (int nth = 1; nth <= limits::commit_conflict_retries_max; ++nth)
    updates.store.fail_write(static_cast<std::uint64_t>(nth), Cause::Conflict);
  Result<bool> passed = updates.world.complete(updates.path->let_time_pass(key));
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.failure(), (Failure{Cause::Busy, "The case is changing at this moment.", ""}));
}

// --- long cases --------------------------------------------------------------------------------------------------------

TEST(CaseUpdate, AStepIsAskedWhereLongCasesAreWorkedOnAndNeverSeesHalfOfOne) {
  struct Row {
    int links;
    bool is_elsewhere, is_long;
  };
  for (const Row& row : {Row{2, true, false}, Row{3, true, true}, Row{3, false, true}}) {
    Updates updates;
    asio::io_context elsewhere;
    updates.cases.short_case_links_max = 2;
    if (row.is_elsewhere) updates.cases.long_cases = elsewhere.get_executor();
    for (int each = 0; each < row.links; ++each) ASSERT_TRUE(updates.accept(each == 0 ? admission() : planning(each)));
    Adding step = updates.adding(planning(9), "I-9");
    Result<std::optional<store::Committed>> came = Failure{};

    updates.world.spawn(change(updates.cases, step, came));
    updates.world.run();
    EXPECT_EQ(step.seen.empty(), row.is_elsewhere && row.is_long) << row.links;
    do {
      updates.world.run();
      elsewhere.restart();
    } while (elsewhere.poll() > 0);

    ASSERT_TRUE(came && *came) << row.links;
    EXPECT_EQ(step.links, std::vector{static_cast<std::size_t>(row.links)});
    EXPECT_EQ(updates.identities().back(), "I-9");
  }
}

// --- at random ---------------------------------------------------------------------------------------------------------

// A store that is slow and often busy, and updates of which some refuse: what was answered is what is stored, each once.
TEST(CaseUpdate, WhatWasAnsweredIsWhatIsStoredHoweverTheyMeet) {
  sim::StoreFaults faults;
  faults.write_max = faults.sync_max = faults.read_max = Instant(5'000'000);
  faults.busy = 200'000;
  std::size_t committed_in_all = 0, busy_in_all = 0, left_in_all = 0;
  sim::for_each_seed(50, [&](std::uint64_t seed) {
    Updates updates(seed, faults);
    std::vector<std::unique_ptr<Adding>> steps;
    std::vector<Result<std::optional<store::Committed>>> came(8, Failure{});
    for (std::size_t each = 0; each < came.size(); ++each) {
      const bool leaves = updates.world.random.below(4) == 0;
      const ANotice notice = each == 0 ? admission() : planning(static_cast<int>(each));
      steps.push_back(std::make_unique<Adding>(updates.world.clock.wall(), notice, "I-" + std::to_string(each),
                                               leaves ? Adding::No::CompleteLeaves : Adding::No::Nowhere));
      updates.world.spawn(change(updates.cases, *steps.back(), came[each]));
      updates.world.run_for(Instant(static_cast<std::int64_t>(updates.world.random.below(8'000'000))));
    }
    updates.world.run();

    std::multiset<std::string> answered;
    for (std::size_t each = 0; each < came.size(); ++each) {
      if (!came[each]) EXPECT_EQ(came[each].failure().cause, Cause::Busy);
      busy_in_all += !came[each];
      left_in_all += came[each] && !*came[each];
      if (came[each] && *came[each]) answered.insert("I-" + std::to_string(each));
    }
    const std::vector<std::string> stored = updates.identities();
    EXPECT_EQ(std::multiset<std::string>(stored.begin(), stored.end()), answered);
    EXPECT_EQ(updates.notified.size(), answered.size());
    committed_in_all += answered.size();
  });
  EXPECT_GT(std::min({committed_in_all, busy_in_all, left_in_all}), 0u) << "all three were met";
}

}  // namespace
}  // namespace vardbron::exchange
