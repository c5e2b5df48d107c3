#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "gateway/base/digest.h"
#include "tests/store/builders.h"

namespace vardbron::store {

/// What every store keeps. `House` makes the store and runs tasks on it:
///   Store& store();  T run(Task<T>);  void together(std::vector<Task<>>);  void reopen();  void flip_journal_byte(number);
/// Each store instantiates the suite once: INSTANTIATE_TYPED_TEST_SUITE_P(Name, StoreContract, House).
template <class House>
class StoreContract : public testing::Test {
 protected:
  Result<Committed> commit(Change change) { return house.run(house.store().commit(std::move(change))); }
  Committed must_commit(Change change) {
    Result<Committed> committed = commit(std::move(change));
    EXPECT_TRUE(committed.ok()) << (committed.ok() ? "" : committed.failure().says);
    return committed.ok() ? *committed : Committed{};
  }
  Result<Resource> read(Reader reader, std::string id, std::int64_t version = 0) {
    return house.run(house.store().read(std::move(reader), "Task", std::move(id), version));
  }
  Page search(Reader reader, search::Query query) {
    query.resource_type = "Task";
    Result<Page> page = house.run(house.store().search(std::move(reader), std::move(query)));
    EXPECT_TRUE(page.ok());
    return page.ok() ? *page : Page{};
  }
  std::vector<std::string> ids(const Page& page) {
    std::vector<std::string> found;
    for (const Resource& resource : page.resources) found.push_back(resource.id);
    return found;
  }
  SubscriptionState subscription(std::string id) {
    Result<SubscriptionState> state = house.run(house.store().subscription(std::move(id)));
    EXPECT_TRUE(state.ok());
    return state.ok() ? *state : SubscriptionState{};
  }
  std::vector<Event> events(std::string id, std::int64_t from = 1, std::int64_t to = 1'000'000, std::size_t count = 1'000'000) {
    return *house.run(house.store().events(std::move(id), from, to, count));
  }
  Cause cause(const auto& result) { return result.ok() ? Cause::Broken : result.failure().cause; }

  House house;
};

TYPED_TEST_SUITE_P(StoreContract);

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// --- commit ---

TYPED_TEST_P(StoreContract, WritesEverythingOfAChangeAtOnce) {
  Committed committed = this->must_commit(a_change("m1"));

  EXPECT_EQ(committed.journal_number, 1);
  EXPECT_EQ(committed.versions.size(), 1u);
  EXPECT_EQ(committed.versions.at(0).version, 1);
  EXPECT_THAT(committed.events, ElementsAre(std::pair<std::string, std::int64_t>("sub-1", 1)));
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

TYPED_TEST_P(StoreContract, RefusesAChangeThatWasComputedOnAnOlderCase) {
  this->must_commit(a_change("m1"));

  Result<Committed> second = this->commit(a_change("m2", "case-1", 0));

  EXPECT_EQ(this->cause(second), Cause::Conflict);
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-1"))->version, 1);
}

TYPED_TEST_P(StoreContract, RefusesAResourceThatIsNotTheExpectedVersion) {
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

TYPED_TEST_P(StoreContract, WritesNothingOfAChangeInConflict) {
  this->must_commit(a_change("m1"));

  // Given a change whose last resource is in conflict, behind many that are not.
  Change change = a_change("m2", "case-1", 1);
  change.resources = {a_task("new-1"), a_task("new-2"), a_task("case-1-task-0", 7)};
  EXPECT_EQ(this->cause(this->commit(change)), Cause::Conflict);

  EXPECT_EQ(this->cause(this->read(as_operator(), "new-1")), Cause::NotFound);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().journal_entry(2))), Cause::NotFound);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().find_message(hospital, "m2"))), Cause::NotFound);
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-1"))->version, 1);
  EXPECT_EQ(this->subscription("sub-1").events, 1);
  EXPECT_THAT(this->events("sub-1"), SizeIs(1));
  EXPECT_THAT(*this->house.run(this->house.store().audit_rows(0, 10)), SizeIs(1));
  // And the next change takes the numbers that the refused one would have had.
  Committed next = this->must_commit(a_change("m3", "case-1", 1));
  EXPECT_EQ(next.journal_number, 2);
  EXPECT_EQ(next.events.at(0).second, 2);
}

