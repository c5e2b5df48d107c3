#include "gateway/workbench/case.h"
#include "tests/play/gateway_process.h"
#include "tests/play/loop_thread.h"
#include "tests/play/play.h"
#include "tests/play/played_caller.h"
#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

// Concern: a running gateway takes new maps only if they compile and their cases pass, and rolls back on request.
namespace vardbron::play {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A gateway with a copy of the maps, which a test may edit.
class Reloading : public testing::Test {
 protected:
  Reloading() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    fs::copy(VARDBRON_SOURCE_DIR "/mappings", folder_ / "mappings", fs::copy_options::recursive);
    gateway_.emplace(VARDBRON_BINARY_DIR "/bin/vardbron", folder_ / "gateway", players(), folder_ / "mappings");
  }
  ~Reloading() override {
    gateway_.reset();
    fs::remove_all(folder_);
  }

  static std::vector<Player> players() {
    return {{"SE2321990018-MED5", hospital_token, {"send"}}, {"SE2321990018-DRIFT", operator_token, {"operate"}}};
  }

  http::Response ask(const std::string& token, std::string target, std::string type = "", std::string body = "") {
    LoopThread loop;
    PlayedCaller caller(gateway_->port(), token, clock_);
    Result<http::Response> answer = loop.run(caller.call("POST", std::move(target), std::move(type), std::move(body)));
    CHECK(answer);
    return std::move(*answer);
  }
  http::Response reload() { return ask(operator_token, "/fhir/$reload-maps"); }
  http::Response send(const std::string& message) {
    return ask(hospital_token, "/intake/cosmic", "application/xml", cosmic_notice({"admission", message, "C-" + message}));
  }

  std::string read(const fs::path& file) {
    Result<std::string> text = workbench::text_of(folder_ / file);
    return text ? *text : "";
  }
  void edit(const fs::path& file, const std::string& from, const std::string& to) {
    std::string text = read(file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    ASSERT_TRUE(workbench::write_text(folder_ / file, text.replace(at, from.size(), to)));
  }
  static std::string digest_in(const std::string& body) {
    const std::size_t at = body.find("Digest ");
    return at == std::string::npos ? "" : body.substr(at + 7, 16);
  }

  const fs::path map_ = "mappings/cosmic-notice/cosmic-notice.fml";
  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-reload-" + std::to_string(getpid()));
  RealClock clock_;
  std::optional<GatewayProcess> gateway_;
};

TEST_F(Reloading, TakesMapsThatPassTheirCasesAndGoesBack) {
  ASSERT_TRUE(gateway_->start());
  const http::Response same = reload();
  ASSERT_EQ(same.status, 200u) << same.body;
  EXPECT_THAT(same.body, HasSubstr("cases pass"));

  edit(map_, "group CosmicNotice", "// a remark\ngroup CosmicNotice");
  const http::Response changed = reload();
  ASSERT_EQ(changed.status, 200u) << changed.body;
  EXPECT_NE(digest_in(changed.body), digest_in(same.body));
  EXPECT_EQ(send("M-1").status, 200u);
  EXPECT_THAT(reload().body, HasSubstr("The maps in use are what they were"));

  const http::Response back = ask(operator_token, "/fhir/$rollback-maps");
  EXPECT_EQ(back.status, 200u);
  EXPECT_EQ(digest_in(back.body), digest_in(same.body));
  EXPECT_EQ(send("M-2").status, 200u);
  EXPECT_TRUE(gateway_->terminate());
}

// Before, one that somebody was still writing kept the gateway from starting.
TEST_F(Reloading, StartsBesideABrokenMapThatNoChannelNeeds) {
  fs::create_directories(folder_ / "mappings" / "new");
  ASSERT_TRUE(workbench::write_text(folder_ / "mappings" / "new" / "half.fml", "group half(source s) {\n"));
  ASSERT_TRUE(gateway_->start());
  EXPECT_EQ(send("M-1").status, 200u);
  Result<std::string> log = workbench::text_of(gateway_->log());
  ASSERT_TRUE(log);
  EXPECT_THAT(*log, AllOf(HasSubstr("a map that no channel needs is broken"), HasSubstr("new/half.fml:")));
  EXPECT_THAT(reload().body, HasSubstr("half.fml:")) << "it is no set to change to";
  ASSERT_TRUE(gateway_->terminate());

  const std::string config = (folder_ / "gateway" / "gateway.toml").string();
  const Finished usable = run_command({"check", config}, "");
  EXPECT_EQ(usable.exit_code, 0) << usable.errors;
  EXPECT_THAT(usable.errors, HasSubstr("half.fml:"));
  EXPECT_THAT(usable.output, HasSubstr("Warning: a map is broken, as said above; no channel needs that"));

  edit(map_, "group CosmicNotice", "group CosmicNotice oops");
  EXPECT_FALSE(gateway_->start());
  const Finished needed = run_command({"check", config}, "");
  EXPECT_EQ(needed.exit_code, 1);
  EXPECT_THAT(needed.errors, AllOf(HasSubstr("cosmic-notice.fml:"), HasSubstr("half.fml:")));
}

TEST_F(Reloading, KeepsTheOldMapsWhenANewOneDoesNotCompile) {
  ASSERT_TRUE(gateway_->start());
  edit(map_, "group CosmicNotice", "group CosmicNotice oops");

  const http::Response refused = reload();

  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("cosmic-notice.fml:"), HasSubstr("what they were")));
  EXPECT_EQ(send("M-1").status, 200u);
}

