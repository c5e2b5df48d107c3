// Concern: an operator at night has one command that saves a store while it is used, and one that puts it back; neither leaves
// anything half done that looks as if it were done.
#include "tests/play/gateway_process.h"
#include "tests/play/loop_thread.h"
#include "tests/play/play.h"
#include "tests/play/played_caller.h"
#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace vardbron::play {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class BackupCommand : public testing::Test {
 protected:
  BackupCommand() {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "backups");
    const std::vector<Player> players = {{"SE2321990018-MED5", hospital_token, {"send"}},
                                         {"SE2321990018-DRIFT", operator_token, {"operate", "receive"}}};
    gateway_.emplace(VARDBRON_BINARY_DIR "/bin/vardbron", folder_ / "gateway", players);
    gateway_->add_to_config("[seal]\nentries = 1\nfile = \"" + (folder_ / "seals").string() + "\"\n");
  }
  ~BackupCommand() override {
    gateway_.reset();
    fs::remove_all(folder_);
  }
  http::Response ask(const std::string& method, const std::string& target, const std::string& token, std::string body = "") {
    PlayedCaller caller(gateway_->port(), token, clock_);
    std::string type = body.empty() ? "" : "application/xml";
    Result<http::Response> answer = loop_.run(caller.call(method, target, std::move(type), std::move(body)));
    CHECK(answer);
    return std::move(*answer);
  }
  void send(int first, int last) {
    for (int each = first; each <= last; ++each) {
      const std::string message = "M-" + std::to_string(each);
      ASSERT_EQ(ask("POST", "/intake/cosmic", hospital_token, cosmic_notice({"admission", message, "C-" + message})).status,
                200u);
    }
  }
  bool has(int message) {
    const std::string target = "/fhir/Encounter?identifier=C-M-" + std::to_string(message);
    return ask("GET", target, operator_token).body.find("\"value\":\"C-M-" + std::to_string(message) + "\"") != std::string::npos;
  }
  std::string config() const { return (folder_ / "gateway" / "gateway.toml").string(); }
  fs::path backup() const { return folder_ / "backups" / "one.db"; }
  Finished command(std::vector<std::string> arguments) { return run_command(arguments, ""); }
  Finished back_up() { return command({"backup", "--config", config(), "--to", backup().string()}); }
  Finished restore(std::vector<std::string> further = {}) {
    std::vector<std::string> arguments = {"restore", "--config", config(), "--from", backup().string()};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return command(arguments);
  }
  Finished verify() { return command({"verify", "--config", config()}); }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-backup-" + std::to_string(getpid()));
  RealClock clock_;
  LoopThread loop_;
  std::optional<GatewayProcess> gateway_;
};

TEST_F(BackupCommand, SavesTheStoreOfARunningGatewayAndRestorePutsItBack) {
  ASSERT_TRUE(gateway_->start());
  send(1, 10);
  const Finished saved = back_up();
  ASSERT_EQ(saved.exit_code, 0) << saved.output << saved.errors;
  EXPECT_THAT(saved.output, HasSubstr("verified; the store as it was at seal "));
  EXPECT_THAT(saved.output, HasSubstr(", while a gateway runs."));
  EXPECT_THAT(saved.output, HasSubstr("The key of the seal is not in it"));
  send(11, 15);

  const Finished running = restore({"--replace"});
  EXPECT_EQ(running.exit_code, 3);
  EXPECT_THAT(running.errors, HasSubstr("Another process has the store open."));
  ASSERT_TRUE(gateway_->terminate());
  const Finished there = restore();
  EXPECT_EQ(there.exit_code, 1);
  EXPECT_THAT(there.errors, HasSubstr("There is a store already. --replace moves it aside."));

  const Finished restored = restore({"--replace"});
  ASSERT_EQ(restored.exit_code, 0) << restored.output << restored.errors;
  EXPECT_THAT(restored.output, HasSubstr("Restored: the store is as it was at seal "));
  EXPECT_THAT(restored.output, HasSubstr("senders have to send it again"));
  const Finished verified = verify();
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  EXPECT_THAT(verified.output, HasSubstr("Restored at "));

  for (int starts = 0; starts < 2; ++starts) {
    ASSERT_TRUE(gateway_->start());
    EXPECT_TRUE(has(10));
    EXPECT_FALSE(has(11));
    const std::string health = ask("GET", "/health", "").body;
    EXPECT_THAT(health, HasSubstr("\"seals\":{\"status\":\"ok\""));
    EXPECT_THAT(health, HasSubstr("\"restored_at\":\"20"));
    EXPECT_THAT(ask("GET", "/operate/verify", operator_token).body, HasSubstr("{\"clean\":true,"));
    ASSERT_TRUE(gateway_->terminate());
  }
  ASSERT_TRUE(gateway_->start());
  send(11, 15);
  EXPECT_TRUE(has(15)) << "what is sent again is taken";
}

