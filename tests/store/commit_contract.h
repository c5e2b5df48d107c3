#pragma once

#include "tests/store/contract.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

namespace vardbron::store {

/// What every store keeps when it writes: all or nothing, in order, for ever.
template <class House>
class CommitContract : public StoreContract<House> {};

TYPED_TEST_SUITE_P(CommitContract);

TYPED_TEST_P(CommitContract, WritesEverythingOfAChangeAtOnce) {
  Committed committed = this->must_commit(a_change("m1"));

  EXPECT_EQ(committed.journal_number, 1);
  EXPECT_EQ(committed.versions.size(), 1u);
  EXPECT_EQ(committed.versions.at(0).version, 1);
  ASSERT_THAT(committed.events, SizeIs(1));
  EXPECT_THAT(committed.events[0].to->subscriptions, ElementsAre("sub-1"));
  EXPECT_EQ(committed.events[0].number_of(0), 1);
  Result<JournalEntry> entry = this->house.run(this->house.store().journal_entry(1));
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->outcome, Outcome::Stored);
  EXPECT_EQ(entry->id, committed.journal_id);
  EXPECT_EQ(entry->message.body, "<notice/>");
  EXPECT_EQ(entry->message.sender, hospital);
  EXPECT_EQ(entry->receipt, R"({"resourceType":"OperationOutcome"})");
  Result<Case> loaded = this->house.run(this->house.store().load_case("case-1"));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->version, 1);
  ASSERT_THAT(loaded->links, SizeIs(1));
  EXPECT_EQ(loaded->links[0].identity, "m1");
  EXPECT_EQ(loaded->links[0].journal_number, 1);
  EXPECT_EQ(this->subscription("sub-1").events, 1);
  EXPECT_THAT(*this->house.run(this->house.store().audit_rows(0, 10)), SizeIs(1));
}

TYPED_TEST_P(CommitContract, RefusesAChangeThatWasComputedOnAnOlderCase) {
  this->must_commit(a_change("m1"));

  Result<Committed> second = this->commit(a_change("m2", "case-1", 0));

  EXPECT_EQ(this->cause(second), Cause::Conflict);
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-1"))->version, 1);
}

TYPED_TEST_P(CommitContract, RefusesAResourceThatIsNotTheExpectedVersion) {
  this->must_commit(a_change("m1"));
  struct Row {
    std::string id;
    std::int64_t expected;
  };
  for (const Row& row : {Row{"case-1-task-0", 0}, Row{"case-1-task-0", 2}, Row{"unknown", 1}}) {
    Change change;
    change.resources = {a_task(row.id, row.expected)};
    EXPECT_EQ(this->cause(this->commit(change)), Cause::Conflict) << row.id << row.expected;
  }
}

TYPED_TEST_P(CommitContract, WritesNothingOfAChangeInConflict) {
  this->must_commit(a_change("m1"));

  // Given a change whose last resource is in conflict, after many that are not.
  Change change = a_change("m2", "case-1", 1);
  change.resources = {a_task("new-1"), a_task("new-2"), a_task("case-1-task-0", 7)};
  EXPECT_EQ(this->cause(this->commit(change)), Cause::Conflict);

  EXPECT_EQ(this->cause(this->read(as_operator(), "new-1")), Cause::NotFound);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().journal_entry(2))), Cause::NotFound);
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-1"))->version, 1);
  EXPECT_EQ(this->subscription("sub-1").events, 1);
  EXPECT_THAT(this->events("sub-1"), SizeIs(1));
  EXPECT_THAT(*this->house.run(this->house.store().audit_rows(0, 10)), SizeIs(1));
  // And the next change takes the numbers that the refused one would have had.
  Committed next = this->must_commit(a_change("m3", "case-1", 1));
  EXPECT_EQ(next.journal_number, 2);
  EXPECT_EQ(next.events.at(0).number_of(0), 2);
}

TYPED_TEST_P(CommitContract, RefusesWhatNoStoreCanMean) {
  Change twice;
  twice.resources = {a_task("t1"), a_task("t1")};
  Change nameless;
  nameless.resources = {a_task("")};
  Change link_without_case;
  link_without_case.links = {a_link("m1")};
  Change both = a_change("m1");
  both.journal_number = 1;
  for (const Change& change : {twice, nameless, link_without_case, both}) {
    EXPECT_EQ(this->cause(this->commit(change)), Cause::Invalid);
  }
  Change unknown_entry;
  unknown_entry.journal_number = 4711;
  EXPECT_EQ(this->cause(this->commit(unknown_entry)), Cause::NotFound);
}

TYPED_TEST_P(CommitContract, RefusesAResourceOfAnotherCase) {
  this->must_commit(a_change("m1"));
  Change lone;
  lone.resources = {a_task("lone")};
  this->must_commit(lone);

  for (const char* id : {"case-1-task-0", "lone"}) {
    Change change = a_change("m2", "case-2");
    change.resources = {a_task(id, 1)};
    EXPECT_EQ(this->cause(this->commit(change)), Cause::Invalid) << id;
  }
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-2"))->version, 0);
  EXPECT_THAT(this->house.run(this->house.store().load_case("case-1"))->resources, SizeIs(1));
}

