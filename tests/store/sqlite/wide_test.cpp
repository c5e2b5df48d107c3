#include "gateway/store/sqlite/wide.h"

#include "gateway/base/random.h"

#include <gtest/gtest.h>

namespace vardbron::store {
namespace {

Wide any(Random& random) { return {{random.next(), random.next(), random.next(), random.next()}}; }

TEST(Wide, AddsAndTakesAwayAcrossWords) {
  Wide all{{~0ull, ~0ull, ~0ull, ~0ull}};
  Wide one{{1, 0, 0, 0}};
  Wide sum = all;
  sum += one;
  EXPECT_TRUE(sum.is_zero());
  sum -= one;
  EXPECT_EQ(sum, all);

  SeededRandom random(1);
  for (int round = 0; round < 1000; ++round) {
    const Wide left = any(random), right = any(random);
    Wide there_and_back = left;
    there_and_back += right;
    there_and_back -= right;
    EXPECT_EQ(there_and_back, left);
  }
}

TEST(Wide, MultipliesAsItAdds) {
  SeededRandom random(2);
  const Wide number = any(random);
  Wide sum;
  for (std::uint64_t factor = 0; factor < 1000; ++factor) {
    ASSERT_EQ(number.times(factor), sum);
    sum += number;
  }
}

TEST(Wide, FindsTheFactorOfAProduct) {
  SeededRandom random(3);
  for (int round = 0; round < 1000; ++round) {
    const Wide number = any(random);
    const std::uint64_t factor = random.next() >> (round % 64);
    ASSERT_EQ(quotient(number.times(factor), number), factor);
    ASSERT_EQ(quotient(number.times(1u << (round % 20)).times(factor), number.times(1u << (round % 20))), factor);
    ASSERT_EQ(quotient(any(random), number), std::nullopt);
  }
  EXPECT_EQ(quotient({}, {}), std::nullopt);
}

}  // namespace
}  // namespace vardbron::store
