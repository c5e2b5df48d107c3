// Concern: a gateway whose disk or clock fails says so, keeps what it can, and is well again without a person.
#include "gateway/store/sqlite/database.h"
#include "tests/play/gateway_process.h"
#include "tests/play/loop_thread.h"
#include "tests/play/play.h"
#include "tests/play/played_caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace vardbron::play {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Failing : public testing::Test {
 protected:
  Failing() {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "other");
    gateway_.emplace(VARDBRON_BINARY_DIR "/bin/vardbron", folder_ / "gateway", players());
    gateway_->add_to_config("[audit]\nfallback = \"" + (folder_ / "other" / "audit.jsonl").string() + "\"\n");
    gateway_->surround_with({{"LD_PRELOAD", VARDBRON_MACHINE_SHIM},
                             {"VARDBRON_SHIM_BELOW", (folder_ / "gateway" / "data").string()},
                             {"VARDBRON_SHIM_DISK", (folder_ / "disk").string()},
                             {"VARDBRON_SHIM_CLOCK", (folder_ / "clock").string()}});
  }
  ~Failing() override {
    gateway_.reset();
    fs::remove_all(folder_);
  }
  static std::vector<Player> players() {
    return {{"SE2321990018-MED5", hospital_token, {"send"}}, {"SE2321990018-DRIFT", operator_token, {"operate", "receive"}}};
  }
  http::Response ask(const std::string& method, const std::string& target, const std::string& token, std::string body = "") {
    PlayedCaller caller(gateway_->port(), token, clock_);
    std::string type = body.empty() ? "" : "application/xml";
    Result<http::Response> answer = loop_.run(caller.call(method, target, std::move(type), std::move(body)));
    CHECK(answer);
    return std::move(*answer);
  }
  http::Response send(const std::string& message) {
    return ask("POST", "/intake/cosmic", hospital_token, cosmic_notice({"admission", message, "C-" + message}));
  }
  void say(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  /// Asks until /health holds the text; half a minute at most.
  bool health_says(const std::string& text) {
    const Deadline until = clock_.in(std::chrono::seconds(30));
    while (!clock_.passed(until)) {
      if (ask("GET", "/health", operator_token).body.find(text) != std::string::npos) return true;
      loop_.run(pause());
    }
    return false;
  }
  Task<> pause() {
    const bool slept = co_await clock_.sleep_until(clock_.now() + std::chrono::milliseconds(100));
    (void)slept;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-failing-" + std::to_string(getpid()));
  RealClock clock_;
  LoopThread loop_;
  std::optional<GatewayProcess> gateway_;
};

TEST_F(Failing, AFileOfSealsThatCannotBeWrittenIsToldByHealthUntilItCan) {
  const fs::path place = folder_ / "seals";
  gateway_->add_to_config("[seal]\nentries = 1\nfile = \"" + (place / "seals").string() + "\"\n");
  ASSERT_TRUE(gateway_->start());
  EXPECT_TRUE(health_says("The store's seals cannot be written outside ([seal] file): No such file or directory."));
  EXPECT_EQ(ask("GET", "/health", "").status, 200u) << "a warning: what comes is kept all the same";

  fs::create_directories(place);
  ASSERT_EQ(send("M-1").status, 200u);

  EXPECT_TRUE(health_says("\"seals\":{\"status\":\"ok\""));
}

// What needed it was answered "send it again", and /health said that all was well.
TEST_F(Failing, ABrokenPageOfAnIndexIsToldByHealthAndByTheVerificationOfTheRunningGateway) {
  ASSERT_TRUE(gateway_->start());
  ASSERT_EQ(send("M-1").status, 200u);
  ASSERT_TRUE(gateway_->terminate());
  const fs::path file = folder_ / "gateway" / "data" / "vardbron.db";
  std::int64_t page = 0;
  {
    Result<std::unique_ptr<store::Database>> database = store::Database::open(file, store::Database::Use::Read);
    ASSERT_TRUE(database.ok());
    page = (*database)->number("SELECT rootpage FROM sqlite_schema WHERE name='sqlite_autoindex_subscription_1'");
  }
  ASSERT_GT(page, 1);
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp((page - 1) * 4096 + 2000).put('!').flush();
  bytes.close();

  ASSERT_TRUE(gateway_->start());
  const http::Response verified = ask("GET", "/operate/verify", operator_token);

  EXPECT_THAT(verified.body,
              HasSubstr("Index sqlite_autoindex_subscription_1: Page " + std::to_string(page) + " of the store's file"));
  const http::Response health = ask("GET", "/health", "");
  EXPECT_EQ(health.status, 200u) << "what needs none of it is kept and served";
  EXPECT_THAT(health.body,
              HasSubstr("\"pages\":{\"status\":\"warn\",\"says\":\"1 page of the store is not what was written there"));
  EXPECT_THAT(ask("GET", "/metrics", "").body, HasSubstr("vardbron_store_broken_pages_total 1"));
  EXPECT_EQ(send("M-2").status, 200u);
}

TEST_F(Failing, AFileOfSealsThatWasTakenAwayIsToldByHealthUntilTheNextStart) {
  gateway_->add_to_config("[seal]\nfile = \"" + (folder_ / "other" / "seals").string() + "\"\n");
  ASSERT_TRUE(gateway_->start());
  ASSERT_EQ(send("M-1").status, 200u);
  ASSERT_TRUE(gateway_->terminate());
  ASSERT_GT(fs::file_size(folder_ / "other" / "seals"), 0u);
  fs::remove(folder_ / "other" / "seals");
  ASSERT_TRUE(gateway_->start());
  EXPECT_TRUE(health_says("\"seals\":{\"status\":\"warn\",\"says\":\"The file of seals ([seal] file) was missing"));
  ASSERT_TRUE(gateway_->terminate());
  ASSERT_TRUE(gateway_->start());
  EXPECT_TRUE(health_says("\"seals\":{\"status\":\"ok\""));

  // And a folder without a store, such as that of a disk that is not there, is no new store.
  ASSERT_TRUE(gateway_->terminate());
  fs::rename(folder_ / "gateway" / "data", folder_ / "gateway" / "data.away");
  EXPECT_FALSE(gateway_->start());
}

TEST_F(Failing, ADiskThatIsFullIsToldAndReadsGoOnAndItIsWellAgainWithoutARestart) {
  ASSERT_TRUE(gateway_->start());
  ASSERT_EQ(send("M-1").status, 200u);
  ASSERT_EQ(ask("GET", "/ready", "").status, 200u);
  ASSERT_EQ(ask("GET", "/fhir/Encounter", operator_token).status, 200u);

  say("disk", "write ENOSPC\n");
  http::Response refused = send("M-2");
  EXPECT_EQ(refused.status, 503u) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("disk is full"));
  EXPECT_THAT(refused.body, HasSubstr("Nothing of the message was kept"));
  EXPECT_EQ(refused.body.find("kept"), refused.body.rfind("kept")) << "once: " << refused.body;
  EXPECT_FALSE(http::find(refused.fields, "Retry-After").empty());
  EXPECT_EQ(ask("GET", "/health", "").status, 503u);
  EXPECT_EQ(ask("GET", "/ready", "").status, 503u);
  EXPECT_THAT(ask("GET", "/metrics", "").body, HasSubstr("vardbron_store_up 0"));
  http::Response read = ask("GET", "/fhir/Encounter", operator_token);
  EXPECT_EQ(read.status, 200u) << read.body;
  EXPECT_THAT(read.body, HasSubstr("\"total\":1"));
  EXPECT_GT(fs::file_size(folder_ / "other" / "audit.jsonl"), 0u);

  fs::remove(folder_ / "disk");
  EXPECT_TRUE(health_says("\"status\":\"ok\",\"checks\""));
  EXPECT_EQ(send("M-2").status, 200u);
  EXPECT_EQ(fs::file_size(folder_ / "other" / "audit.jsonl"), 0u);
}

