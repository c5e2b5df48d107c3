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
