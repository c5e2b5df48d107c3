#include "gateway/base/fair_shares.h"

#include "gateway/base/random.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace vardbron {
namespace {

std::size_t take_all(FairShares& shares, const std::string& owner, std::size_t piece = 1) {
  std::size_t taken = 0;
  while (shares.take(owner, piece)) taken += piece;
  return taken;
}

TEST(FairShares, LeaveOneOwnerAThirdAndTwoAQuarterEach) {
  for (std::size_t owners = 1; owners <= 6; ++owners) {
    FairShares shares(6'000);
    std::vector<std::size_t> had(owners);
    for (bool is_any = true; is_any;) {  // all at the same time
      is_any = false;
      for (std::size_t at = 0; at < owners; ++at) {
        if (!shares.take("owner " + std::to_string(at), 1)) continue;
        ++had[at];
        is_any = true;
      }
    }
    const double part = 6'000.0 / static_cast<double>(owners + 2);
    for (std::size_t each : had) EXPECT_NEAR(static_cast<double>(each), part, 1.0) << owners;
  }
}

TEST(FairShares, LetsNewOwnersInWhateverTheFirstHas) {
  FairShares shares(100);
  EXPECT_EQ(take_all(shares, "greedy"), 34u);
  std::size_t others = 0;
  while (shares.take("other " + std::to_string(others), 1)) ++others;
  EXPECT_EQ(others, 66u);
  EXPECT_EQ(shares.taken(), 100u);
}

TEST(FairShares, GiveBackWhatOthersThenTake) {
  FairShares shares(100);
  EXPECT_EQ(take_all(shares, "a"), 34u);
  EXPECT_EQ(take_all(shares, "b"), 22u);
  shares.give_back("a", 34);
  EXPECT_EQ(take_all(shares, "b"), 12u);
  shares.give_back("b", 20);
  shares.give_back("b", 14);
  EXPECT_EQ(shares.taken(), 0u);
  EXPECT_EQ(take_all(shares, "b"), 34u);
}

TEST(FairShares, AreNoMoreThanTheOwnersBound) {
  FairShares shares(100, 10);
  EXPECT_EQ(take_all(shares, "a"), 10u);
  EXPECT_FALSE(shares.take("b", 11));
  EXPECT_TRUE(shares.take("b", 10));
}

TEST(FairShares, LetWhoStandsForManyHaveAllButSome) {
  FairShares shares(100, 10);
  std::size_t taken = 0;
  while (shares.take_all_but(5, "proxy", 1)) ++taken;
  EXPECT_EQ(taken, 95u);
  EXPECT_EQ(take_all(shares, "other"), 2u) << "the rest is shared as ever";
  EXPECT_TRUE(shares.take("another", 1));
}

TEST(FairShares, DoNotOverflow) {
  FairShares shares(100);
  for (std::size_t amount : {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, std::size_t{101}}) {
    EXPECT_FALSE(shares.take("a", amount));
    EXPECT_FALSE(shares.take_all_but(0, "a", amount));
    EXPECT_FALSE(shares.take_all_but(amount, "a", 1));
  }
  EXPECT_EQ(shares.taken(), 0u);
  EXPECT_TRUE(shares.take_all_but(0, "a", 100));
}

// Whatever is taken and given back: the sum is right and within bounds, nobody grows beyond what is left, and a newcomer gets in.
TEST(FairShares, HoldTheirBoundsThroughAnyTakingAndGivingBack) {
  sim::for_each_seed(200, [](std::uint64_t seed) {
    SeededRandom random(seed);
    const std::size_t in_all_max = 1 + random.below(500), per_owner_max = 1 + random.below(500);
    FairShares shares(in_all_max, per_owner_max);
    std::map<std::string, std::size_t> owned;
    std::size_t sum = 0;
    for (int step = 0; step < 500; ++step) {
      const std::string owner = std::to_string(random.below(8));
      const std::size_t amount = 1 + random.below(40);
      if (random.below(3) == 0) {
        const std::size_t back = std::min(amount, owned[owner]);
        if (back > 0) shares.give_back(owner, back);
        owned[owner] -= back;
        sum -= back;
      } else {
        const std::size_t wanted = owned[owner] + amount;
        const bool is_fair = wanted <= (in_all_max - sum + 1) / 2 && wanted <= per_owner_max;
        ASSERT_EQ(shares.take(owner, amount), is_fair) << seed << ", step " << step;
        if (is_fair) owned[owner] += amount, sum += amount;
      }
      ASSERT_EQ(shares.taken(), sum);
      ASSERT_LE(sum, in_all_max);
      if (sum == in_all_max) continue;
      ASSERT_TRUE(shares.take("newcomer", 1)) << seed << ", step " << step;
      shares.give_back("newcomer", 1);
    }
  });
}

TEST(FairShare, IsGivenBackWhenItsUserEnds) {
  FairShares shares(100);
  {
    FairShare share(&shares, "a");
    EXPECT_TRUE(share.grow_to(20));
    EXPECT_TRUE(share.grow_to(10)) << "has that much already";
    EXPECT_EQ(shares.taken(), 20u);
    EXPECT_FALSE(share.grow_to(51));
    EXPECT_EQ(shares.taken(), 20u);
    share.give_back();
    EXPECT_EQ(shares.taken(), 0u);
    share.give_back();
    share.belong_to("b");
    EXPECT_TRUE(share.grow_to(50));
    EXPECT_FALSE(shares.take("b", 1));
    EXPECT_TRUE(shares.take("a", 1));
  }
  EXPECT_EQ(shares.taken(), 1u);
}

TEST(FairShare, OfNothingIsAllThereIs) {
  FairShare share(nullptr, "a");
  EXPECT_TRUE(share.grow_to(SIZE_MAX));
  share.give_back();
}

}  // namespace
}  // namespace vardbron
