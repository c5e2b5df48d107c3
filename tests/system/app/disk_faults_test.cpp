#include "tests/play/play.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

// Concern: if the disk of a running gateway fails, callers get an error at once, nothing acknowledged is lost, and the gateway
// recovers by itself with the disk.
namespace vardbron::play {
namespace {

namespace fs = std::filesystem;

/// A gateway on a disk that fails while its control file says so.
class FailingMachine : public testing::Test {
 protected:
  FailingMachine() : play_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, 1) {
    play_.gateway().surround_with({{"LD_PRELOAD", VARDBRON_MACHINE_SHIM},
                                   {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                                   {"VARDBRON_SHIM_BELOW", (folder_ / "data").string()},
                                   {"VARDBRON_SHIM_DISK", control_.string()}});
  }
  ~FailingMachine() override {
    play_.gateway().kill();
    fs::remove_all(folder_);
  }

  void let_the_disk_fail(const std::string& lines) {
    std::ofstream(control_.string() + ".new") << lines;
    fs::rename(control_.string() + ".new", control_);
  }
  void mend_the_disk() { fs::remove(control_); }

  http::Response ask(const std::string& method, const std::string& target, const std::string& body = "") {
    LoopThread loop;
    PlayedCaller caller(play_.gateway().port(), hospital_token, play_.clock());
    Result<http::Response> answer = loop.run(caller.call(method, target, body.empty() ? "" : "application/xml", body));
    if (answer) return *std::move(answer);
    http::Response none;
    none.status = 0;
    return none;
  }
  /// Sends a notice of its own; kept in mind when it was acknowledged.
  http::Response send() {
    const std::string message = "D-" + std::to_string(++sent_);
    http::Response answer = ask("POST", "/intake/cosmic", cosmic_notice({"admission", message, "A-" + message}));
    if (answer.status == 200) acknowledged_.push_back({message, answer.body, 0});
    return answer;
  }
  template <class Condition>
  bool comes_true(Condition condition, int seconds_max) {
    for (int waits = 0; waits < seconds_max * 10; ++waits) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return condition();
  }
  void expect_nothing_lost() {
    for (const Acknowledged& each : acknowledged_) EXPECT_EQ(play_.send_again(each.message), each.receipt) << each.message;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-disk-" + std::to_string(getpid()));
  const fs::path control_ = folder_ / "disk-fails";
  Play play_;
  std::vector<Acknowledged> acknowledged_;
  int sent_ = 0;
};

// Two of them in a usual run: the gateway takes its time to try a disk again. All with VARDBRON_EVERY_FAULT=1.
std::vector<const char*> faults() {
  std::vector<const char*> usual{"write ENOSPC\n", "sync EIO\n"};
  if (std::getenv("VARDBRON_EVERY_FAULT") == nullptr) return usual;
  for (const char* more : {"write EDQUOT\n", "write EROFS\n", "write EIO\n", "sync ENOSPC\n",
                           "write SHORT 1\nwrite ENOSPC 2\nwrite ENOSPC 3\nsync EIO\n"})
    usual.push_back(more);
  return usual;
}

TEST_F(FailingMachine, TellsItsCallersAndGoesOnByItselfWhenTheDiskIsWell) {
  ASSERT_TRUE(play_.gateway().start());
  ASSERT_TRUE(play_.subscribe());
  for (const char* fault : faults()) {
    SCOPED_TRACE(fault);
    ASSERT_EQ(send().status, 200u);

    let_the_disk_fail(fault);
    for (int round = 0; round < 3; ++round) {
      const http::Response refused = send();
      EXPECT_EQ(refused.status, 503u) << refused.body;
      EXPECT_NE(http::find(refused.fields, "Retry-After"), "") << "nobody says when to try again";
    }
    EXPECT_TRUE(comes_true([this] { return ask("GET", "/health").status == 503; }, 10)) << "health is fine";

    mend_the_disk();
    ASSERT_TRUE(comes_true([this] { return send().status == 200; }, 30)) << "it does not go on";
    EXPECT_TRUE(comes_true([this] { return ask("GET", "/health").status == 200; }, 10)) << "health is not";
  }
  ASSERT_TRUE(play_.wait_for_delivery(std::chrono::seconds(30)));
  expect_nothing_lost();
  play_.gateway().kill();
  ASSERT_TRUE(play_.gateway().start());
  expect_nothing_lost();
  EXPECT_TRUE(play_.wait_for_delivery(std::chrono::seconds(30)));
}

// One call fails and the next ones do not, at many places of a life: writes and syncs of commits, of the log's copying, of close.
TEST_F(FailingMachine, LosesNothingWhicheverCallFails) {
  int failed = 0;
  for (const char* call : {"write EIO", "write ENOSPC", "sync EIO", "truncate EIO"}) {
    for (int nth = 1; nth <= 9; nth += 4) {
      SCOPED_TRACE(std::string(call) + " at call " + std::to_string(nth));
      ASSERT_TRUE(play_.gateway().is_running() || play_.gateway().start());
      let_the_disk_fail(std::string(call) + " " + std::to_string(nth) + "\n");
      for (int round = 0; round < 6; ++round) failed += send().status == 200 ? 0 : 1;
      mend_the_disk();
      ASSERT_TRUE(comes_true([this] { return send().status == 200; }, 30)) << "it does not go on";
    }
  }
  EXPECT_GT(failed, 3) << "no fault was met";
  play_.gateway().kill();
  ASSERT_TRUE(play_.gateway().start());
  expect_nothing_lost();
}

}  // namespace
}  // namespace vardbron::play