TYPED_TEST_P(StoreContract, RefusesWhatNoStoreCanMean) {
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

TYPED_TEST_P(StoreContract, GivesGaplessNumbersUnderConcurrentCommits) {
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
        if (committed) into.push_back(committed->events.at(0).second);
        if (round % 3 == 2) {
          Change mended = a_change(key + "/" + std::to_string(round), key, round);
          Result<Committed> again = co_await store.commit(std::move(mended));
          if (again) into.push_back(again->events.at(0).second);
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

TYPED_TEST_P(StoreContract, LetsOnlyOneOfTwoRivalsWin) {
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

// --- journal ---

TYPED_TEST_P(StoreContract, JournalsNowAndSettlesTheOutcomeLater) {
  Result<JournalEntry> entry = this->house.run(this->house.store().journal(a_message("m1")));
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->outcome, Outcome::Pending);
  EXPECT_THAT(*this->house.run(this->house.store().journal_entries(Outcome::Pending, 0, 10)), SizeIs(1));

  Change change = a_change("m1");
  change.journal.reset();
  change.journal_number = entry->number;
  Committed committed = this->must_commit(change);

  EXPECT_EQ(committed.journal_id, entry->id);
  EXPECT_THAT(*this->house.run(this->house.store().journal_entries(Outcome::Pending, 0, 10)), IsEmpty());
  EXPECT_EQ(this->house.run(this->house.store().journal_entry(1))->outcome, Outcome::Stored);
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-1"))->links.at(0).journal_number, 1);
}

TYPED_TEST_P(StoreContract, ListsTheQuarantineInOrder) {
  for (int number = 1; number <= 5; ++number) {
    Change change;
    change.journal = a_message("m" + std::to_string(number));
    change.outcome = number % 2 == 1 ? Outcome::Quarantined : Outcome::Stored;
    this->must_commit(change);
  }
  auto listed = [&](std::int64_t after, std::size_t count) {
    std::vector<std::int64_t> numbers;
    Result<std::vector<JournalEntry>> entries =
        this->house.run(this->house.store().journal_entries(Outcome::Quarantined, after, count));
    for (const JournalEntry& entry : *entries) numbers.push_back(entry.number);
    return numbers;
  };
  EXPECT_THAT(listed(0, 10), ElementsAre(1, 3, 5));
  EXPECT_THAT(listed(1, 1), ElementsAre(3));
  EXPECT_THAT(listed(5, 10), IsEmpty());
}

TYPED_TEST_P(StoreContract, FindsTheNewestMessageOfThatSenderAndIdentity) {
  this->must_commit(a_change("same"));
  Change again;
  again.journal = a_message("same", "<other/>");
  again.outcome = Outcome::Duplicate;
  this->must_commit(again);

  Result<JournalEntry> found = this->house.run(this->house.store().find_message(hospital, "same"));

  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->number, 2);
  EXPECT_EQ(found->message.body, "<other/>");
  EXPECT_EQ(this->cause(this->house.run(this->house.store().find_message(stranger, "same"))), Cause::NotFound);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().find_message(hospital, "other"))), Cause::NotFound);
}

TYPED_TEST_P(StoreContract, NeverFindsAMessageByAnEmptyIdentity) {
  this->must_commit(a_change(""));
  EXPECT_EQ(this->cause(this->house.run(this->house.store().find_message(hospital, ""))), Cause::NotFound);
}

TYPED_TEST_P(StoreContract, NoticesAFlippedByteInTheJournal) {
  std::string body(3000, 'x');
  for (int number = 0; number < 5; ++number) {
    Change change;
    change.journal = a_message("m" + std::to_string(number), body + std::to_string(number));
    this->must_commit(change);
  }
  EXPECT_EQ(*this->house.run(this->house.store().verify_journal()), 5);

  this->house.flip_journal_byte(3);

  Result<std::int64_t> verified = this->house.run(this->house.store().verify_journal());
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.failure().cause, Cause::Broken);
  EXPECT_THAT(verified.failure().says, HasSubstr("3"));
}

