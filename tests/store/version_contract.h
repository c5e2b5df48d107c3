#pragma once

#include "tests/store/contract.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::store {

/// What every store shows of former versions, and to whom.
template <class House>
class VersionContract : public StoreContract<House> {};

TYPED_TEST_SUITE_P(VersionContract);

TYPED_TEST_P(VersionContract, HidesOldVersionsFromWhoIsNoPartyAnyMore) {
  this->must_commit(a_change("m1"));
  Change change;
  change.resources = {a_task("case-1-task-0", 1)};
  change.resources[0].parties = {hospital};
  this->must_commit(change);

  EXPECT_EQ(this->cause(this->read(as(municipality), "case-1-task-0", 1)), Cause::NotFound);
  EXPECT_THAT(this->search(as(municipality), {}).resources, IsEmpty());
  EXPECT_TRUE(this->read(as(hospital), "case-1-task-0", 1).ok());
}

// Source: the version's own parties and today's (PDL, OSL): who joins later does not read what was before.
TYPED_TEST_P(VersionContract, ShowsAFormerVersionOnlyToThoseItWasFor) {
  this->must_commit(a_change("m1"));
  for (const int version : {1, 2}) {
    Change change;
    change.resources = {a_task("case-1-task-0", version)};
    change.resources[0].parties = {hospital, municipality, stranger};
    if (version == 2) change.resources[0].parties = {hospital, stranger};
    this->must_commit(change);
  }
  struct Row {
    std::string who;
    std::vector<std::int64_t> readable;
  };
  for (const Row& row : {Row{hospital, {1, 2, 3}}, Row{stranger, {2, 3}}, Row{municipality, {}}}) {
    std::vector<std::int64_t> read, in_history, in_history_of_type;
    for (const std::int64_t version : {1, 2, 3})
      if (this->read(as(row.who), "case-1-task-0", version).ok()) read.push_back(version);
    HistoryQuery query;
    query.type = "Task";
    Result<Page> of_type = this->house.run(this->house.store().history(as(row.who), query));
    ASSERT_TRUE(of_type.ok());
    for (const Resource& each : of_type->resources)
      if (each.id == "case-1-task-0") in_history_of_type.insert(in_history_of_type.begin(), each.version);
    query.id = "case-1-task-0";
    Result<Page> of_one = this->house.run(this->house.store().history(as(row.who), query));
    ASSERT_EQ(of_one.ok(), !row.readable.empty());
    if (of_one)
      for (const Resource& each : of_one->resources) in_history.insert(in_history.begin(), each.version);
    EXPECT_EQ(read, row.readable) << row.who;
    EXPECT_EQ(in_history, row.readable) << row.who;
    EXPECT_EQ(in_history_of_type, row.readable) << row.who;
  }
}

// Concern: a protected identity, or another person in the case.
TYPED_TEST_P(VersionContract, ACaseHidesWhatIsOrBecomesAFormerVersionFromAll) {
  this->must_commit(a_change("m1"));
  const auto write = [&](std::vector<std::pair<const char*, int>> expected, bool hides) {
    Change change;
    change.case_key = "case-1";
    change.case_version = 1;
    for (const auto& [id, version] : expected) change.resources.push_back(a_task(id, version));
    change.hides_former_versions = hides;
    this->must_commit(change);
  };
  const auto readable = [&](const char* id) {
    std::optional<std::vector<std::int64_t>> versions;
    for (const Reader& reader : {as(hospital), as(municipality), as_operator()}) {
      std::vector<std::int64_t> read, in_history;
      for (const std::int64_t version : {1, 2, 3, 4})
        if (this->read(reader, id, version).ok()) read.push_back(version);
      HistoryQuery query;
      query.type = "Task";
      query.id = id;
      Result<Page> page = this->house.run(this->house.store().history(reader, query));
      EXPECT_TRUE(page.ok());
      if (page)
        for (const Resource& each : page->resources) in_history.insert(in_history.begin(), each.version);
      EXPECT_EQ(in_history, read);
      EXPECT_EQ(versions.value_or(read), read);
      versions = read;
    }
    return *versions;
  };
  using Versions = std::vector<std::int64_t>;
  write({{"case-1-task-0", 1}, {"other", 0}}, false);
  EXPECT_EQ(readable("case-1-task-0"), (Versions{1, 2}));
  write({{"case-1-task-0", 2}}, true);
  EXPECT_EQ(readable("case-1-task-0"), (Versions{3}));
  EXPECT_EQ(readable("other"), (Versions{1}));
  write({{"case-1-task-0", 3}, {"other", 1}}, false);
  EXPECT_EQ(readable("case-1-task-0"), (Versions{3, 4}));
  EXPECT_EQ(readable("other"), (Versions{2})) << "the one before was written before the case hid them";
}

TYPED_TEST_P(VersionContract, ReadsEveryVersion) {
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

REGISTER_TYPED_TEST_SUITE_P(VersionContract, HidesOldVersionsFromWhoIsNoPartyAnyMore, ShowsAFormerVersionOnlyToThoseItWasFor,
                            ACaseHidesWhatIsOrBecomesAFormerVersionFromAll, ReadsEveryVersion);

}  // namespace vardbron::store
