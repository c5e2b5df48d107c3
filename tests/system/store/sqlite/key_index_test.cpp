#include "gateway/store/sqlite/key_index.h"

#include "gateway/base/limits.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

#include <string>

// Concern: what an index gives up to its limit is all there is.

namespace vardbron::store {
namespace {

// Rows of values are counted, and not whose they are: else those that come after the limit would be missing.
TEST(KeyIndex, ResourcesWithSeveralValuesHideNoOthers) {
  SqliteHouse house;
  constexpr int count = limits::search_looked_up_max * 2 / 3, per_change = count / 6;
  constexpr std::int64_t day = 86'400'000, start = 1'774'000'000'000;
  for (int first = 0; first < count; first += per_change) {
    Change change;
    for (int number = first; number < first + per_change; ++number) {
      ResourceWrite& write = change.resources.emplace_back(a_task("t" + std::to_string(number)));
      write.keys.clear();
      for (const int each : {0, 1}) {
        search::Key name = token("name", "", "anders" + std::to_string(2 * number + each)), period = token("period", "", ""),
                    factor = period;
        name.kind = search::KeyKind::String;
        name.system = name.value;
        period.kind = search::KeyKind::Date;
        period.from_ms = start;
        period.to_ms = start + 10 * day + 2 * number + each;
        factor.parameter = "factor";
        factor.kind = search::KeyKind::Number;
        factor.low = factor.high = 2 * number + each;
        for (search::Key* key : {&name, &period, &factor}) write.keys.push_back(std::move(*key));
      }
    }
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
  }
  search::Criterion name = criterion("name", search::KeyKind::String, "anders"),
                    period = criterion("period", search::KeyKind::Date, ""),
                    factor = criterion("factor", search::KeyKind::Number, "");
  period.operands[0].prefix = search::Prefix::Gt;
  period.operands[0].from_ms = period.operands[0].to_ms = start + 5 * day;
  factor.operands[0].prefix = search::Prefix::Ge;
  for (const search::Criterion& each : {name, period, factor}) {
    search::Query query;
    query.resource_type = "Task";
    query.criteria = {each};
    query.count = 0;
    EXPECT_EQ(house.run(house.store().search(as(municipality), query))->total, count) << each.parameter;
  }
}

// A change of no case may write resources of several.
TEST(KeyIndex, WhatOneCaseKeepsIsNotTakenForWhatAnotherKeeps) {
  SqliteHouse house;
  const auto task = [](const std::string& id, const char* status, std::int64_t expected) {
    ResourceWrite write = a_task(id, expected);
    write.keys = {token("status", "", status)};
    return write;
  };
  for (const std::string name : {"a", "b"}) {
    Change change;
    change.case_key = "case-" + name;
    change.resources = {task(name + "1", "requested", 0), task(name + "2", name == "a" ? "accepted" : "requested", 0)};
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
  }
  Change of_both;
  of_both.resources = {task("a1", "completed", 1), task("b1", "completed", 1)};
  ASSERT_TRUE(house.run(house.store().commit(std::move(of_both))).ok());
  search::Query query;
  query.resource_type = "Task";
  query.criteria = {criterion("status", search::KeyKind::Token, "requested")};
  const Result<Page> page = house.run(house.store().search(as(municipality), query));
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->resources.size(), 1u);
  EXPECT_EQ(page->resources[0].id, "b2");
  EXPECT_TRUE(house.run(house.store().verify())->findings.empty());
}

}  // namespace
}  // namespace vardbron::store
