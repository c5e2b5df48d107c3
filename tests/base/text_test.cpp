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

TEST(Text, CountsLettersNotBytes) {
  EXPECT_EQ(letters_in("Åsa, 日本"), 7u);
  EXPECT_EQ(letters_in(""), 0u);
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(parse_int("-17"), -17);
  for (const char* other : {"", "1.0", " 1", "1 ", "9223372036854775808", "+1"}) EXPECT_FALSE(parse_int(other)) << other;
}

TEST(Text, QuotesWhatJsonMustEscape) { EXPECT_EQ(json_quoted("a\"b\\\n\x01å"), "\"a\\\"b\\\\\\n\\u0001å\""); }

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

}  // namespace
}  // namespace vardbron
