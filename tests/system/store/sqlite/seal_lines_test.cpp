#include "gateway/store/sqlite/seal_lines.h"

#include "gateway/base/random.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

// Concern: seals are exported often enough, and are read when the store is verified.

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

TEST(SealsHandedOutside, AreReadByTheVerificationOfARunningStore) {
  TemporaryDirectory directory;
  const std::filesystem::path data = directory.path() / "data", copy = directory.path() / "copy",
                              file = directory.path() / "seals";
  SqliteOptions options{data, 1};
  options.on_seal = [&](const std::string& line) { std::ofstream(file, std::ios::app) << line << '\n'; };
  options.seal_file = file;
  RealClock clock;
  SystemRandom random;
  SqliteHouse house{SqliteHouse::Closed()};
  const auto open_and_verify = [&] {
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);
    CHECK(opened);
    house.use(*std::move(opened));
    EXPECT_TRUE(house.run(house.store().journal(a_message("m"))).ok());
    Result<VerifyReport> report = house.run(house.store().verify());
    CHECK(report);
    std::string found;
    for (const Finding& each : report->findings)
      found += each.table + ' ' + std::to_string(each.number) + ": " + each.says + '\n';
    return found;
  };
  EXPECT_EQ(open_and_verify(), "");
  house.close();
  std::filesystem::copy(data, copy);
  EXPECT_EQ(open_and_verify(), "");
  for (int number = 0; number < 5; ++number) ASSERT_TRUE(house.run(house.store().journal(a_message("n"))).ok());
  house.close();

  std::filesystem::remove_all(data);
  std::filesystem::rename(copy, data);
  EXPECT_THAT(open_and_verify(), testing::HasSubstr("an older copy was put back"));

  std::filesystem::remove(file);
  options.on_seal = {};
  house.close();
  EXPECT_THAT(open_and_verify(), testing::HasSubstr("seal 0: The file of seals ([seal] file: seals) is missing"));
  house.close();
}

TEST(SealsHandedOutside, TheLastOfAFileIsFoundWithoutAKey) {
  TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "seals";
  EXPECT_EQ(last_handed_out(file), std::nullopt);
  EXPECT_EQ(last_handed_out(""), std::nullopt);
  struct Row {
    std::string text;
    std::int64_t number;
  };
  for (const Row& row : {Row{"", 0}, Row{"vardbron-seal\n", 0}, Row{"vardbron-seal x 2\n", 0}, Row{"vardbron-seal 7 2026\n", 7},
                         Row{"Nov 30 host vardbron[7]: vardbron-seal 12 2026\nvardbron-seal 9 2026", 12},
                         Row{"vardbron-seal 12 2026\n" + std::string(100'000, 'x') + "\nvardbron-seal 3 2026\n", 3}}) {
    std::ofstream(file, std::ios::trunc) << row.text;
    EXPECT_EQ(last_handed_out(file), row.number) << row.text.substr(0, 80);
  }
}

}  // namespace
}  // namespace vardbron::store
