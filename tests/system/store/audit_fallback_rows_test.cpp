#include "gateway/base/utf8.h"
#include "gateway/store/audit_fallback_file.h"
#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// Concern: a row that was written aside comes back word for word, whatever its words hold; only what somebody changed does not.
namespace vardbron::store {
namespace {

using namespace std::literals;

constexpr std::string_view id = "0192f0c4-8a3b-7c11-9d7e-1a2b3c4d5e6f";
constexpr WallTime at{std::chrono::milliseconds{1'774'692'000'000}};

struct Read {
  std::vector<AuditRow> rows;
  bool is_changed = false;
};

class FallbackRows : public testing::Test {
 protected:
  Read read_back(const std::vector<std::string>& lines) const {
    const std::filesystem::path file = directory_.path() / "rows";
    {
      std::ofstream out(file, std::ios::binary);
      out << id << "\n";
      for (const std::string& line : lines) out << line << "\n";
    }
    FallbackReader reader(file, key_, id);
    Read read;
    for (FallbackReader::Step step = reader.next();; step = reader.next()) {
      read.is_changed |= step.is_changed;
      if (!step.row) return read;
      read.rows.push_back(*std::move(step.row));
    }
  }
  std::string line_of(std::int64_t number, const AuditRow& row) const { return fallback_line(key_, id, number, row, at); }
  std::string says_of(const std::string& words) const {
    return words + (words.empty() ? "" : " ") + fallback_mark("2026-03-28T10:00:00.000Z", id, 1);
  }

  TemporaryDirectory directory_;
  HmacKey key_{"a key"};
};

TEST_F(FallbackRows, AreLinesOfJsonWithTheirSealLast) {
  const std::string line = line_of(7, {"read", "SE2321000016-1003", "Task/1", "k", "a \"word\""});
  const std::string begin =
      R"({"n":7,"at":"2026-03-28T10:00:00.000Z","action":"read","caller":"SE2321000016-1003","subject":"Task/1","case":"k","says":"a \"word\"","seal":")";
  EXPECT_EQ(line.substr(0, begin.size()), begin);
  EXPECT_EQ(line.size(), begin.size() + 64 + 2);
}

// What a sender wrote may be in the words of a row: a control character made the whole row count as another's.
TEST_F(FallbackRows, ComeBackWithTheControlCharactersOfTheirWords) {
  for (const std::string& words :
       {"a\x01\x02"s, "\b\f\n\r\t\"\\"s, "nul \0 within"s, "\x7F\x1F"s, "åäö \xF0\x9F\x98\x80"s, ""s}) {
    const Read read = read_back({line_of(1, {"refuse", words, "Task/" + words, words, words})});
    ASSERT_EQ(read.rows.size(), 1u) << words;
    EXPECT_FALSE(read.is_changed) << words;
    EXPECT_EQ(read.rows[0].caller, words);
    EXPECT_EQ(read.rows[0].subject, "Task/" + words);
    EXPECT_EQ(read.rows[0].case_key, words);
    EXPECT_EQ(read.rows[0].says, says_of(words));
  }
}

TEST_F(FallbackRows, ComeBackFromARandomWalkThroughUnicode) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    std::string words;
    for (unsigned left = random() % 30; left > 0; --left) append_utf8(words, static_cast<std::uint32_t>(random() % 0x110000));
    const Read read = read_back({line_of(1, {"read", words, "", "", words})});
    ASSERT_EQ(read.rows.size(), 1u) << round;
    ASSERT_EQ(read.rows[0].caller, words) << round;
    ASSERT_FALSE(read.is_changed) << round;
  }
}

TEST_F(FallbackRows, HaveAMarkForBytesThatAreNoUtf8) {
  const Read read = read_back({line_of(1, {"read", "a\xFF", "", "", ""})});
  ASSERT_EQ(read.rows.size(), 1u);
  EXPECT_EQ(read.rows[0].caller, "a\xEF\xBF\xBD");
}

TEST_F(FallbackRows, AreNoneWhenAByteIsChanged) {
  const std::string line = line_of(1, {"read", "SE2321000016-1003", "Task/1", "k", "words"});
  for (std::size_t byte = 0; byte < line.size(); ++byte) {
    std::string changed = line;
    changed[byte] = changed[byte] == 'x' ? 'y' : 'x';
    const Read read = read_back({changed});
    EXPECT_TRUE(read.rows.empty()) << byte;
    EXPECT_TRUE(read.is_changed) << byte;
  }
}

}  // namespace
}  // namespace vardbron::store
