#include "gateway/base/random.h"
#include "tests/play/play.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

// Concern: a bit that has changed on the disk never changes an answer in silence: it is the answer of before, or a refusal.
namespace vardbron::play {
namespace {

namespace fs = std::filesystem;

std::size_t flips_wanted() {
  const char* given = std::getenv("VARDBRON_FLIPS");
  return given != nullptr ? std::stoul(given) : 20;
}

using Answers = std::map<std::string, std::string>;  ///< by target

/// A gateway on a store that is closed, changed and opened again.
class BitFlips : public testing::Test {
 protected:
  BitFlips() : play_(VARDBRON_BINARY_DIR "/bin/vardbron", folder_, 1) {}
  ~BitFlips() override {
    play_.gateway().kill();
    fs::remove_all(folder_);
  }

  http::Response get(const std::string& target) {
    PlayedCaller caller(play_.gateway().port(), operator_token, play_.clock());
    Result<http::Response> answer = loop_.run(caller.call("GET", target, "", ""));
    if (answer) return *std::move(answer);
    http::Response none;
    none.status = 0;
    return none;
  }
  /// Every resource that an operator finds, by where it is read; and how many there are of each type.
  Answers all_answers() {
    Answers all;
    for (const char* type :
         {"Encounter", "Patient", "Task", "CareTeam", "CarePlan", "Communication", "ChargeItem", "Organization", "Consent"}) {
      const std::string list = std::string("/fhir/") + type;
      const std::string mark = std::string("\"resourceType\":\"") + type + "\",\"id\":\"", body = get(list + "?_count=200").body;
      for (std::size_t at = body.find(mark); at != std::string::npos; at = body.find(mark, at + 1)) {
        const std::size_t from = at + mark.size();
        const std::string there = list + "/" + body.substr(from, body.find('"', from) - from);
        all[there] = get(there).body;
      }
      const std::size_t total = body.find("\"total\":");
      if (total != std::string::npos) all[list + "?_count=0"] = body.substr(total, body.find(',', total) - total);
    }
    return all;
  }
  void flip(const std::string& whole, std::uint64_t bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    for (const char* beside : {"-wal", "-shm"}) fs::remove(file_.string() + beside);
    std::ofstream(file_, std::ios::binary | std::ios::trunc).write(changed.data(), static_cast<std::streamsize>(changed.size()));
  }

  fs::path log() const { return file_.string() + "-wal"; }
  void flip_in_log(std::uint64_t bit) const {
    std::fstream bytes(log(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(bit / 8));
    const int was = bytes.get();
    bytes.seekp(static_cast<std::streamoff>(bit / 8)).put(static_cast<char>(was ^ (1 << (bit % 8)))).flush();
  }
  /// Where in the log each page begins that is read from it. Source: SQLite's file format, section 4.
  std::vector<std::uint64_t> newest_pages_in_log() const {
    constexpr std::uint64_t head_bytes = 32, frame_head_bytes = 24, frame_bytes = frame_head_bytes + 4096;
    std::map<std::string, std::uint64_t> newest;
    std::ifstream bytes(log(), std::ios::binary);
    std::string page(4, '\0');
    for (std::uint64_t at = head_bytes; at + frame_bytes <= fs::file_size(log()); at += frame_bytes) {
      bytes.seekg(static_cast<std::streamoff>(at)).read(page.data(), 4);
      newest[page] = at + frame_head_bytes;
    }
    std::vector<std::uint64_t> places;
    for (const auto& [number, at] : newest) places.push_back(at);
    return places;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("vardbron-flips-" + std::to_string(getpid()));
  const fs::path file_ = folder_ / "data" / "vardbron.db";
  Play play_;
  LoopThread loop_;
};

TEST_F(BitFlips, AreNeverAnswersOfAnotherContent) {
  ASSERT_TRUE(play_.gateway().start());
  for (int number = 0; number < 6; ++number) ASSERT_NE(play_.send_again("F-" + std::to_string(number)), "");
  const Answers right = all_answers();
  ASSERT_GT(right.size(), 30u);
  ASSERT_TRUE(play_.gateway().terminate());
  std::ifstream stream(file_, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};

  SeededRandom random(5);
  std::size_t unstarted = 0, refused = 0, same = 0;
  for (std::size_t number = 0; number < flips_wanted(); ++number) {
    const std::uint64_t bit = random.below(whole.size() * 8);
    flip(whole, bit);
    if (!play_.gateway().start()) {
      ++unstarted;  // it says why, and serves nobody
      continue;
    }
    std::size_t refusals = 0;
    for (const auto& [target, body] : right) {
      const http::Response answer = get(target);
      if (answer.status >= 500) {
        ++refusals;
        continue;
      }
      EXPECT_EQ(answer.status, 200u) << target << ", bit " << bit;
      const bool is_same = target.ends_with("=0") ? answer.body.find(body) != std::string::npos : answer.body == body;
      EXPECT_TRUE(is_same) << target << ", bit " << bit << ": " << answer.body;
    }
    ++(refusals > 0 ? refused : same);
    play_.gateway().kill();
  }
  std::printf("%zu bits flipped in %zu KiB: %zu starts refused, %zu with refusals, %zu without a trace in %zu answers\n",
              flips_wanted(), whole.size() >> 10, unstarted, refused, same, right.size());
}

// What a disk does under a gateway that runs, to what it has written last.
TEST_F(BitFlips, OfTheLogOfARunningGatewayAreNeverAnswersOfAnotherContent) {
  ASSERT_TRUE(play_.gateway().start());
  for (int number = 0; number < 6; ++number) ASSERT_NE(play_.send_again("F-" + std::to_string(number)), "");
  const Answers right = all_answers();
  ASSERT_GT(right.size(), 30u);
  SeededRandom random(7);
  std::size_t refused = 0;
  for (std::size_t number = 0; number < flips_wanted(); ++number) {
    // A bit of some pages, where they were written last.
    std::vector<std::uint64_t> bits;
    for (const std::uint64_t at : newest_pages_in_log()) {
      if (random.below(10) == 0) bits.push_back(at * 8 + random.below(4096 * 8));
    }
    for (const std::uint64_t bit : bits) flip_in_log(bit);
    std::size_t refusals = 0;
    for (const auto& [target, body] : right) {  // each read commits a row, so that the next one reads the log again
      const http::Response answer = get(target);
      if (answer.status >= 500) {
        ++refusals;
        continue;
      }
      EXPECT_EQ(answer.status, 200u) << target << ", round " << number;
      const bool is_same = target.ends_with("=0") ? answer.body.find(body) != std::string::npos : answer.body == body;
      EXPECT_TRUE(is_same) << target << ", round " << number << ": " << answer.body;
    }
    refused += refusals > 0 ? 1 : 0;
    for (const std::uint64_t bit : bits) flip_in_log(bit);
  }
  EXPECT_GT(refused, 0u);
}

}  // namespace
}  // namespace vardbron::play