// --- reading ---

TYPED_TEST_P(StoreContract, StampsVersionAndTimeIntoMeta) {
  Committed committed = this->must_commit(a_change("m1"));

  Result<Resource> task = this->read(as(municipality), "case-1-task-0");

  ASSERT_TRUE(task.ok());
  EXPECT_EQ(task->version, 1);
  EXPECT_EQ(task->last_updated, committed.at);
  EXPECT_EQ(task->case_key, "case-1");
  EXPECT_THAT(task->body, HasSubstr(R"("meta":{"versionId":"1","lastUpdated":")"));
}

TYPED_TEST_P(StoreContract, AnswersAStrangerLikeSomebodyWhoAsksForNothing) {
  this->must_commit(a_change("m1"));

  Result<Resource> foreign = this->read(as(stranger), "case-1-task-0");
  Result<Resource> foreign_version = this->read(as(stranger), "case-1-task-0", 1);
  Result<Resource> nobody = this->read(Reader{}, "case-1-task-0");
  Result<Resource> absent = this->read(as(stranger), "no-such-task");

  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.failure().cause, Cause::NotFound);
  ASSERT_FALSE(foreign.ok() || foreign_version.ok() || nobody.ok());
  EXPECT_EQ(foreign.failure(), absent.failure());
  EXPECT_EQ(foreign_version.failure(), absent.failure());
  EXPECT_EQ(nobody.failure(), absent.failure());
  EXPECT_TRUE(this->read(as(municipality), "case-1-task-0").ok());
  EXPECT_TRUE(this->read(as_operator(), "case-1-task-0").ok());
}

TYPED_TEST_P(StoreContract, HidesOldVersionsFromWhoIsNoPartyAnyMore) {
  this->must_commit(a_change("m1"));
  Change change;
  change.resources = {a_task("case-1-task-0", 1)};
  change.resources[0].parties = {hospital};
  this->must_commit(change);

  EXPECT_EQ(this->cause(this->read(as(municipality), "case-1-task-0", 1)), Cause::NotFound);
  EXPECT_THAT(this->search(as(municipality), {}).resources, IsEmpty());
  EXPECT_TRUE(this->read(as(hospital), "case-1-task-0", 1).ok());
}

TYPED_TEST_P(StoreContract, ReadsEveryVersion) {
  this->must_commit(a_change("m1"));
  for (int version = 1; version < 5; ++version) {
    Change change;
    change.resources = {a_task("case-1-task-0", version)};
    change.resources[0].body = R"({"resourceType":"Task","id":"case-1-task-0","note":")" + std::to_string(version + 1) + "\"}";
    EXPECT_EQ(this->must_commit(change).versions.at(0).version, version + 1);
  }
  for (int version = 2; version <= 5; ++version) {
    Result<Resource> task = this->read(as(hospital), "case-1-task-0", version);
    ASSERT_TRUE(task.ok());
    EXPECT_EQ(task->version, version);
    EXPECT_THAT(task->body, HasSubstr("\"note\":\"" + std::to_string(version) + "\""));
  }
  EXPECT_EQ(this->read(as(hospital), "case-1-task-0")->version, 5);
  EXPECT_EQ(this->cause(this->read(as(hospital), "case-1-task-0", 6)), Cause::NotFound);
  EXPECT_EQ(this->cause(this->read(as(hospital), "case-1-task-0", -1)), Cause::NotFound);
}

TYPED_TEST_P(StoreContract, ADeletedResourceIsGoneForItsPartiesOnly) {
  this->must_commit(a_change("m1"));
  Change change;
  change.resources = {a_task("case-1-task-0", 1)};
  change.resources[0].deleted = true;
  change.resources[0].body.clear();
  change.resources[0].keys.clear();
  change.resources[0].parties.clear();
  this->must_commit(change);

  EXPECT_EQ(this->cause(this->read(as(municipality), "case-1-task-0")), Cause::Gone);
  EXPECT_EQ(this->cause(this->read(as(municipality), "case-1-task-0", 2)), Cause::Gone);
  EXPECT_TRUE(this->read(as(municipality), "case-1-task-0", 1).ok());
  EXPECT_EQ(this->cause(this->read(as(stranger), "case-1-task-0")), Cause::NotFound);
  EXPECT_THAT(this->search(as_operator(), {}).resources, IsEmpty());
}

