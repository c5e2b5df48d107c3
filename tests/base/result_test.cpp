#include "gateway/base/result.h"

#include "gateway/base/reached.h"

#include <gtest/gtest.h>

#include <memory>

namespace vardbron {
namespace {

TEST(Result, HoldsAValueThatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> given = std::make_unique<int>(7);
  ASSERT_TRUE(given);
  std::unique_ptr<int> taken = std::move(given).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, HoldsAFailure) {
  Result<int> given = Failure{Cause::Invalid, "The date is missing.", "Encounter.period"};
  ASSERT_FALSE(given);
  EXPECT_EQ(given.failure().where, "Encounter.period");
  EXPECT_EQ(to_string(given.failure().cause), "invalid");
}

TEST(Result, OfNothingIsSuccessOrFailure) {
  EXPECT_TRUE(done());
  Result<void> failed = Failure{Cause::Busy, "Try again later.", ""};
  EXPECT_FALSE(failed);
}

TEST(ResultDeathTest, StopsTheProgramThatReadsTheWrongSide) {
  Result<int> failed = Failure{Cause::Broken, "", ""};
  EXPECT_DEATH((void)*failed, "CHECK");
}

TEST(Reached, CountsTheMarksThatWerePassed) {
  auto before = times_reached("test: a rare branch");
  REACHED("test: a rare branch");
  EXPECT_EQ(times_reached("test: a rare branch"), before + 1);
}

}  // namespace
}  // namespace vardbron
