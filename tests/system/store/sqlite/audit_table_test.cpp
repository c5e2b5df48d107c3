// Concern: what was done with one person's cases is found without reading the whole access log.
#include "gateway/store/sqlite/database.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::store {
namespace {

/// So many rows of other cases, and ten of "own", one between each tenth of them.
void fill(SqliteHouse& house, int others) {
  std::vector<AuditRow> rows;
  for (int each = 0; each < others; ++each) {
    rows.push_back(an_audit_row("read"));
    rows.back().case_key = "SE2321990018-MED5|urn:test:cases|A-" + std::to_string(each);
    if (each % (others / 10) != 0) continue;
    rows.push_back(an_audit_row("read"));
    rows.back().case_key = "own";
  }
  ASSERT_TRUE(house.run(house.store().audit(std::move(rows))).ok());
}

TEST(AuditTable, TheRowsOfACaseAreFoundByAnIndexHoweverManyOthersThereAre) {
  for (const int others : {10, 10'000}) {
    SqliteHouse house;
    ASSERT_NO_FATAL_FAILURE(fill(house, others));
    const auto begun = std::chrono::steady_clock::now();
    const std::vector<AuditRow> rows = *house.run(house.store().audit_rows_of({"own"}, 0, 1'000));
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(rows.size(), 10u);
    std::printf("10 rows of a case among %d: %.0f us\n", others, took.count());
    EXPECT_TRUE(house.run(house.store().verify())->findings.empty());
    house.close();
    const Result<std::unique_ptr<Database>> database = Database::open(house.file(), Database::Use::Write);
    ASSERT_TRUE(database);
    Statement plan = (*database)->prepare(
        "EXPLAIN QUERY PLAN SELECT number FROM audit WHERE patient_case=? AND patient_case<>'' AND number>? ORDER BY number");
    plan.query(std::string_view("own"), std::int64_t{0});
    ASSERT_TRUE(plan.next());
    EXPECT_NE(plan.string(3).find("USING COVERING INDEX audit_case (patient_case=? AND rowid>?)"), std::string::npos)
        << plan.string(3);
    EXPECT_FALSE(plan.next()) << "nothing is sorted";
  }
}

}  // namespace
}  // namespace vardbron::store