TEST_F(Reloading, KeepsTheOldMapsWhenACaseFails) {
  ASSERT_TRUE(gateway_->start());
  edit(map_, "bundle.type = 'message'", "bundle.type = 'collection'");

  const http::Response refused = reload();

  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("Case cosmic-notice/"), HasSubstr("Bundle.type")));
  EXPECT_EQ(send("M-1").status, 200u);
  EXPECT_EQ(ask(operator_token, "/fhir/$rollback-maps").status, 422u) << "nothing was loaded since the start";
}

// Where a server keeps its maps is nobody's business who sends to it.
TEST_F(Reloading, NamesAMapByWhereItLiesAmongTheMaps) {
  ASSERT_TRUE(gateway_->start());
  const std::string notice = cosmic_notice({"admission", "M-1", "C-1"});
  const std::size_t typ = notice.find("INSKRIVNING");
  ASSERT_NE(typ, std::string::npos);

  const http::Response refused =
      ask(hospital_token, "/intake/cosmic", "application/xml", std::string(notice).replace(typ, 11, "INSKRIVEN"));

  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("Rule: cosmic-notice/cosmic-notice.fml:"), Not(HasSubstr(folder_.string()))));
}

TEST_F(Reloading, TellsNobodyWhereTheFilesLieThatItRefuses) {
  ASSERT_TRUE(gateway_->start());
  const struct {
    const char *file, *text, *reported;
  } rows[] = {
      {"mappings/cosmic-notice/cosmic-notice.fml", "junk\n", "cosmic-notice/cosmic-notice.fml:1:1"},
      {"mappings/junk.json", "{", "junk.json:1:2"},
      {"mappings/junk.csv", "a,b\n", "junk.csv"},
      {"mappings/model.json", R"({"resourceType":"StructureDefinition","url":"http://x/M","kind":"logical","type":"M"})", ""},
      {"mappings/cosmic-notice/assertions.fhirpath", "1 +\n", "cosmic-notice/assertions.fhirpath:1"},
      {"mappings/cosmic-notice/cases/admission/assertions.fhirpath", "false\n",
       "cosmic-notice/cases/admission/assertions.fhirpath:1"},
      {"mappings/cosmic-notice/cases/admission/expected.json", "{}", "cosmic-notice/admission"},
      {"mappings/cosmic-notice/cases/admission/input.json", "{}", "cosmic-notice/cases/admission"},
      {"mappings/cosmic-notice/cases/admission/map", "None", "cosmic-notice/cases/admission/map"}};
  for (const auto& row : rows) {
    const std::string before = read(row.file);
    ASSERT_TRUE(workbench::write_text(folder_ / row.file, row.text));

    const http::Response refused = reload();

    EXPECT_EQ(refused.status, std::string(row.reported).empty() ? refused.status : 422u) << row.file;
    EXPECT_THAT(refused.body,
                AllOf(HasSubstr(row.reported), Not(HasSubstr(folder_.string())), Not(HasSubstr(VARDBRON_BINARY_DIR))))
        << row.file;
    if (before.empty())
      fs::remove(folder_ / row.file);
    else
      ASSERT_TRUE(workbench::write_text(folder_ / row.file, before));
  }
  EXPECT_EQ(reload().status, 200u);
}

TEST_F(Reloading, ReadsTheMapsAgainOnAHangup) {
  ASSERT_TRUE(gateway_->start());
  gateway_->hang_up();
  for (int at = 0; at < 600 && read("gateway/gateway.log").find("the maps in use are what they were") == std::string::npos; ++at)
    EXPECT_NE(send("M-" + std::to_string(at)).status, 500u);

  EXPECT_THAT(read("gateway/gateway.log"), HasSubstr("the maps in use are what they were"));
  EXPECT_TRUE(gateway_->terminate());
}

}  // namespace
}  // namespace vardbron::play
