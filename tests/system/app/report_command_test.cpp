#include "tests/play/play.h"
#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

// Concern: `report` prints the table of a month that a running gateway gives it, and says why it gives none.
namespace vardbron::play {
namespace {

using testing::HasSubstr;

class ReportCommand : public testing::Test {
 protected:
  ReportCommand() : play_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, 0) {
    play_.gateway().add_to_config(
        "[agreement]\nname = \"MEDEL\"\naverage_decides = true\nfree_average_tenths = 0\nsip_call_is_wanted = false\n"
        "[agreement.prices]\n2026 = 11000\n");
    CHECK(play_.gateway().start());
    token("hospital", hospital_token);
    token("home-care", subscriber_token(0));
    token("health-centre", subscriber_token(2));
  }
  ~ReportCommand() override { std::filesystem::remove_all(folder_); }

  void token(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text << "\n"; }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  Finished report(const std::string& token, std::vector<std::string> further) {
    std::vector<std::string> arguments = {"report", "--gateway", play_.gateway().url(), "--token-file", file(token)};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return run_command(arguments, "");
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("vardbron-report-" + std::to_string(getpid()));
  Play play_;
};

TEST_F(ReportCommand, PrintsWhatTheMunicipalityPaysForAMonth) {
  const std::string cases = VARDBRON_SOURCE_DIR "/mappings/cosmic-notice/cases/";
  for (const char* name : {"admission", "discharge-ready", "discharge"}) {
    const Finished sent = run_command(
        {"send", "--to", play_.gateway().url() + "/intake/cosmic", "--token-file", file("hospital"), cases + name + "/input.xml"},
        "");
    ASSERT_EQ(sent.exit_code, 0) << sent.output << sent.errors;
  }
  const std::string row = "\n2026-03,Kommun 0880,2120990011,MEDEL,1,0,1,0,1.00,0.0,1,11000,11000,";
  const Finished march = report("home-care", {"--month", "2026-03"});
  EXPECT_EQ(march.exit_code, 0) << march.errors;
  EXPECT_THAT(march.output, HasSubstr("month,municipality,organisationsnummer,agreement,"));
  EXPECT_THAT(march.output, HasSubstr(row));
  EXPECT_THAT(report("home-care", {"--month", "2026-03", "--municipality", "212099-0011"}).output, HasSubstr(row));

  const Finished april = report("home-care", {"--month", "2026-04"});
  EXPECT_EQ(april.exit_code, 1);
  EXPECT_THAT(april.errors, HasSubstr("404"));
  EXPECT_THAT(april.errors, HasSubstr("ended in that month"));
  EXPECT_EQ(report("health-centre", {"--month", "2026-03"}).errors, report("health-centre", {"--month", "2026-04"}).errors);

  const std::string charges = play_.gateway().url() + "/fhir/ChargeItem";
  const Finished summary = run_command({"get", charges, "--summary", "--token-file", file("home-care")}, "");
  EXPECT_THAT(summary.output, HasSubstr("charge: 1 day waited, the stay ended on 2026-03-13, the average of the month decides"));
}

TEST_F(ReportCommand, NamesWhatIsWrongWithItsOptions) {
  EXPECT_EQ(report("home-care", {}).exit_code, 2);
  const Finished month = report("home-care", {"--month", "march"});
  EXPECT_EQ(month.exit_code, 2);
  EXPECT_THAT(month.errors, HasSubstr("'march' is no month, such as 2026-03"));
  const Finished number = report("home-care", {"--month", "2026-03", "--municipality", "Kalmar"});
  EXPECT_EQ(number.exit_code, 2);
  EXPECT_THAT(number.errors, HasSubstr("'Kalmar' is no organisationsnummer"));
  EXPECT_EQ(report("home-care", {"--month", "2026-13"}).exit_code, 1) << "the gateway knows no such month";
}

}  // namespace
}  // namespace vardbron::play