TYPED_TEST_P(StoreContract, ACaseTellsDigestAndVersionOfWhatItProjects) {
  this->must_commit(a_change("m1"));
  Change change = a_change("m2", "case-1", 1);
  change.resources = {a_task("case-1-task-0", 1), a_task("other")};
  std::string digest = to_hex(sha256(change.resources[0].body));
  this->must_commit(change);

  Result<Case> loaded = this->house.run(this->house.store().load_case("case-1"));

  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(loaded->links, SizeIs(2));
  EXPECT_EQ(loaded->links[1].identity, "m2");
  ASSERT_THAT(loaded->resources, SizeIs(2));
  EXPECT_EQ(loaded->resources[0].id, "case-1-task-0");
  EXPECT_EQ(loaded->resources[0].version, 2);
  EXPECT_EQ(loaded->resources[0].digest, digest);
  EXPECT_EQ(loaded->resources[1].id, "other");
  EXPECT_EQ(this->house.run(this->house.store().load_case("no such case"))->version, 0);
}

// --- search ---

TYPED_TEST_P(StoreContract, SearchFindsByKeysAndParties) {
  for (int number = 0; number < 6; ++number) {
    Change change;
    change.resources = {a_task("t" + std::to_string(number))};
    ResourceWrite& task = change.resources[0];
    if (number % 2 == 1) task.keys[0].value = "accepted";
    if (number >= 4) task.parties = {hospital, stranger};
    this->must_commit(change);
  }
  search::Query accepted;
  accepted.criteria = {criterion("status", search::KeyKind::Token, "accepted")};
  search::Query owned = accepted;
  owned.criteria.push_back(criterion("owner", search::KeyKind::Reference, municipality));
  search::Query by_id;
  by_id.criteria = {criterion("_id", search::KeyKind::Token, "t2")};

  EXPECT_THAT(this->ids(this->search(as(hospital), accepted)), ElementsAre("t1", "t3", "t5"));
  EXPECT_THAT(this->ids(this->search(as(municipality), accepted)), ElementsAre("t1", "t3"));
  EXPECT_THAT(this->ids(this->search(as(stranger), owned)), ElementsAre("t5"));
  EXPECT_THAT(this->ids(this->search(as(municipality), by_id)), ElementsAre("t2"));
  EXPECT_THAT(this->ids(this->search(as(stranger), by_id)), IsEmpty());
  EXPECT_THAT(this->ids(this->search(as_operator(), {})), SizeIs(6));
  EXPECT_EQ(this->search(as(municipality), {}).total, 4);
  EXPECT_EQ(this->search(Reader{}, {}).total, 0);
}

TYPED_TEST_P(StoreContract, SearchForgetsTheKeysOfOldVersions) {
  this->must_commit(a_change("m1"));
  Change change;
  change.resources = {a_task("case-1-task-0", 1)};
  change.resources[0].keys[2].value = "Patient/p2";
  this->must_commit(change);

  search::Query old_patient, new_patient;
  old_patient.criteria = {criterion("patient", search::KeyKind::Reference, "Patient/p1")};
  new_patient.criteria = {criterion("patient", search::KeyKind::Reference, "Patient/p2")};
  EXPECT_EQ(this->search(as(hospital), old_patient).total, 0);
  EXPECT_EQ(this->search(as(hospital), new_patient).total, 1);
}

TYPED_TEST_P(StoreContract, SearchCountsWithoutResourcesWhenAskedForNone) {
  this->must_commit(a_change("m1"));
  search::Query query;
  query.count = 0;

  Page page = this->search(as(hospital), query);

  EXPECT_EQ(page.total, 1);
  EXPECT_THAT(page.resources, IsEmpty());
  EXPECT_EQ(page.after, "");
}

