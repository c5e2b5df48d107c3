#include "gateway/sweden/luhn.h"

#include "gateway/base/random.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::sweden {
namespace {

std::string random_digits(SeededRandom& random, std::size_t count) {
  std::string digits;
  for (std::size_t i = 0; i < count; ++i) digits += char('0' + random.below(10));
  return digits;
}

TEST(Luhn, GivesTheDigitThatMakesTheNumberPass) {
  SeededRandom random(704);
  for (int round = 0; round < 2'000; ++round) {
    std::string digits = random_digits(random, 1 + random.below(14));

    digits += char('0' + luhn_digit(digits));

    EXPECT_TRUE(passes_luhn(digits)) << digits;
  }
}

TEST(Luhn, NoticesEverySingleChangedDigit) {
  SeededRandom random(705);
  for (int round = 0; round < 500; ++round) {
    std::string digits = random_digits(random, 9);
    digits += char('0' + luhn_digit(digits));
    std::size_t at = random.below(digits.size());
    std::string changed = digits;

    changed[at] = char('0' + (digits[at] - '0' + 1 + int(random.below(9))) % 10);

    EXPECT_FALSE(passes_luhn(changed)) << digits << " and " << changed;
  }
}

TEST(Luhn, NoticesNeighboursChangedRoundUnlessTheyAreZeroAndNine) {
  SeededRandom random(706);
  for (int round = 0; round < 500; ++round) {
    std::string digits = random_digits(random, 9);
    digits += char('0' + luhn_digit(digits));
    std::size_t at = random.below(9);
    int left = digits[at] - '0', right = digits[at + 1] - '0';
    std::string changed = digits;
    std::swap(changed[at], changed[at + 1]);

    bool blind = left == right || (left + right == 9 && (left == 0 || left == 9));

    EXPECT_EQ(passes_luhn(changed), blind) << digits;
  }
}

TEST(Luhn, RefusesWhatIsNoNumber) {
  for (std::string_view text : {"", "0", "12a4", "-123", " 18"}) EXPECT_FALSE(passes_luhn(text)) << text;
}

}  // namespace
}  // namespace vardbron::sweden
