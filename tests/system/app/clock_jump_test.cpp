#include "tests/play/play.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

// Concern: if the machine's time of day jumps by years under a running gateway, nothing is dated by it, no Task becomes late, it
// is reported, and it ends when the clock is right again.
namespace vardbron::play {
namespace {

namespace fs = std::filesystem;

class JumpingClock : public testing::TestWithParam<long> {
 protected:
  JumpingClock() : play_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, 1) {
    set_clock(0);
    play_.gateway().surround_with({{"LD_PRELOAD", VARDBRON_MACHINE_SHIM},
                                   {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                                   {"VARDBRON_SHIM_CLOCK", control_.string()}});
  }
  ~JumpingClock() override {
    play_.gateway().kill();
    fs::remove_all(folder_);
  }
  void set_clock(long seconds_away) {
    fs::create_directories(folder_);
    std::ofstream(control_.string() + ".new") << seconds_away << "\n";
    fs::rename(control_.string() + ".new", control_);
  }
  http::Response get(const std::string& target) { return ask("GET", target); }
  http::Response ask(const std::string& method, const std::string& target) {
    LoopThread loop;
    PlayedCaller caller(play_.gateway().port(), operator_token, play_.clock());
    Result<http::Response> answer = loop.run(caller.call(method, target, "", ""));
    if (answer) return *std::move(answer);
    http::Response none;
    none.status = 0;
    return none;
  }
  /// Sends a notice; the year in which its case was written, and "" when it was not taken.
  std::string year_of_a_notice(const std::string& message) {
    if (play_.send_again(message).empty()) return "";
    const std::string body = get("/fhir/Encounter?identifier=A-" + message).body, mark = "\"lastUpdated\":\"";
    const std::size_t entry = body.find("\"resource\":"), at = entry == std::string::npos ? entry : body.find(mark, entry);
    return at == std::string::npos ? "" : body.substr(at + mark.size(), 4);
  }
  std::size_t late_tasks() {
    const std::string body = get("/fhir/Task?_count=200").body;
    std::size_t count = 0;
    for (std::size_t at = body.find("\"forsenad\""); at != std::string::npos; at = body.find("\"forsenad\"", at + 1)) ++count;
    return count;
  }
  std::string year_of_the_machine() const {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    return std::to_string(1900 + parts.tm_year);
  }
  /// Whether health says that the clock is in doubt, once that is so or the time to notice it is over.
  bool comes_into_doubt(bool wanted) {
    bool is_in_doubt = !wanted;
    for (int waits = 0; waits < 200 && is_in_doubt != wanted; ++waits) {
      is_in_doubt = get("/health").body.find("accept it by POST /operate/clock") != std::string::npos;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return is_in_doubt;
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("vardbron-clock-" + std::to_string(getpid()) + "-" + std::to_string(GetParam()));
  const fs::path control_ = folder_ / "offset";
  Play play_;
};

TEST_P(JumpingClock, DatesNothingAndIsToldAndIsForgotten) {
  ASSERT_TRUE(play_.gateway().start());
  ASSERT_TRUE(play_.subscribe());
  const std::string year = year_of_the_machine();
  ASSERT_EQ(year_of_a_notice("C-1"), year);

  const std::size_t late = late_tasks();

  set_clock(GetParam());
  EXPECT_TRUE(comes_into_doubt(true)) << get("/health").body;
  EXPECT_EQ(late_tasks(), late) << "a Task is late that is not";
  EXPECT_EQ(year_of_a_notice("C-2"), year) << "a notice is dated by a clock that is wrong";

  set_clock(0);
  EXPECT_FALSE(comes_into_doubt(false)) << "the doubt outlives the jump";
  EXPECT_EQ(year_of_a_notice("C-3"), year);

  // And a gateway that is started while the clock is wrong goes on from its last commit.
  play_.gateway().kill();
  set_clock(GetParam());
  ASSERT_TRUE(play_.gateway().start());
  EXPECT_TRUE(comes_into_doubt(true));
  EXPECT_EQ(year_of_a_notice("C-4"), year);
  set_clock(0);
  play_.gateway().kill();
  ASSERT_TRUE(play_.gateway().start());
  EXPECT_FALSE(comes_into_doubt(false));
  EXPECT_EQ(year_of_a_notice("C-5"), year);
  EXPECT_TRUE(play_.wait_for_delivery(std::chrono::seconds(20)));
  for (int number = 1; number <= 5; ++number) EXPECT_NE(play_.send_again("C-" + std::to_string(number)), "");

  // What an operator accepts counts for the next start too, although nothing else was written since.
  set_clock(GetParam());
  EXPECT_TRUE(comes_into_doubt(true));
  EXPECT_EQ(ask("POST", "/operate/clock").status, 200u);
  play_.gateway().kill();
  ASSERT_TRUE(play_.gateway().start());
  EXPECT_FALSE(comes_into_doubt(false));
}

constexpr long ten_years = 315'532'800;

INSTANTIATE_TEST_SUITE_P(By, JumpingClock, testing::Values(ten_years, -ten_years),
                         [](const auto& each) { return std::string(each.param > 0 ? "TenYearsForward" : "TenYearsBack"); });

}  // namespace
}  // namespace vardbron::play