TEST_F(BackupCommand, AFolderGetsAFileNamedByTheTime) {
  ASSERT_TRUE(gateway_->start());
  const Finished saved = command({"backup", "--config", config(), "--to", (folder_ / "backups").string()});
  ASSERT_EQ(saved.exit_code, 0) << saved.errors;
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(folder_ / "backups")) names.push_back(each.path().filename());
  ASSERT_EQ(names.size(), 1u);
  EXPECT_THAT(names[0], testing::MatchesRegex("vardbron-20[0-9]{6}T[0-9]{6}Z\\.db"));
}

TEST_F(BackupCommand, SaysWhyThereIsNone) {
  ASSERT_TRUE(gateway_->start());
  ASSERT_TRUE(gateway_->terminate());
  const Finished nowhere = command({"backup", "--config", config(), "--to", (folder_ / "missing" / "one.db").string()});
  EXPECT_EQ(nowhere.exit_code, 3) << nowhere.errors;
  EXPECT_THAT(nowhere.errors,
              HasSubstr((folder_ / "missing").string() + ": There is no such folder: make it, or mount its disk."));
  for (const char* missing : {"not-mounted", "not-mounted/"}) {
    const Finished unmounted = command({"backup", "--config", config(), "--to", (folder_ / missing).string()});
    EXPECT_EQ(unmounted.exit_code, 3);
    EXPECT_THAT(unmounted.errors, HasSubstr("There is no such folder"));
    EXPECT_FALSE(fs::exists(folder_ / "not-mounted")) << "no file gets the folder's name";
  }
  std::ofstream(backup()) << "yesterday's";
  const Finished taken = back_up();
  EXPECT_EQ(taken.exit_code, 3);
  EXPECT_THAT(taken.errors, HasSubstr("There is a file of that name."));
  const Finished no_store = restore();
  EXPECT_EQ(no_store.exit_code, 1) << "there is a store";
  const Finished foreign = restore({"--replace"});
  EXPECT_NE(foreign.exit_code, 0);
  EXPECT_THAT(foreign.errors, HasSubstr(backup().string() + ": The backup"));
  EXPECT_THAT(foreign.errors, HasSubstr("Nothing was restored; the store is as it was. Take another backup."));
  EXPECT_THAT(foreign.errors, Not(HasSubstr("he store's file")));
  EXPECT_TRUE(gateway_->start()) << "the store that was there is untouched";
  fs::remove(backup());
  EXPECT_EQ(restore({"--replace"}).exit_code, 1) << "no such backup";
}

