#pragma once

#include "tests/store/contract.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <vector>

namespace vardbron::store {

/// What every store keeps when it reads and searches: the current version, and only to whom it concerns.
template <class House>
class ReadContract : public StoreContract<House> {};

TYPED_TEST_SUITE_P(ReadContract);

TYPED_TEST_P(ReadContract, StampsVersionAndTimeIntoMeta) {
  Committed committed = this->must_commit(a_change("m1"));

  Result<Resource> task = this->read(as(municipality), "case-1-task-0");

  ASSERT_TRUE(task.ok());
  EXPECT_EQ(task->version, 1);
  EXPECT_EQ(task->last_updated, committed.at);
  EXPECT_EQ(task->case_key, "case-1");
  EXPECT_THAT(task->body, HasSubstr(R"("meta":{"versionId":"1","lastUpdated":")"));
}

TYPED_TEST_P(ReadContract, AnswersAStrangerLikeSomebodyWhoAsksForNothing) {
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

TYPED_TEST_P(ReadContract, ReadsManyAtOnceAsItReadsEachOfThem) {
  this->must_commit(a_change("m1"));

  std::vector<ResourceName> names{{"Task", "no-such-task"}, {"Task", "case-1-task-0"}};
  auto all = this->house.run(this->house.store().read_all(as(municipality), names, Bodies::With));

  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(this->cause((*all)[0]), Cause::NotFound);
  ASSERT_TRUE((*all)[1].ok());
  EXPECT_EQ((*all)[1]->body, this->read(as(municipality), "case-1-task-0")->body);
}

TYPED_TEST_P(ReadContract, TellsWhatThereIsWithoutBodies) {
  this->must_commit(a_change("m1"));
  Change change;
  change.resources = {a_task("case-1-task-0", 1), a_task("gone")};
  this->must_commit(change);
  Change deletion;
  deletion.resources = {a_task("gone", 1)};
  deletion.resources[0].deleted = true;
  deletion.resources[0].body.clear();
  this->must_commit(deletion);

  std::vector<ResourceName> names{{"Task", "case-1-task-0"}, {"Task", "gone"}, {"Task", "no-such-task"}};
  auto known = this->house.run(this->house.store().read_all(as(municipality), names, Bodies::Without));
  auto strange = this->house.run(this->house.store().read_all(as(stranger), names, Bodies::Without));

  ASSERT_TRUE(known.ok() && (*known)[0].ok());
  Result<Resource> whole = this->read(as(municipality), "case-1-task-0");
  EXPECT_EQ((*known)[0]->version, 2);
  EXPECT_EQ((*known)[0]->last_updated, whole->last_updated);
  EXPECT_EQ((*known)[0]->case_key, "case-1");
  EXPECT_EQ((*known)[0]->body, "");
  EXPECT_EQ(this->cause((*known)[1]), Cause::Gone);
  EXPECT_EQ(this->cause((*known)[2]), Cause::NotFound);
  for (const Result<Resource>& each : *strange) EXPECT_EQ(this->cause(each), Cause::NotFound);
}

TYPED_TEST_P(ReadContract, KeepsTheResourcesOfManyCasesAndTheirVersionsApart) {
  // Given cases whose ids begin alike, as care makes them, written in turns; every third notice replaces a resource.
  auto family_id = [](int of_case, int number) {
    std::string digits = std::to_string(1000 + number);
    return "0000000" + std::to_string(of_case % 3) + "-0000-8000-8000-" + "00000000" + digits;
  };
  std::map<std::string, std::string> newest;
  std::map<int, std::int64_t> versions;
  for (int round = 0; round < 60; ++round) {
    const int of_case = round % 7;
    const std::int64_t links = versions[of_case]++;
    Change change = a_change("m" + std::to_string(round), "family-" + std::to_string(of_case), links);
    std::string id = family_id(of_case, of_case * 100 + static_cast<int>(links == 2 ? 0 : links));
    change.resources = {a_task(id, links == 2 ? 1 : 0)};
    change.resources[0].body = R"({"resourceType":"Task","id":")" + id + R"(","note":")" + std::to_string(round) + "\"}";
    change.resources[0].keys[2].value = "Patient/" + family_id(of_case, of_case);
    newest[id] = std::to_string(round);
    this->must_commit(change);
  }

  for (const auto& [id, note] : newest) {
    EXPECT_THAT(this->read(as(hospital), id)->body, HasSubstr("\"note\":\"" + note + "\"")) << id;
  }
  search::Query of_patient;
  of_patient.criteria = {criterion("patient", search::KeyKind::Reference, "Patient/" + family_id(4, 4))};
  const Page page = this->search(as(hospital), of_patient);
  EXPECT_EQ(page.total, versions[4] - 1);
  for (const Resource& each : page.resources) EXPECT_EQ(each.case_key, "family-4");
}

TYPED_TEST_P(ReadContract, ADeletedResourceIsGoneForItsPartiesOnly) {
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

TYPED_TEST_P(ReadContract, ACaseTellsDigestAndVersionOfWhatItProjects) {
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

TYPED_TEST_P(ReadContract, SearchFindsByKeysAndParties) {
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

TYPED_TEST_P(ReadContract, SearchForgetsTheKeysOfOldVersions) {
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

TYPED_TEST_P(ReadContract, SearchCountsWithoutResourcesWhenAskedForNone) {
  this->must_commit(a_change("m1"));
  search::Query query;
  query.count = 0;

  Page page = this->search(as(hospital), query);

  EXPECT_EQ(page.total, 1);
  EXPECT_THAT(page.resources, IsEmpty());
  EXPECT_EQ(page.after, "");
}

TYPED_TEST_P(ReadContract, PagingShowsEachUnchangedResourceOnceWhileOthersWrite) {
  for (int number = 0; number < 20; ++number) {
    Change change;
    change.resources = {a_task("t" + std::to_string(100 + number))};
    this->must_commit(change);
  }
  for (bool descending : {false, true}) {
    search::Query query;
    query.count = 3;
    query.sort = {{"_lastUpdated", search::KeyKind::Date, descending}};
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

TYPED_TEST_P(ReadContract, RefusesAPageTokenThatIsNotItsOwn) {
  for (const char* token : {"x", "p", "p0.0.0", "p1.-1.0", "17", "p1.1.1 OR 1=1", "p1.1.1.v61"}) {
    search::Query query;
    query.resource_type = "Task";
    query.after = token;
    EXPECT_EQ(this->cause(this->house.run(this->house.store().search(as_operator(), query))), Cause::Invalid) << token;
  }
}

TYPED_TEST_P(ReadContract, SearchByLastUpdatedFollowsTheCommits) {
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

REGISTER_TYPED_TEST_SUITE_P(ReadContract, StampsVersionAndTimeIntoMeta, AnswersAStrangerLikeSomebodyWhoAsksForNothing,
                            ReadsManyAtOnceAsItReadsEachOfThem, TellsWhatThereIsWithoutBodies,
                            KeepsTheResourcesOfManyCasesAndTheirVersionsApart, ADeletedResourceIsGoneForItsPartiesOnly,
                            ACaseTellsDigestAndVersionOfWhatItProjects, SearchFindsByKeysAndParties,
                            SearchForgetsTheKeysOfOldVersions, SearchCountsWithoutResourcesWhenAskedForNone,
                            PagingShowsEachUnchangedResourceOnceWhileOthersWrite, RefusesAPageTokenThatIsNotItsOwn,
                            SearchByLastUpdatedFollowsTheCommits);

}  // namespace vardbron::store
