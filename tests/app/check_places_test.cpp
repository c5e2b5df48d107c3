#include "gateway/app/check_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace vardbron::app {
namespace {

using testing::HasSubstr;

class CheckPlaces : public testing::Test {
 protected:
  CheckPlaces() {
    std::filesystem::create_directories(folder_);
    config_.store = folder_ / "to" / "be" / "made";
  }
  ~CheckPlaces() override { std::filesystem::remove_all(folder_); }
  std::string reported() const {
    std::string all;
    for (const Failure& failure : check_places(config_)) all += failure.says + " " + failure.where + "\n";
    return all;
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("vardbron-places-" + std::to_string(getpid()));
  Config config_;
};

TEST_F(CheckPlaces, TakesFoldersThatCanBeMadeAndFilesInFoldersThatAreThere) {
  config_.audit_fallback = folder_ / "audit.jsonl";
  config_.seal.file = folder_ / "seals";
  EXPECT_EQ(reported(), "");
  EXPECT_FALSE(std::filesystem::exists(config_.store)) << "a check makes nothing";
}

TEST_F(CheckPlaces, TellsEverythingThatServeWouldStopAt) {
  std::ofstream(folder_ / "file") << "no folder";
  config_.store = folder_ / "file" / "store";
  config_.audit_fallback = folder_ / "none" / "audit.jsonl";
  config_.seal.key = folder_ / "none" / "seal.key";
  config_.seal.file = folder_ / "none" / "seals";
  config_.tls.certificate = folder_ / "none.pem";
  config_.tls.key = folder_ / "none.key";
  config_.tls.authorities = folder_ / "none.authorities";
  OrganisationConfig organisation;
  organisation.hsa_id = "SE2120990011-HSV1";
  organisation.endpoints = {"http://far.example/hook"};
  config_.organisations.push_back(organisation);

  EXPECT_EQ(check_places(config_).size(), 7u) << reported();
  for (const char* part : {"The store's folder", "[audit] fallback", "[seal] key", "[seal] file", "none.pem", "none.authorities"})
    EXPECT_THAT(reported(), HasSubstr(part));
}

}  // namespace
}  // namespace vardbron::app
