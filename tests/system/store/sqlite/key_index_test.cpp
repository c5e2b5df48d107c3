#include "gateway/store/sqlite/key_index.h"

#include "gateway/base/limits.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace vardbron::store
