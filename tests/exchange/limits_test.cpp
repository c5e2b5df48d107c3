#include "gateway/base/limits.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

// Concern: at a limit of base/limits.h a notice is accepted, and beyond it the answer says what to do.

namespace vardbron::exchange {
namespace {

Result<Receipt> accept_behind(int conflicts) {
  Spine spine;
  for (int nth = 1; nth <= conflicts; ++nth) spine.store.fail_write(static_cast<std::uint64_t>(nth), Cause::Conflict);
  return spine.accept(ANotice("admission"));
}

TEST(NoticeLimits, IsTriedAgainAsOftenAsItMayWhenOthersComeFirst) {
  EXPECT_TRUE(accept_behind(limits::commit_conflict_retries_max - 1));

  Result<Receipt> given_up = accept_behind(limits::commit_conflict_retries_max);
  ASSERT_FALSE(given_up);
  EXPECT_EQ(given_up.failure().cause, Cause::Busy);
  EXPECT_EQ(given_up.failure().says, "Too many notices of this case arrive at once. Send this one again.");
}

}  // namespace
}  // namespace vardbron::exchange
