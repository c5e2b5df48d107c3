#include "gateway/search/number.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace vardbron::search {
namespace {

TEST(Number, StandsForTheNumbersThatRoundToIt) {
  struct Row {
    std::string text;
    double value, low, high;
  };
  // The first three are the examples of search.html 3.1.1.4.6.
  for (const Row& row :
       {Row{"100", 100, 99.5, 100.5}, Row{"100.00", 100, 99.995, 100.005}, Row{"1e2", 100, 95, 105}, Row{"1.0e2", 100, 95, 105},
        Row{"5.40", 5.4, 5.395, 5.405}, Row{"5.4", 5.4, 5.35, 5.45}, Row{"0", 0, -0.5, 0.5}, Row{"0.0", 0, -0.05, 0.05},
        Row{"-1.5", -1.5, -1.55, -1.45}, Row{"-0", 0, -0.5, 0.5}, Row{"007", 7, 6.5, 7.5}, Row{"12E-1", 1.2, 1.15, 1.25},
        Row{"1000", 1000, 999.5, 1000.5}, Row{"0.10", 0.1, 0.095, 0.105}}) {
    const std::optional<WrittenNumber> number = parse_number(row.text);
    ASSERT_TRUE(number) << row.text;
    EXPECT_EQ(number->value, row.value) << row.text;
    EXPECT_EQ(number->low, row.low) << row.text;
    EXPECT_EQ(number->high, row.high) << row.text;
  }
}

TEST(Number, RefusesWhatIsNoDecimal) {
  for (const char* text : {"",
                           "-",
                           "+1",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "e5",
                           "1e5.0",
                           "0x10",
                           "1 ",
                           " 1",
                           "1,5",
                           "NaN",
                           "inf",
                           "1e999",
                           "1e-99999999999",
                           "--1",
                           "1.2.3",
                           "1e5e5"})
    EXPECT_FALSE(parse_number(text)) << text;
  EXPECT_FALSE(parse_number(std::string(61, '1')));
  EXPECT_TRUE(parse_number(std::string(60, '1')));
}

TEST(Number, HasItsBoundsWhereANumberOfOneMoreDigitIs) {
  std::mt19937 random(12);
  for (int round = 0; round < 20'000; ++round) {
    const std::string whole = std::to_string(random() % 100'000), part = std::to_string(random() % 10'000);
    const std::string text = whole + "." + part;
    const std::optional<WrittenNumber> number = parse_number(text), bound = parse_number(text + "5");
    ASSERT_TRUE(number && bound) << text;
    EXPECT_EQ(number->high, bound->value) << text;
    EXPECT_LT(number->low, number->value) << text;
    EXPECT_LT(number->value, number->high) << text;
    const std::optional<WrittenNumber> negative = parse_number("-" + text);
    EXPECT_EQ(negative->low, -number->high) << text;
    EXPECT_EQ(negative->high, -number->low) << text;
  }
}

TEST(Number, NeverFailsOnRandomText) {
  constexpr std::string_view letters = "0123456789.-+eE";
  std::mt19937 random(4711);
  int taken = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (std::size_t length = random() % 8; text.size() < length;) text += letters[random() % letters.size()];
    const std::optional<WrittenNumber> number = parse_number(text);
    if (!number) continue;
    ++taken;
    EXPECT_TRUE(number->low <= number->value && number->value <= number->high) << text;
  }
  EXPECT_GT(taken, 1'000);
}

}  // namespace
}  // namespace vardbron::search
