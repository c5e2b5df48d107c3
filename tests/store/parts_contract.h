#pragma once

#include "tests/store/contract.h"

#include <string>
#include <vector>

namespace vardbron::store {

/// What every store does with a change that has parts of several cases, and with what every organisation may read.
template <class House>
class PartsContract : public StoreContract<House> {
 protected:
  static CasePart a_part(std::string case_key, std::string link, std::string task, std::int64_t version = 0) {
    CasePart part;
    part.case_key = std::move(case_key);
    part.case_version = version;
    part.links = {a_link(std::move(link))};
    part.resources = {a_task(std::move(task), version)};
    return part;
  }
  static ResourceWrite an_organization(std::string id, std::int64_t expected_version = 0) {
    ResourceWrite write = a_task(std::move(id), expected_version);
    write.parties = {std::string(every_organisation)};
    return write;
  }
  Case load(std::string key) {
    Result<Case> loaded = this->house.run(this->house.store().load_case(std::move(key)));
    EXPECT_TRUE(loaded.ok());
    return loaded.ok() ? *loaded : Case{};
  }
  std::vector<CaseDue> due() { return *this->house.run(this->house.store().cases_due({}, 100)); }
};

TYPED_TEST_SUITE_P(PartsContract);

TYPED_TEST_P(PartsContract, WritesThePartsOfAllCasesAtOnce) {
  Change change = a_change("m1");
  change.parts = {this->a_part("person", "stay", "of-person"), CasePart{}};
  change.parts[1].resources = {a_task("of-none")};

  const Committed committed = this->must_commit(change);

  std::vector<std::string> written;
  for (const ResourceVersion& each : committed.versions) written.push_back(each.id);
  EXPECT_THAT(written, ElementsAre("case-1-task-0", "of-person", "of-none"));
  EXPECT_EQ(this->load("case-1").version, 1);
  EXPECT_EQ(this->load("case-1").links.at(0).identity, "m1");
  const Case person = this->load("person");
  EXPECT_EQ(person.version, 1);
  EXPECT_EQ(person.links.at(0).identity, "stay");
  EXPECT_EQ(person.links.at(0).journal_number, committed.journal_number);
  ASSERT_THAT(person.resources, SizeIs(1));
  EXPECT_EQ(person.resources[0].id, "of-person");
  EXPECT_EQ(this->read(as(hospital), "of-person")->case_key, "person");
  EXPECT_EQ(this->read(as(hospital), "of-none")->case_key, "");
  EXPECT_THAT(this->ids(this->search(as(hospital), {})), testing::UnorderedElementsAre("case-1-task-0", "of-person", "of-none"));
}

TYPED_TEST_P(PartsContract, GivesTheNewestLinksOfALongCase) {
  for (int each = 0; each < 10; ++each) this->must_commit(a_change("m" + std::to_string(each), "case-1", each));
  struct Row {
    std::size_t wanted, given;
  };
  for (const Row& row : {Row{0, 0}, Row{3, 3}, Row{10, 10}, Row{11, 10}}) {
    const Result<Case> loaded = this->house.run(this->house.store().load_newest("case-1", row.wanted));
    ASSERT_TRUE(loaded.ok());
    EXPECT_EQ(loaded->version, 10);
    ASSERT_THAT(loaded->links, SizeIs(row.given));
    EXPECT_THAT(loaded->resources, SizeIs(10));
    if (row.given > 0) EXPECT_EQ(loaded->links.back().identity, "m9");
    if (row.given > 0) EXPECT_EQ(loaded->links.front().identity, "m" + std::to_string(10 - row.given));
  }
  EXPECT_EQ(this->house.run(this->house.store().load_newest("unknown", 3))->version, 0);
}

TYPED_TEST_P(PartsContract, WritesNothingWhenOnePartIsOvertaken) {
  Change first = a_change("m1");
  first.parts = {this->a_part("person", "stay", "of-person")};
  this->must_commit(first);
  struct Row {
    std::string of;
    CasePart part;
  };
  CasePart old_time = this->a_part("person", "later", "other", 1);
  old_time.resources.clear();
  old_time.times = CaseTimes{WallTime{std::chrono::milliseconds{2}}, {}};
  old_time.case_times.seen = WallTime{std::chrono::milliseconds{1}};
  for (const Row& row : {Row{"case", this->a_part("person", "later", "other")}, Row{"time", old_time}}) {
    Change change = a_change("m2", "case-1", 1);
    change.resources = {a_task("case-1-task-0", 1)};
    change.parts = {row.part};
    EXPECT_EQ(this->cause(this->commit(change)), Cause::Conflict) << row.of;
    EXPECT_EQ(this->load("case-1").version, 1) << row.of;
    EXPECT_EQ(this->load("person").version, 1) << row.of;
    EXPECT_EQ(this->read(as_operator(), "case-1-task-0")->version, 1) << row.of;
  }
}

TYPED_TEST_P(PartsContract, RefusesPartsThatNoStoreCanMean) {
  Change twice = a_change("m1");
  twice.parts = {this->a_part("case-1", "other", "other")};
  EXPECT_EQ(this->cause(this->commit(twice)), Cause::Invalid);

  Change same_resource = a_change("m1");
  same_resource.parts = {this->a_part("person", "stay", "case-1-task-0")};
  EXPECT_EQ(this->cause(this->commit(same_resource)), Cause::Invalid);

  Change no_case = a_change("m1");
  no_case.parts = {this->a_part("", "stay", "of-none")};
  EXPECT_EQ(this->cause(this->commit(no_case)), Cause::Invalid);

  this->must_commit(a_change("m1"));
  Change others = a_change("m2", "case-2");
  others.parts = {this->a_part("person", "stay", "case-1-task-0", 0)};
  others.parts[0].resources[0].expected_version = 1;
  EXPECT_EQ(this->cause(this->commit(others)), Cause::Invalid);
}

TYPED_TEST_P(PartsContract, OnePartHidesItsFormerVersionsAndNoOthers) {
  Change first = a_change("m1");
  first.parts = {this->a_part("person", "stay", "of-person")};
  this->must_commit(first);
  Change second = a_change("m2", "case-1", 1);
  second.resources = {a_task("case-1-task-0", 1)};
  second.parts = {this->a_part("person", "later", "of-person", 1)};
  second.parts[0].hides_former_versions = true;
  this->must_commit(second);

  EXPECT_TRUE(this->read(as(hospital), "case-1-task-0", 1).ok());
  EXPECT_EQ(this->cause(this->read(as(hospital), "of-person", 1)), Cause::NotFound);
  EXPECT_TRUE(this->read(as(hospital), "of-person").ok());
}

TYPED_TEST_P(PartsContract, ACaseThatIsMadeDueIsFoundAndNotKnownAnyMore) {
  Change first = a_change("m1");
  first.times = CaseTimes{WallTime{std::chrono::milliseconds{1}}, {}};
  this->must_commit(first);
  const Case before = this->load("case-1");
  EXPECT_THAT(this->due(), IsEmpty());

  Change other = a_change("m2", "case-2");
  other.due_cases = {"case-1", "unknown"};
  const Committed committed = this->must_commit(other);

  ASSERT_THAT(this->due(), SizeIs(1));
  EXPECT_EQ(this->due()[0].case_key, "case-1");
  EXPECT_EQ(this->due()[0].at, committed.at);
  const auto known = this->house.run(this->house.store().load_case("case-1", 100, KnownCase{before.version, before.times}));
  ASSERT_TRUE(known.ok());
  EXPECT_FALSE(known->is_as_known);

  // What was computed before it became due is refused: it has not seen why.
  Change overtaken = a_change("m3", "case-1", 1);
  overtaken.resources.clear();
  overtaken.times = CaseTimes{WallTime{std::chrono::milliseconds{2}}, {}};
  overtaken.case_times = before.times;
  EXPECT_EQ(this->cause(this->commit(overtaken)), Cause::Conflict);

  // One that is due earlier stays so, and what was computed before is refused all the same.
  Change earlier = a_change("m3", "case-1", 1);
  earlier.resources.clear();
  earlier.times = CaseTimes{WallTime{std::chrono::milliseconds{2}}, WallTime{std::chrono::milliseconds{3}}};
  earlier.case_times = this->load("case-1").times;
  this->must_commit(earlier);
  Change again = a_change("m4", "case-2", 1);
  again.resources.clear();
  again.due_cases = {"case-1"};
  this->must_commit(again);
  ASSERT_THAT(this->due(), SizeIs(1));
  EXPECT_EQ(this->due()[0].at, WallTime{std::chrono::milliseconds{2}});
  Change unknowing = a_change("m5", "case-1", 1);
  unknowing.resources.clear();
  unknowing.times = CaseTimes{WallTime{std::chrono::milliseconds{4}}, {}};
  unknowing.case_times = earlier.times.value();
  EXPECT_EQ(this->cause(this->commit(unknowing)), Cause::Conflict);
}

TYPED_TEST_P(PartsContract, WhatEveryOrganisationMayReadIsFoundByAllThatArePartyToAnything) {
  this->must_commit(a_change("m1"));
  Change change;
  change.resources = {this->an_organization("register-1")};
  this->must_commit(change);
  change.resources = {this->an_organization("register-1", 1), this->an_organization("register-2")};
  this->must_commit(change);
  this->must_commit(a_change("m2", "case-2"));
  Change of_stranger;
  of_stranger.resources = {a_task("own")};
  of_stranger.resources[0].parties = {stranger};
  this->must_commit(of_stranger);

  for (const std::string& who : {hospital, municipality, stranger}) {
    EXPECT_EQ(this->read(as(who), "register-1")->version, 2) << who;
    EXPECT_TRUE(this->read(as(who), "register-1", 1).ok()) << who;
    const bool is_party = who == hospital || who == municipality;
    std::vector<std::string> expected{"register-1", "register-2", "own"};
    if (is_party) expected = {"case-1-task-0", "register-1", "register-2", "case-2-task-0"};
    EXPECT_EQ(this->ids(this->search(as(who), {})), expected) << who;
    // Page for page, in both directions.
    search::Query query;
    query.count = 1;
    std::vector<std::string> paged;
    do {
      const Page page = this->search(as(who), query);
      for (const std::string& id : this->ids(page)) paged.push_back(id);
      query.after = page.after;
    } while (!query.after.empty());
    EXPECT_EQ(paged, expected) << who;
    search::Query found;
    found.criteria = {criterion("status", search::KeyKind::Token, "requested")};
    found.criteria[0].operands[0].any_system = true;
    EXPECT_EQ(this->ids(this->search(as(who), found)), expected) << who;
    HistoryQuery history;
    history.type = "Task";
    EXPECT_THAT(this->house.run(this->house.store().history(as(who), history))->resources, SizeIs(expected.size() + 1)) << who;
  }
  EXPECT_THAT(this->search(as_operator(), {}).resources, SizeIs(5));
  // Who is party to nothing is answered as by an empty store.
  const std::string nobody = "SE2120000001-NEVER";
  EXPECT_EQ(this->cause(this->read(as(nobody), "register-1")), Cause::NotFound);
  EXPECT_THAT(this->search(as(nobody), {}).resources, IsEmpty());
  HistoryQuery history;
  history.type = "Task";
  EXPECT_THAT(this->house.run(this->house.store().history(as(nobody), history))->resources, IsEmpty());
}

REGISTER_TYPED_TEST_SUITE_P(PartsContract, WritesThePartsOfAllCasesAtOnce, GivesTheNewestLinksOfALongCase,
                            WritesNothingWhenOnePartIsOvertaken, RefusesPartsThatNoStoreCanMean,
                            OnePartHidesItsFormerVersionsAndNoOthers, ACaseThatIsMadeDueIsFoundAndNotKnownAnyMore,
                            WhatEveryOrganisationMayReadIsFoundByAllThatArePartyToAnything);

}  // namespace vardbron::store
