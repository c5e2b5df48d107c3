#pragma once

#include "tests/store/contract.h"

#include <string>
#include <vector>

namespace vardbron::store {

/// What every store remembers of the moments at which cases change by time alone.
template <class House>
class TimeContract : public StoreContract<House> {};

TYPED_TEST_SUITE_P(TimeContract);

TYPED_TEST_P(TimeContract, KeepsWhatACaseKnowsOfTimeUntilAChangeSaysOtherwise) {
  WallTime seen{std::chrono::milliseconds{1'774'692'000'000}};
  Change first = a_change("m1");
  first.times = CaseTimes{seen, seen + std::chrono::hours(24)};
  this->must_commit(first);
  this->must_commit(a_change("m2", "case-1", 1));
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-1"))->times, *first.times);

  // Time passes: no link, no resource, and no version of the case either.
  Change later;
  later.case_key = "case-1";
  later.case_version = 2;
  later.times = CaseTimes{seen + std::chrono::hours(25), std::nullopt};
  later.case_times = *first.times;
  this->must_commit(later);

  // A writer that computed the case before that has to start again.
  Change rival = a_change("m3", "case-1", 2);
  rival.times = CaseTimes{seen + std::chrono::hours(24), std::nullopt};
  rival.case_times = *first.times;
  EXPECT_EQ(this->cause(this->commit(rival)), Cause::Conflict);

  this->house.reopen();
  Result<Case> loaded = this->house.run(this->house.store().load_case("case-1"));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->times, *later.times);
  EXPECT_EQ(loaded->version, 2);
  EXPECT_TRUE(this->house.run(this->house.store().cases_due({}, 10))->empty());
}

TYPED_TEST_P(TimeContract, ListsTheCasesThatTimeWillChangeInOrderOfTimeAndKey) {
  WallTime start{std::chrono::milliseconds{1'774'692'000'000}};
  struct Row {
    std::string key;
    int hours;
  };
  for (const Row& row : {Row{"case-b", 2}, Row{"case-a", 2}, Row{"case-c", 1}, Row{"case-d", 3}, Row{"case-e", 0}}) {
    Change change = a_change("m-" + row.key, row.key);
    change.times = CaseTimes{start, std::nullopt};
    if (row.hours > 0) change.times->next_change = start + std::chrono::hours(row.hours);
    this->must_commit(change);
  }

  std::vector<std::string> seen;
  CaseDue after;
  for (int page = 0; page < 4; ++page) {
    Result<std::vector<CaseDue>> due = this->house.run(this->house.store().cases_due(after, 1));
    ASSERT_TRUE(due.ok());
    ASSERT_THAT(*due, SizeIs(1));
    after = due->front();
    seen.push_back(after.case_key);
  }
  EXPECT_THAT(seen, ElementsAre("case-c", "case-a", "case-b", "case-d"));
  EXPECT_TRUE(this->house.run(this->house.store().cases_due(after, 1))->empty());
}

TYPED_TEST_P(TimeContract, ListsTheCasesThatWereWorkedOutAtATimeThatIsStillToCome) {
  WallTime start{std::chrono::milliseconds{1'774'692'000'000}};
  struct Row {
    std::string key;
    int hours;
  };
  for (const Row& row : {Row{"case-b", 2}, Row{"case-a", 2}, Row{"case-c", 1}, Row{"case-d", -1}, Row{"case-e", 90'000}}) {
    Change change = a_change("m-" + row.key, row.key);
    change.times = CaseTimes{start + std::chrono::hours(row.hours), std::nullopt};
    this->must_commit(change);
  }

  std::vector<std::string> seen;
  CaseDue after{start, ""};
  for (int page = 0; page < 4; ++page) {
    Result<std::vector<CaseDue>> found = this->house.run(this->house.store().cases_seen(after, 1));
    ASSERT_TRUE(found.ok());
    ASSERT_THAT(*found, SizeIs(1));
    after = found->front();
    seen.push_back(after.case_key);
  }
  EXPECT_THAT(seen, ElementsAre("case-c", "case-a", "case-b", "case-e"));
  EXPECT_TRUE(this->house.run(this->house.store().cases_seen(after, 1))->empty());
}

TYPED_TEST_P(TimeContract, KnowsWhenItWasWrittenToLast) {
  EXPECT_EQ(*this->house.run(this->house.store().written_before()), WallTime{});
  const WallTime at = this->must_commit(a_change("m1")).at;
  this->house.reopen();
  EXPECT_GE(*this->house.run(this->house.store().written_before()), at);
  const WallTime before = *this->house.run(this->house.store().written_before());
  ASSERT_TRUE(this->house.run(this->house.store().condition()).ok());
  this->house.reopen();
  EXPECT_GE(*this->house.run(this->house.store().written_before()), before);
}

TYPED_TEST_P(TimeContract, RefusesTimesOfACaseThatNobodyKnows) {
  Change change;
  change.case_key = "case-1";
  change.times = CaseTimes{};
  EXPECT_EQ(this->cause(this->commit(change)), Cause::Invalid);
  change.case_version = 1;
  EXPECT_EQ(this->cause(this->commit(change)), Cause::Conflict);
}

TYPED_TEST_P(TimeContract, ACaseThatIsAsKnownComesWithoutItsLinks) {
  const CaseTimes times{WallTime{std::chrono::hours{500'000}}, WallTime{std::chrono::hours{500'001}}};
  Change first = a_change("m1");
  first.times = times;
  this->must_commit(first);
  Change second = a_change("m2", "case-1", 1);
  second.resources.clear();
  second.times = times;
  second.case_times = times;
  this->must_commit(second);
  struct Row {
    const char* what;
    KnownCase known;
    bool is_as_known;
  };
  for (const Row& row : {Row{"as it is", {2, times}, true}, Row{"an earlier version", {1, times}, false},
                         Row{"another time", {2, {times.seen + std::chrono::milliseconds(1), times.next_change}}, false},
                         Row{"another next change", {2, {times.seen, std::nullopt}}, false},
                         Row{"a version that is not there yet", {3, times}, false}}) {
    for (const std::size_t links_max : {std::size_t(-1), std::size_t(1)}) {
      Result<Case> loaded = this->house.run(this->house.store().load_case("case-1", links_max, row.known));
      ASSERT_TRUE(loaded.ok());
      const bool has_all = !row.is_as_known && links_max != 1;
      EXPECT_EQ(loaded->is_as_known, row.is_as_known) << row.what;
      EXPECT_EQ(loaded->is_long, !row.is_as_known && links_max == 1) << row.what;
      EXPECT_EQ(loaded->version, 2);
      EXPECT_EQ(loaded->times, times);
      EXPECT_THAT(loaded->links, SizeIs(has_all ? 2 : 0)) << row.what;
      EXPECT_EQ(loaded->resources.empty(), !has_all) << row.what;
    }
  }
  EXPECT_FALSE(this->house.run(this->house.store().load_case("no such case", 1, KnownCase{}))->is_as_known);
}

REGISTER_TYPED_TEST_SUITE_P(TimeContract, ACaseThatIsAsKnownComesWithoutItsLinks,
                            KeepsWhatACaseKnowsOfTimeUntilAChangeSaysOtherwise,
                            ListsTheCasesThatTimeWillChangeInOrderOfTimeAndKey,
                            ListsTheCasesThatWereWorkedOutAtATimeThatIsStillToCome, KnowsWhenItWasWrittenToLast,
                            RefusesTimesOfACaseThatNobodyKnows);

}  // namespace vardbron::store
