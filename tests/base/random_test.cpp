#include "gateway/base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace vardbron {
namespace {

TEST(SeededRandom, RepeatsItselfForTheSameSeed) {
  SeededRandom one(42), same(42), other(43);
  std::uint64_t first = one.next();
  EXPECT_EQ(first, same.next());
  EXPECT_NE(first, other.next());
}

TEST(SeededRandom, GivesTheNumbersOfSplitmix64) {
  SeededRandom random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
}

TEST(Random, DrawsEveryNumberBelowTheBoundAboutAsOften) {
  SeededRandom random(3);
  std::array<int, 5> drawn{};
  for (int i = 0; i < 50'000; ++i) ++drawn[random.below(5)];
  for (int count : drawn) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Random, OfTheKernelDiffers) {
  SystemRandom random;
  EXPECT_NE(random.next(), random.next());
}

}  // namespace
}  // namespace vardbron