TYPED_TEST_P(CommitContract, GivesGaplessNumbersUnderConcurrentCommits) {
  std::vector<std::string> ids;
  std::vector<Task<>> tasks;
  static constexpr int tasks_count = 16, changes_each = 12;
  std::vector<std::vector<std::int64_t>> numbers(tasks_count);
  for (int task = 0; task < tasks_count; ++task) {
    auto work = [](Store& store, int who, std::vector<std::int64_t>& into) -> Task<> {
      for (int round = 0; round < changes_each; ++round) {
        std::string key = "case-" + std::to_string(who);
        Change change = a_change(key + "/" + std::to_string(round), key, round);
        if (round % 3 == 2) change.case_version += 1;  // every third is in conflict and must leave no hole
        Result<Committed> committed = co_await store.commit(std::move(change));
        if (committed) into.push_back(committed->events.at(0).number_of(0));
        if (round % 3 == 2) {
          Change mended = a_change(key + "/" + std::to_string(round), key, round);
          Result<Committed> again = co_await store.commit(std::move(mended));
          if (again) into.push_back(again->events.at(0).number_of(0));
        }
      }
    };
    tasks.push_back(work(this->house.store(), task, numbers[static_cast<std::size_t>(task)]));
  }

  this->house.together(std::move(tasks));

  std::vector<std::int64_t> all;
  for (const std::vector<std::int64_t>& own : numbers) {
    EXPECT_TRUE(std::is_sorted(own.begin(), own.end()));
    all.insert(all.end(), own.begin(), own.end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), static_cast<std::size_t>(tasks_count * changes_each));
  for (std::size_t at = 0; at < all.size(); ++at) ASSERT_EQ(all[at], static_cast<std::int64_t>(at) + 1);
  std::vector<Event> kept = this->events("sub-1");
  ASSERT_EQ(kept.size(), all.size());
  for (std::size_t at = 0; at < kept.size(); ++at) ASSERT_EQ(kept[at].number, static_cast<std::int64_t>(at) + 1);
  EXPECT_EQ(*this->house.run(this->house.store().verify_journal()), tasks_count * changes_each);
}

TYPED_TEST_P(CommitContract, LetsOnlyOneOfTwoRivalsWin) {
  std::atomic<int> won = 0, lost = 0;
  std::vector<Task<>> tasks;
  for (int rival = 0; rival < 8; ++rival) {
    auto work = [](Store& store, std::string identity, std::atomic<int>& wins, std::atomic<int>& losses) -> Task<> {
      Result<Committed> committed = co_await store.commit(a_change(identity));
      if (committed) ++wins;
      if (!committed && committed.failure().cause == Cause::Conflict) ++losses;
    };
    tasks.push_back(work(this->house.store(), "m" + std::to_string(rival), won, lost));
  }

  this->house.together(std::move(tasks));

  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 7);
}

TYPED_TEST_P(CommitContract, ALongCaseComesWithoutItsLinksWhenNoMoreAreWanted) {
  this->must_commit(a_change("m1"));
  Change change = a_change("m2", "case-1", 1);
  change.resources.clear();
  this->must_commit(change);

  Result<Case> longer = this->house.run(this->house.store().load_case("case-1", 1));
  Result<Case> as_long = this->house.run(this->house.store().load_case("case-1", 2));

  ASSERT_TRUE(longer.ok() && as_long.ok());
  EXPECT_TRUE(longer->is_long);
  EXPECT_EQ(longer->version, 2);
  EXPECT_THAT(longer->links, IsEmpty());
  EXPECT_THAT(longer->resources, IsEmpty());
  EXPECT_FALSE(as_long->is_long);
  EXPECT_THAT(as_long->links, SizeIs(2));
}

TYPED_TEST_P(CommitContract, VerifiesAllThatItHolds) {
  for (int version = 0; version < 3; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));
  Change second = a_change("m3", "case-1", 3);
  second.resources = {a_task("case-1-task-0", 1)};
  this->must_commit(second);
  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 2, {an_audit_row("deliver")})).ok());
  ASSERT_TRUE(this->house.run(this->house.store().dead_letter("sub-1", 3, "given up")).ok());

  Result<VerifyReport> report = this->house.run(this->house.store().verify());

  ASSERT_TRUE(report.ok()) << report.failure().says;
  EXPECT_TRUE(report->is_clean()) << report->findings.at(0).table << ": " << report->findings.at(0).says;
  EXPECT_EQ(report->journal, 4);
  EXPECT_EQ(report->audit, 5);
  EXPECT_EQ(report->cases, 1);
  EXPECT_EQ(report->links, 4);
  EXPECT_EQ(report->resources, 3);
  EXPECT_EQ(report->versions, 4);
  EXPECT_EQ(report->events, 4);
}

TYPED_TEST_P(CommitContract, KeepsAllWhenClosedAndOpenedAgain) {
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "active", "")).ok());
  for (int version = 0; version < 3; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));
  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 2)).ok());

  this->house.reopen();

  EXPECT_EQ(this->subscription("sub-1").status, "active");
  EXPECT_EQ(this->subscription("sub-1").delivered, 2);
  Committed next = this->must_commit(a_change("m3", "case-1", 3));
  EXPECT_EQ(next.journal_number, 4);
  EXPECT_EQ(next.events.at(0).number_of(0), 4);
  EXPECT_EQ(*this->house.run(this->house.store().verify_journal()), 4);
  EXPECT_EQ(*this->house.run(this->house.store().verify_audit()), 4);
  EXPECT_EQ(this->search(as(municipality), {}).total, 4);
}

REGISTER_TYPED_TEST_SUITE_P(CommitContract, ALongCaseComesWithoutItsLinksWhenNoMoreAreWanted, WritesEverythingOfAChangeAtOnce,
                            RefusesAChangeThatWasComputedOnAnOlderCase, RefusesAResourceThatIsNotTheExpectedVersion,
                            WritesNothingOfAChangeInConflict, RefusesWhatNoStoreCanMean,
                            GivesGaplessNumbersUnderConcurrentCommits, LetsOnlyOneOfTwoRivalsWin, RefusesAResourceOfAnotherCase,
                            KeepsAllWhenClosedAndOpenedAgain, VerifiesAllThatItHolds);

}  // namespace vardbron::store
