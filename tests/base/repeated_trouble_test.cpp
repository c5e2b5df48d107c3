#include "gateway/base/repeated_trouble.h"

#include <gtest/gtest.h>

#include <vector>

namespace vardbron {
namespace {

TEST(RepeatedTrouble, IsToldAtFirstThenEverMoreSeldomAndWhenItIsOver) {
  RepeatedTrouble trouble;
  EXPECT_FALSE(trouble.over());
  std::vector<int> reported;
  for (int second = 0; second <= 4 * 3600; ++second)
    if (trouble.met(std::chrono::seconds(second))) reported.push_back(second);
  EXPECT_EQ(reported, (std::vector<int>{0, 10, 30, 70, 150, 310, 630, 1270, 2550, 5110, 8710, 12310}));
  EXPECT_EQ(trouble.times(), 4 * 3600 + 1);
  EXPECT_TRUE(trouble.over());
  EXPECT_FALSE(trouble.over());
  EXPECT_TRUE(trouble.met(std::chrono::hours(4))) << "it begins anew";
  EXPECT_FALSE(trouble.met(std::chrono::hours(4) + std::chrono::seconds(9)));
  EXPECT_TRUE(trouble.met(std::chrono::hours(4) + std::chrono::seconds(10)));
}

}  // namespace
}  // namespace vardbron