// The soft limit of this process while it lives, and so of what is started meanwhile.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    CHECK(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit limit{bytes, before_.rlim_max};
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

// It was ended by the signal, with the request unanswered.
TEST_F(Failing, AFileThatMayNotGrowAnyMoreRefusesWhatComesAndEndsNothing) {
  {
    const FileSizeLimit limit(1 << 20);
    ASSERT_TRUE(gateway_->start());
  }
  std::vector<std::string> kept;
  http::Response answer;
  for (int number = 0; number < 100; ++number) {
    const std::string message = "M-" + std::to_string(number);
    answer = send(message);
    if (answer.status != 200) break;
    kept.push_back(message);
  }
  EXPECT_EQ(answer.status, 503u) << answer.body;
  EXPECT_FALSE(kept.empty());
  EXPECT_EQ(ask("GET", "/health", "").status, 503u) << "it is there, and says so";

  gateway_->kill();
  ASSERT_TRUE(gateway_->start());
  const http::Response read = ask("GET", "/fhir/Encounter", operator_token);
  EXPECT_THAT(read.body, HasSubstr("\"total\":" + std::to_string(kept.size()) + ","));
  EXPECT_EQ(send("M-again").status, 200u);
}

TEST_F(Failing, ADamagedSecondPlaceOfTheAccessLogIsKeptAsideAndTheGatewayGoesOn) {
  const fs::path second = folder_ / "other" / "audit.jsonl";
  fs::create_directories(second.parent_path());
  std::ofstream(second) << "no id\nno row\n";
  ASSERT_TRUE(gateway_->start());
  EXPECT_TRUE(health_says("\"files_set_aside\":1"));
  EXPECT_THAT(ask("GET", "/metrics", "").body, HasSubstr("vardbron_audit_fallback_set_aside 1"));
  EXPECT_EQ(ask("GET", "/ready", "").status, 200u);
  EXPECT_EQ(fs::file_size(second.string() + ".set-aside-unknown"), 13u);
  EXPECT_EQ(send("M-1").status, 200u);
}

TEST_F(Failing, ATimeOfDayThatJumpsTenYearsIsToldAndNothingIsDatedByIt) {
  ASSERT_TRUE(gateway_->start());
  say("clock", "315360000");
  EXPECT_TRUE(health_says("jumped and is not followed"));
  ASSERT_EQ(send("M-1").status, 200u);
  http::Response read = ask("GET", "/fhir/Encounter", operator_token);
  EXPECT_THAT(read.body, HasSubstr("\"total\":1"));
  http::Response reported = ask("GET", "/operate/clock", operator_token);
  EXPECT_THAT(reported.body, HasSubstr("\"in_doubt\":true"));
  const std::size_t at = read.body.find("\"lastUpdated\":\"") + 15;
  const std::size_t machine = reported.body.find("\"machine\":\"") + 11;
  EXPECT_GE(std::stoi(reported.body.substr(machine, 4)), std::stoi(read.body.substr(at, 4)) + 9);
  EXPECT_EQ(ask("GET", "/ready", "").status, 200u);

  fs::remove(folder_ / "clock");
  EXPECT_TRUE(health_says("\"status\":\"ok\",\"checks\""));
}

}  // namespace
}  // namespace vardbron::play
