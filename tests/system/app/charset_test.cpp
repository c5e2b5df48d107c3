#include "tests/play/play.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// Concern: a patient whose name is read in another character set than its sender wrote it in.
namespace vardbron::play {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* home_care_token = "played-home-care-token";

class ChannelCharset : public testing::Test {
 protected:
  ChannelCharset() : play_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, 0) {
    play_.gateway().add_to_config(
        "[[channel]]\nname = \"adt\"\nmap = \"https://vardbron.example/fhir/StructureMap/Hl7v2Adt\"\ncharset = \"ibm850\"\n"
        "[[channel]]\nname = \"plain\"\nmap = \"https://vardbron.example/fhir/StructureMap/Hl7v2Adt\"\n");
    EXPECT_TRUE(play_.gateway().start());
  }
  ~ChannelCharset() override { std::filesystem::remove_all(folder_); }

  /// An admission whose patient is called so, in these bytes, and whose MSH-18 names that set.
  static std::string admission(const std::string& family, const std::string& msh18) {
    std::ifstream file(VARDBRON_SOURCE_DIR "/mappings/hl7v2-adt/cases/admission/input.hl7", std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const std::string role : {"Hemsjukv\xE5rden", "Bist\xE5ndsenheten", "V\xE5rdcentralen"})
      text.replace(text.find(role), role.size(), "Enheten");
    text.replace(text.find("8859/1"), 6, msh18);
    return text.replace(text.find("Exempelsson"), 11, family);
  }

  http::Response ask(const char* token, std::string method, std::string target, std::string body = "") {
    PlayedCaller caller(play_.gateway().port(), token, play_.clock());
    std::string type = body.empty() ? "" : "x-application/hl7-v2+er7";
    Result<http::Response> answer =
        play_.hospital_loop().run(caller.call(std::move(method), std::move(target), std::move(type), std::move(body)));
    CHECK(answer);
    return std::move(*answer);
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("vardbron-charset-" + std::to_string(getpid()));
  Play play_;
};

TEST_F(ChannelCharset, OfTheConfigurationIsWhatIsRead) {
  const http::Response stored = ask(hospital_token, "POST", "/intake/adt", admission("\x8Fkesson", ""));
  EXPECT_EQ(stored.status, 200u) << stored.body;
  EXPECT_THAT(stored.body, Not(HasSubstr("MSH-18")));
  EXPECT_THAT(ask(home_care_token, "GET", "/fhir/Patient").body, HasSubstr("Åkesson"));
}

TEST_F(ChannelCharset, AgainstMsh18IsTold) {
  const http::Response stored = ask(hospital_token, "POST", "/intake/adt", admission("\xB5kesson", "8859/1"));
  EXPECT_EQ(stored.status, 200u) << stored.body;
  EXPECT_THAT(stored.body,
              HasSubstr("MSH-18 says 8859/1, and the channel's charset is ibm850: PID-5 in line 3 was read as ibm850."));
  EXPECT_THAT(ask(home_care_token, "GET", "/fhir/Patient").body, HasSubstr("Ákesson"));
}

TEST_F(ChannelCharset, ThatNobodyNamesIsAsciiAndOtherLettersAreToldOrRefused) {
  const http::Response reported = ask(hospital_token, "POST", "/intake/plain", admission("\xC5kesson", ""));
  EXPECT_EQ(reported.status, 200u) << reported.body;
  EXPECT_THAT(reported.body,
              HasSubstr("MSH-18 names no character set, which means ASCII, and PID-5 in line 3 has other letters"));

  const http::Response refused = ask(hospital_token, "POST", "/intake/plain", admission("\x8Fkesson", ""));
  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(refused.body, HasSubstr("the bytes of PID-5 in line 3 are of none that can be told"));
}

}  // namespace
}  // namespace vardbron::play
