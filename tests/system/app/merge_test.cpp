#include "gateway/base/text.h"
#include "temporary_directory.h"
#include "tests/play/play.h"
#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

// Concern: a merge and its cancellation hold in the embedded store, over the death of the gateway.

namespace vardbron::play {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* reserve_number = "991981000010";

std::string sample(const std::string& name) {
  std::ifstream file(std::filesystem::path(VARDBRON_SOURCE_DIR) / "mappings/cosmic-notice/cases" / name / "input.xml");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  CHECK(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

class Merges : public testing::Test {
 protected:
  Merges() : play_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_.path(), 0) {}

  std::string send(std::string body) {
    return call(hospital_token, "POST", "/intake/cosmic", "application/xml", std::move(body));
  }
  std::string patient(const std::string& number) {
    return call(subscriber_token(0), "POST", "/fhir/Patient/_search", "application/x-www-form-urlencoded",
                "identifier=" + number);
  }
  /// Once it holds, or what there is after ten seconds: ärenden follow a merge within milliseconds.
  template <class Matcher>
  std::string patient_once(const std::string& number, const Matcher& matcher) {
    std::string found;
    for (int tries = 0; tries < 200; ++tries) {
      found = patient(number);
      if (testing::Value(found, matcher)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return found;
  }
  void die_and_start() {
    play_.gateway().kill();
    ASSERT_TRUE(play_.gateway().start());
  }

  TemporaryDirectory folder_;
  Play play_;

 private:
  std::string call(const std::string& token, std::string method, std::string target, std::string type, std::string body) {
    PlayedCaller caller(play_.gateway().port(), token, play_.clock());
    Result<http::Response> answer =
        play_.hospital_loop().run(caller.call(std::move(method), std::move(target), std::move(type), std::move(body)));
    return answer ? answer->body : answer.failure().says;
  }
};

TEST_F(Merges, HoldInTheEmbeddedStoreAndAreTakenBackByTheirCancellation) {
  ASSERT_TRUE(play_.gateway().start());
  const std::string admission = sample("admission");
  send(admission);
  std::string other = replaced(replaced(admission, "M-1001", "M-1101"), "A-2026-000417", "A-2026-000418");
  other = replaced(replaced(other, "195009072553", reserve_number), "<personIdTyp>PNR<", "<personIdTyp>RES<");
  send(replaced(other, "<fodelsedatum>1950-09-07</fodelsedatum>", ""));
  const auto is_alone = AllOf(HasSubstr("\"total\":1"), Not(HasSubstr("\"link\":[{\"other\"")));
  ASSERT_THAT(patient(reserve_number), is_alone);

  EXPECT_THAT(send(sample("person-merged")), HasSubstr("2 ärenden of your organisation follow"));
  const auto is_merged = AllOf(HasSubstr("\"active\":false"), HasSubstr("\"type\":\"replaced-by\""));
  EXPECT_THAT(patient_once(reserve_number, is_merged), is_merged);
  die_and_start();
  EXPECT_THAT(patient(reserve_number), is_merged);
  EXPECT_THAT(patient("195009072553"), HasSubstr("\"type\":\"replaces\""));

  send(sample("person-merged-cancelled"));
  die_and_start();
  EXPECT_THAT(patient_once(reserve_number, is_alone), is_alone);
  ASSERT_TRUE(play_.gateway().terminate());
  const Finished verified = run_command({"verify", "--config", (folder_.path() / "gateway.toml").string()}, "");
  EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.errors;
}

}  // namespace
}  // namespace vardbron::play
