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
    for (const char* type : {"Encounter", "Patient", "Task", "CareTeam", "CarePlan", "Communication", "ChargeItem", "Organization"}) {
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

}  // namespace
}  // namespace vardbron::play
