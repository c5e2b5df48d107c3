// Concern: a real gateway serves what SUSHI made of fhir-profiles, and each profile that its resources name is there.
#include "gateway/care/chain/profiles.h"
#include "gateway/subscription/topic.h"
#include "tests/play/play.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace vardbron::play {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class OwnDefinitions : public testing::Test {
 protected:
  OwnDefinitions() { play_.emplace(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, 0); }
  ~OwnDefinitions() override {
    play_.reset();
    fs::remove_all(folder_);
  }
  std::string get(std::string target) {
    PlayedCaller caller(play_->gateway().port(), hospital_token, play_->clock());
    Result<http::Response> answer = play_->hospital_loop().run(caller.call("GET", std::move(target), "", ""));
    CHECK(answer);
    EXPECT_EQ(answer->status, 200u) << answer->body;
    return std::move(answer->body);
  }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-definitions-" + std::to_string(getpid()));
  std::optional<Play> play_;
};

TEST_F(OwnDefinitions, AreThoseThatItsResourcesAndTopicsName) {
  ASSERT_TRUE(play_->gateway().start());
  for (const care::Profile& each : care::profiles()) {
    const std::string found = get("/fhir/StructureDefinition?url=" + std::string(each.canonical));
    EXPECT_THAT(found, HasSubstr("\"total\":1")) << each.canonical;
    EXPECT_THAT(found, HasSubstr("\"type\":\"" + std::string(each.type) + "\"")) << each.canonical;
  }
  const std::string topics = get("/fhir/CodeSystem/amne");
  for (const subscription::Topic& each : subscription::topics())
    EXPECT_THAT(topics, HasSubstr("\"code\":\"" + std::string(each.code) + "\"")) << "CodeSystem/amne of fhir-profiles";
  EXPECT_THAT(get("/fhir/NamingSystem"), HasSubstr("urn:vardbron:arende"));
  EXPECT_THAT(get("/fhir/ValueSet/uppgift-values"), HasSubstr("CodeSystem/uppgift"));
}

}  // namespace
}  // namespace vardbron::play