// Before, the store was blamed for it.
TEST_F(BackupCommand, ADamagedBackupIsCalledDamagedAndNotTheStore) {
  ASSERT_TRUE(gateway_->start());
  send(1, 10);
  ASSERT_EQ(back_up().exit_code, 0);
  ASSERT_TRUE(gateway_->terminate());
  const std::uintmax_t bytes = fs::file_size(backup());
  for (const std::uintmax_t at : {std::uintmax_t{30}, std::uintmax_t{4096 * 3 + 1000}, bytes - 2000}) {
    std::fstream file(backup(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(was ^ 64)).flush();
    const Finished damaged = restore({"--replace"});
    EXPECT_THAT(damaged.exit_code, testing::AnyOf(1, 3)) << at;
    EXPECT_THAT(damaged.errors, HasSubstr("backup")) << at;
    EXPECT_THAT(damaged.errors, HasSubstr("Nothing was restored; the store is as it was.")) << at;
    EXPECT_THAT(damaged.errors, Not(HasSubstr("he store's file"))) << at;
    EXPECT_THAT(damaged.errors, Not(HasSubstr("he store is not"))) << at;
    file.seekp(static_cast<std::streamoff>(at)).put(was).flush();
  }
  EXPECT_EQ(restore({"--replace"}).exit_code, 0) << "the bytes are as they were";
}

// And what a killed one leaves has no backup's name; the gateway goes on, and the next backup is made.
TEST_F(BackupCommand, KilledAtAnyTimeLeavesNothingThatLooksLikeABackup) {
  ASSERT_TRUE(gateway_->start());
  send(1, 20);
  for (int times = 0; times < 12; ++times) {
    fs::remove(backup());
    {
      Command killed({"backup", "--config", config(), "--to", backup().string()});
      std::this_thread::sleep_for(std::chrono::milliseconds(times * 5));
    }
    if (!fs::exists(backup())) continue;
    // It came to its end before: then it is a whole store.
    fs::create_directories(folder_ / "other");
    fs::copy_file(backup(), folder_ / "other" / "vardbron.db");
    fs::copy_file(folder_ / "gateway" / "data" / "seal.key", folder_ / "other" / "seal.key");
    std::ofstream(folder_ / "other.toml") << "store = \"other\"\n";
    const Finished verified = command({"verify", "--config", (folder_ / "other.toml").string()});
    EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.errors;
    fs::remove_all(folder_ / "other");
  }
  fs::remove(backup());
  ASSERT_EQ(back_up().exit_code, 0);
  EXPECT_FALSE(fs::exists(backup().string() + ".part"));
  send(21, 22);
}

TEST_F(BackupCommand, HasAllThatWasAcknowledgedBeforeItWhileMoreComes) {
  ASSERT_TRUE(gateway_->start());
  std::atomic<bool> stop = false;
  std::atomic<int> acknowledged = 0;
  std::thread hospital([&] {
    LoopThread loop;
    PlayedCaller caller(gateway_->port(), hospital_token, clock_);
    for (int each = 1; !stop; ++each) {
      const std::string message = "M-" + std::to_string(each);
      const Result<http::Response> answer = loop.run(
          caller.call("POST", "/intake/cosmic", "application/xml", cosmic_notice({"admission", message, "C-" + message})));
      if (answer && answer->status == 200) acknowledged = each;
    }
  });
  while (acknowledged < 100) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const int before = acknowledged;
  const Finished saved = back_up();
  const int after = acknowledged;
  stop = true;
  hospital.join();
  ASSERT_EQ(saved.exit_code, 0) << saved.output << saved.errors;
  EXPECT_GT(after, before);

  gateway_->kill();
  ASSERT_EQ(restore({"--replace"}).exit_code, 0);
  ASSERT_TRUE(gateway_->start());
  bool is_missing = false;
  int last = 0;
  for (int each = 1; each <= after; each += each < before - 5 ? 7 : 1) {
    const bool is_there = has(each);
    EXPECT_TRUE(is_there || each > before) << each;
    EXPECT_FALSE(is_there && is_missing) << each << " is there, although one before it is not";
    is_missing = is_missing || !is_there;
    if (is_there) last = each;
  }
  EXPECT_GE(last, before);
}

}  // namespace
}  // namespace vardbron::play
