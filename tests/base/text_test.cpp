#include "gateway/base/text.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

using namespace std::chrono_literals;

TEST(Text, SplitsAtEverySeparator) {
  EXPECT_EQ(split("a||b", '|'), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", '|'), (std::vector<std::string_view>{""}));
}

TEST(Text, TrimsBlanksAtBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, CountsCharactersNotBytes) {
  EXPECT_EQ(characters_in("Åsa, 日本"), 7u);
  EXPECT_EQ(characters_in(""), 0u);
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(parse_int("-17"), -17);
  for (const char* other : {"", "1.0", " 1", "1 ", "9223372036854775808", "+1"}) EXPECT_FALSE(parse_int(other)) << other;
}

TEST(Text, ShowsWhatASenderWroteWithoutWhatMovesATerminal) {
  EXPECT_EQ(visible("Åsa\tBerg\n"), "Åsa\tBerg\n");
  EXPECT_EQ(visible("a\x1b[2Jb\rc\x7f"), "a\\u001B[2Jb\\u000Dc\\u007F");
  EXPECT_EQ(visible("\xC2\x9B"
                    "31m"),
            "\\u009B31m");  // C1: one character that begins a command
  EXPECT_EQ(visible("a\xE2\x80\xAE"
                    "b\xE2\x81\xA6"),
            "a\\u202Eb\\u2066");                                     // writes from right to left
  EXPECT_EQ(visible("\x9B\xC3(\xE2\x82"), "\\x9B\\xC3(\\xE2\\x82");  // no UTF-8: some terminals read it as Latin-1
  EXPECT_EQ(visible("\xED\xA0\x80\xC0\x9B"), "\\xED\\xA0\\x80\\xC0\\x9B");
}

TEST(Text, WritesInstantsWithMilliseconds) {
  EXPECT_EQ(to_instant(WallTime{0ms}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_instant(WallTime{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 23h + 59min + 58s + 7ms}),
            "2024-02-29T23:59:58.007Z");
}

TEST(Text, FindsTheNearestKnownWordAndNoFarOne) {
  std::vector<std::string_view> known{"status", "statusReason", "subject"};
  EXPECT_EQ(nearest("sttaus", known), "status");
  EXPECT_EQ(nearest("Subjct", known), "subject");
  EXPECT_EQ(nearest("owner", known), "");
}

TEST(Nearest, CountsTwoLettersThatChangedPlacesAsOneSlip) {
  EXPECT_EQ(nearest("--fromat", {"--from", "--format"}), "--format");
  EXPECT_EQ(nearest("ab", {"ba"}), "ba");
  EXPECT_EQ(nearest("Obsrevatoin", {"Observation"}), "Observation");
}

TEST(Nearest, TakesAWordThatWasCutOffForItsBeginning) {
  EXPECT_EQ(nearest("descend", {"desk", "descendants"}), "descendants");
  EXPECT_EQ(nearest("Obs", {"observation"}), "observation");
  EXPECT_EQ(nearest("ob", {"observation"}), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'o'), {"observation"}), "");
}

}  // namespace
}  // namespace vardbron
