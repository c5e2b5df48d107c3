#include "temporary_directory.h"
#include "tests/play/play.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

// Concern: what a party writes through the API is done once, and is there after the death of the gateway.

namespace vardbron::play {
namespace {

using testing::HasSubstr;

class ActsOfParties : public testing::Test {
 protected:
  ActsOfParties() : play_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_.path(), 0) {}

  std::string admission() const {
    std::ifstream file(std::filesystem::path(VARDBRON_SOURCE_DIR) / "mappings/cosmic-notice/cases/admission/input.xml");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  http::Response call(const std::string& token, std::string method, std::string target, std::string type, std::string body) {
    PlayedCaller caller(play_.gateway().port(), token, play_.clock());
    Result<http::Response> answer =
        play_.hospital_loop().run(caller.call(std::move(method), std::move(target), std::move(type), std::move(body)));
    CHECK(answer);
    return std::move(*answer);
  }
  http::Response appoint(const std::string& stay) {
    return call(
        subscriber_token(0), "POST", "/fhir/CareTeam", "application/fhir+json",
        R"({"resourceType":"CareTeam","identifier":[{"system":"urn:test:own","value":"1"}],"status":"active","category":[{)"
        R"("coding":[{"system":"https://vardbron.example/fhir/CodeSystem/vardteam","code":"fast-kontakt"}]}],"encounter":{)"
        R"("reference":")" +
            stay + R"("},"participant":[{"member":{"display":"Eva Ek"}}]})");
  }
  std::string found(const std::string& type) {
    return call(subscriber_token(0), "GET", "/fhir/" + type, "application/fhir+json", "").body;
  }

  TemporaryDirectory folder_;
  Play play_;
};

TEST_F(ActsOfParties, AreDoneOnceAndHoldOverTheDeathOfTheGateway) {
  ASSERT_TRUE(play_.gateway().start());
  ASSERT_EQ(call(hospital_token, "POST", "/intake/cosmic", "application/xml", admission()).status, 200u);
  std::smatch stay;
  const std::string stays = found("Encounter");
  ASSERT_TRUE(std::regex_search(stays, stay, std::regex("Encounter/[0-9a-f-]{36}"))) << stays;
  const http::Response made = appoint(stay.str());
  ASSERT_EQ(made.status, 201u) << made.body;
  play_.gateway().kill();
  ASSERT_TRUE(play_.gateway().start());
  const http::Response again = appoint(stay.str());
  EXPECT_EQ(again.status, 200u) << again.body;
  EXPECT_EQ(http::find(again.fields, "Location"), http::find(made.fields, "Location"));
  EXPECT_THAT(found("CareTeam"), testing::AllOf(HasSubstr("\"total\":1"), HasSubstr("Eva Ek")));
}

}  // namespace
}  // namespace vardbron::play
