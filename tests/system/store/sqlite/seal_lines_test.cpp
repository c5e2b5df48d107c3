#include "gateway/base/random.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: seals leave the store often enough.

namespace vardbron::store {
namespace {

TEST(SealsHandedOutside, ComeAfterSoManyJournalEntriesHoweverLittleTimeHasPassed) {
  TemporaryDirectory directory;
  std::vector<std::string> lines;
  SqliteOptions options{directory.path() / "data", 1};
  options.on_seal = [&](const std::string& line) { lines.push_back(line); };
  options.seal_pause = std::chrono::hours(1);
  options.seal_entries = 10;
  RealClock clock;
  SystemRandom random;
  SqliteHouse house{SqliteHouse::Closed()};
  Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);
  ASSERT_TRUE(opened.ok());
  house.use(*std::move(opened));
  for (int number = 0; number < 35; ++number) {
    ASSERT_TRUE(house.run(house.store().journal(a_message("m" + std::to_string(number)))).ok());
    ASSERT_TRUE(house.run(house.store().audit({an_audit_row("read")})).ok());
  }
  ASSERT_EQ(lines.size(), 4u);  // at the start, and after 10, 20 and 30 entries
  EXPECT_THAT(lines[3], testing::HasSubstr(" journal 30 "));

  house.close();

  ASSERT_EQ(lines.size(), 5u);
  EXPECT_THAT(lines[4], testing::HasSubstr(" journal 35 "));
}

}  // namespace
}  // namespace vardbron::store
