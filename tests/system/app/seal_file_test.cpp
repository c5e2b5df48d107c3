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
}

TEST(SealFile, CountsWhatCannotBeWritten) {
  TemporaryDirectory directory;
  Metrics metrics;
  SealFile seals(directory.path() / "missing" / "seals", metrics);
  seals.append("vardbron-seal 1 first");
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_store_seals_total{result=\"failed\"} 1"));
}

}  // namespace
}  // namespace vardbron::app