TYPED_TEST_P(StoreContract, PagingShowsEachUnchangedResourceOnceWhileOthersWrite) {
  for (int number = 0; number < 20; ++number) {
    Change change;
    change.resources = {a_task("t" + std::to_string(100 + number))};
    this->must_commit(change);
  }
  for (bool descending : {false, true}) {
    search::Query query;
    query.count = 3;
    query.descending = descending;
    std::vector<std::string> seen;
    int round = 0;
    do {
      Page page = this->search(as(hospital), query);
      for (const std::string& id : this->ids(page)) {
        if (id.starts_with('t')) seen.push_back(id);
      }
      query.after = page.after;
      Change change;
      change.resources = {a_task((descending ? "down" : "up") + std::to_string(round))};
      this->must_commit(change);
      ASSERT_LT(++round, 100);
    } while (!query.after.empty() && seen.size() < 20);

    std::vector<std::string> wanted;
    for (int number = 0; number < 20; ++number) wanted.push_back("t" + std::to_string(100 + number));
    if (descending) std::reverse(wanted.begin(), wanted.end());
    EXPECT_EQ(seen, wanted);
  }
}

TYPED_TEST_P(StoreContract, RefusesAPageTokenThatIsNotItsOwn) {
  for (const char* token : {"x", "a", "a0", "a-1", "17", "a1 OR 1=1"}) {
    search::Query query;
    query.resource_type = "Task";
    query.after = token;
    EXPECT_EQ(this->cause(this->house.run(this->house.store().search(as_operator(), query))), Cause::Invalid) << token;
  }
}

TYPED_TEST_P(StoreContract, SearchByLastUpdatedFollowsTheCommits) {
  Committed first = this->must_commit(a_change("m1"));
  search::Query query;
  query.criteria = {criterion("_lastUpdated", search::KeyKind::Date, "")};
  search::Operand& asked = query.criteria[0].operands[0];
  asked.from_ms = asked.to_ms = first.at.time_since_epoch().count();

  asked.prefix = search::Prefix::Ge;
  EXPECT_EQ(this->search(as(hospital), query).total, 1);
  asked.prefix = search::Prefix::Lt;
  EXPECT_EQ(this->search(as(hospital), query).total, 0);
}

// --- subscriptions ---

TYPED_TEST_P(StoreContract, KeepsStatusAndCountersApart) {
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "active", "")).ok());
  this->must_commit(a_change("m1"));
  this->must_commit(a_change("m2", "case-1", 1));

  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "error", "HTTP 500")).ok());

  SubscriptionState state = this->subscription("sub-1");
  EXPECT_EQ(state.status, "error");
  EXPECT_EQ(state.error, "HTTP 500");
  EXPECT_EQ(state.events, 2);
  EXPECT_THAT(*this->house.run(this->house.store().subscriptions()), SizeIs(1));
  EXPECT_EQ(this->cause(this->house.run(this->house.store().subscription("sub-2"))), Cause::NotFound);
}

TYPED_TEST_P(StoreContract, NeverGoesBackInDelivery) {
  for (int version = 0; version < 5; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));
  auto advance = [&](std::int64_t number) {
    EXPECT_TRUE(this->house.run(this->house.store().advance("sub-1", number)).ok());
    return this->subscription("sub-1").delivered;
  };
  EXPECT_EQ(advance(3), 3);
  EXPECT_EQ(advance(2), 3);
  EXPECT_EQ(advance(99), 5);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().advance("sub-2", 1))), Cause::NotFound);
}

