#include "gateway/app/seal_file.h"

#include "temporary_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace vardbron::app {
namespace {

using testing::HasSubstr;

std::string text_of(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(SealFile, KeepsEachSealAsALine) {
  TemporaryDirectory directory;
  Metrics metrics;
  SealFile seals(directory.path() / "seals", metrics);
  seals.append("vardbron-seal 1 first");
  seals.append("vardbron-seal 2 second");
  EXPECT_EQ(text_of(directory.path() / "seals"), "vardbron-seal 1 first\nvardbron-seal 2 second\n");
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_seals_total{result=\"written\"} 2"));
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_seals_behind 0"));
}

TEST(SealFile, TellsThatTheStoreIsOlderThanWhatItHandedOut) {
  TemporaryDirectory directory;
  std::ofstream(directory.path() / "seals") << std::string(100'000, 'x') << "\nvardbron-seal 40 x\nvardbron-seal 41 x\n";
  Metrics metrics;
  SealFile seals(directory.path() / "seals", metrics);
  seals.append("vardbron-seal 38 after an older copy was put back");
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_seals_behind 3"));
  EXPECT_EQ(seals.check().health, rest::Health::Warn);
  EXPECT_THAT(seals.check().says, HasSubstr("3 seals behind"));
}

// The store passes the last seal of before sooner or later; the next start was content then.
TEST(SealFile, TellsAtLaterStartsTooThatAnOlderStoreWasPutBackUntilItIsRestoredOrTheFileIsMovedAway) {
  TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "seals";
  std::ofstream(file) << "vardbron-seal 40 x\nvardbron-seal 41 x\nvardbron-seal 30 of an older store\n"
                      << std::string(100'000, 'x') << "\nvardbron-seal 60 x\n";
  Metrics metrics;
  SealFile later(file, metrics);
  later.append("vardbron-seal 61 of a later start");
  EXPECT_EQ(later.check().health, rest::Health::Warn);
  EXPECT_THAT(later.check().says, HasSubstr("11 seals behind"));
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_seals_behind 11"));

  std::ofstream(file, std::ios::app) << "vardbron-seal 71 of a restored store\n";
  SealFile restored(file, metrics);
  restored.restored({20, 70, "2026-11-30T21:00:00.000Z"});
  restored.append("vardbron-seal 72 of its next start");
  EXPECT_EQ(restored.check().health, rest::Health::Ok) << restored.check().says;
  EXPECT_EQ(restored.check().facts,
            (std::vector<rest::Check::Fact>{
                {"last_written", 72}, {"restored_at", "2026-11-30T21:00:00.000Z"}, {"restored_from_seal", 20}}));

  std::filesystem::remove(file);
  SealFile moved(file, metrics);
  moved.append("vardbron-seal 1 of a new store");
  EXPECT_EQ(moved.check().health, rest::Health::Ok);
}

TEST(SealFile, TellsThatItWasTakenAway) {
  struct Row {
    const char* there;  ///< in the file when the gateway starts; null = no file
    int store;          ///< number of its seal
    bool warns;
  };
  for (const Row& row :
       {Row{nullptr, 1, false}, Row{"", 1, false}, Row{nullptr, 2, true}, Row{"", 41, true}, Row{"other text\n", 41, true},
        Row{"vardbron-seal 41 x\n", 41, false}, Row{"vardbron-seal 3 x\n", 41, false}}) {
    SCOPED_TRACE(std::string(row.there != nullptr ? row.there : "no file") + ", " + std::to_string(row.store));
    TemporaryDirectory directory;
    Metrics metrics;
    if (row.there != nullptr) std::ofstream(directory.path() / "seals") << row.there;
    SealFile seals(directory.path() / "seals", metrics);
    seals.put("vardbron-seal " + std::to_string(row.store) + " of the start");
    seals.put("vardbron-seal " + std::to_string(row.store + 1) + " before anything is written");
    seals.append_waiting();
    EXPECT_EQ(seals.check().health, row.warns ? rest::Health::Warn : rest::Health::Ok);
    if (!row.warns) continue;
    EXPECT_THAT(seals.check().says, HasSubstr("although the store was at seal " + std::to_string(row.store) + ":"));
    EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_seals_behind 0"));
    SealFile next(directory.path() / "seals", metrics);
    next.append("vardbron-seal " + std::to_string(row.store + 2) + " of the next start");
    EXPECT_EQ(next.check().health, rest::Health::Ok);
  }
}

TEST(SealFile, ALogWithoutAFileIsNotMissed) {
  Metrics metrics;
  SealFile seals("", metrics);
  seals.append("vardbron-seal 41 x");
  EXPECT_EQ(seals.check().health, rest::Health::Ok);
}

TEST(SealFile, CountsWhatCannotBeWrittenAndWarnsUntilItCan) {
  TemporaryDirectory directory;
  Metrics metrics;
  SealFile seals(directory.path() / "missing" / "seals", metrics);
  seals.append("vardbron-seal 1 first");
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_seals_total{result=\"failed\"} 1"));
  EXPECT_EQ(seals.check().health, rest::Health::Warn);
  EXPECT_THAT(seals.check().says, HasSubstr("cannot be written outside ([seal] file): No such file or directory."));

  std::filesystem::create_directories(directory.path() / "missing");
  seals.append("vardbron-seal 2 second");

  EXPECT_EQ(seals.check().health, rest::Health::Ok) << seals.check().says;
  EXPECT_EQ(seals.check().facts, (std::vector<rest::Check::Fact>{{"last_written", 2}}));
}

TEST(SealFile, KeepsOneLineOnlyForADiskThatHangs) {
  TemporaryDirectory directory;
  Metrics metrics;
  SealFile seals(directory.path() / "seals", metrics);
  EXPECT_TRUE(seals.put("vardbron-seal 1 first"));
  EXPECT_FALSE(seals.put("vardbron-seal 2 second"));
  seals.append_waiting();
  seals.append_waiting();
  EXPECT_TRUE(seals.put("vardbron-seal 3 third"));
  seals.append_waiting();
  EXPECT_EQ(text_of(directory.path() / "seals"), "vardbron-seal 2 second\nvardbron-seal 3 third\n");
}

}  // namespace
}  // namespace vardbron::app
