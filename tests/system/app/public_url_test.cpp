#include "tests/play/play.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace vardbron::play {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* home_care_token = "played-home-care-token";

// Behind a proxy the gateway listens where nobody outside can reach it.
class PublicUrl : public testing::Test {
 protected:
  ~PublicUrl() override { std::filesystem::remove_all(folder_); }

  http::Response ask(Play& play, const char* token, std::string method, std::string target, std::string body = "") {
    PlayedCaller caller(play.gateway().port(), token, play.clock());
    std::string type = body.empty() ? "" : "application/fhir+json";
    Result<http::Response> answer =
        play.hospital_loop().run(caller.call(std::move(method), std::move(target), std::move(type), std::move(body)));
    CHECK(answer);
    return std::move(*answer);
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("vardbron-public-" + std::to_string(getpid()));
};

TEST_F(PublicUrl, IsWhatEveryReferenceBeginsWith) {
  Play play(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, 1);
  play.gateway().add_server_setting("public_url = \"https://bron.region.example/v/\"");
  ASSERT_TRUE(play.gateway().start());
  ASSERT_TRUE(play.subscribe());
  ASSERT_NE(play.send_again("M-1"), "");
  ASSERT_TRUE(play.wait_for_delivery(std::chrono::seconds(30)));
  const std::string base = "https://bron.region.example/v/fhir";

  http::Response made =
      ask(play, home_care_token, "POST", "/fhir/Subscription", subscription_to(play.receivers()[0]->endpoint(), "id-only"));
  http::Response statement = ask(play, home_care_token, "GET", "/fhir/metadata");
  http::Response found = ask(play, home_care_token, "GET", "/fhir/Encounter?_count=1");
  http::Response status = ask(play, home_care_token, "GET", "/fhir/Subscription/$status");

  EXPECT_THAT(std::string(http::find(made.fields, "Location")), StartsWith(base + "/Subscription/"));
  EXPECT_THAT(statement.body, HasSubstr("\"url\":\"" + base + "\""));
  EXPECT_THAT(found.body, HasSubstr("{\"relation\":\"self\",\"url\":\"" + base + "/Encounter?_count=1\"}"));
  EXPECT_THAT(found.body, HasSubstr("\"fullUrl\":\"" + base + "/Encounter/"));
  EXPECT_THAT(status.body, HasSubstr("\"reference\":\"" + base + "/Subscription/"));
  for (const http::Response* each : {&made, &statement, &found, &status})
    EXPECT_THAT(each->body, Not(HasSubstr("127.0.0.1:" + std::to_string(play.gateway().port()))));
}

}  // namespace
}  // namespace vardbron::play