TYPED_TEST_P(StoreContract, AnswersEventsByRangeAndKeepsTheDeadOnes) {
  for (int version = 0; version < 5; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));

  ASSERT_TRUE(this->house.run(this->house.store().bury("sub-1", 2, "404 for three days")).ok());

  std::vector<Event> some = this->events("sub-1", 2, 4, 2);
  ASSERT_THAT(some, SizeIs(2));
  EXPECT_EQ(some[0].number, 2);
  EXPECT_TRUE(some[0].dead);
  EXPECT_EQ(some[0].reason, "404 for three days");
  EXPECT_FALSE(some[1].dead);
  EXPECT_EQ(some[1].focus, "Encounter/e1");
  EXPECT_THAT(some[1].context, ElementsAre("Patient/p1", "Task/t1"));
  EXPECT_EQ(this->subscription("sub-1").delivered, 2);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().bury("sub-1", 6, ""))), Cause::NotFound);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().bury("sub-2", 1, ""))), Cause::NotFound);
  EXPECT_THAT(this->events("sub-2"), IsEmpty());
}

// --- audit ---

TYPED_TEST_P(StoreContract, NumbersAuditRowsOfChangesAndOfReadsInOneChain) {
  this->must_commit(a_change("m1"));
  std::vector<AuditRow> rows = {an_audit_row("read"), an_audit_row("refuse")};
  ASSERT_TRUE(this->house.run(this->house.store().audit(rows)).ok());

  Result<std::vector<AuditRow>> kept = this->house.run(this->house.store().audit_rows(1, 10));

  ASSERT_TRUE(kept.ok());
  ASSERT_THAT(*kept, SizeIs(2));
  EXPECT_EQ(kept->at(0).number, 2);
  EXPECT_EQ(kept->at(1).action, "refuse");
  EXPECT_EQ(kept->at(1).caller, municipality);
  EXPECT_EQ(*this->house.run(this->house.store().verify_audit()), 3);
}

// --- opening again ---

TYPED_TEST_P(StoreContract, KeepsAllWhenClosedAndOpenedAgain) {
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "active", "")).ok());
  for (int version = 0; version < 3; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));
  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 2)).ok());

  this->house.reopen();

  EXPECT_EQ(this->subscription("sub-1").status, "active");
  EXPECT_EQ(this->subscription("sub-1").delivered, 2);
  Committed next = this->must_commit(a_change("m3", "case-1", 3));
  EXPECT_EQ(next.journal_number, 4);
  EXPECT_EQ(next.events.at(0).second, 4);
  EXPECT_EQ(*this->house.run(this->house.store().verify_journal()), 4);
  EXPECT_EQ(*this->house.run(this->house.store().verify_audit()), 4);
  EXPECT_EQ(this->search(as(municipality), {}).total, 4);
}

REGISTER_TYPED_TEST_SUITE_P(
    StoreContract, WritesEverythingOfAChangeAtOnce, RefusesAChangeThatWasComputedOnAnOlderCase,
    RefusesAResourceThatIsNotTheExpectedVersion, WritesNothingOfAChangeInConflict, RefusesWhatNoStoreCanMean,
    GivesGaplessNumbersUnderConcurrentCommits, LetsOnlyOneOfTwoRivalsWin, JournalsNowAndSettlesTheOutcomeLater,
    ListsTheQuarantineInOrder, FindsTheNewestMessageOfThatSenderAndIdentity, NeverFindsAMessageByAnEmptyIdentity,
    NoticesAFlippedByteInTheJournal, StampsVersionAndTimeIntoMeta, AnswersAStrangerLikeSomebodyWhoAsksForNothing,
    HidesOldVersionsFromWhoIsNoPartyAnyMore, ReadsEveryVersion, ADeletedResourceIsGoneForItsPartiesOnly,
    ACaseTellsDigestAndVersionOfWhatItProjects, SearchFindsByKeysAndParties, SearchForgetsTheKeysOfOldVersions,
    SearchCountsWithoutResourcesWhenAskedForNone, PagingShowsEachUnchangedResourceOnceWhileOthersWrite,
    RefusesAPageTokenThatIsNotItsOwn, SearchByLastUpdatedFollowsTheCommits, KeepsStatusAndCountersApart, NeverGoesBackInDelivery,
    AnswersEventsByRangeAndKeepsTheDeadOnes, NumbersAuditRowsOfChangesAndOfReadsInOneChain, KeepsAllWhenClosedAndOpenedAgain);

}  // namespace vardbron::store
