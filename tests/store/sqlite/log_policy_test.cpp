#include "gateway/store/sqlite/log_policy.h"

#include <gtest/gtest.h>

namespace vardbron::store {
namespace {

using Step = LogPolicy::Step;

TEST(LogPolicy, HasTheLogCopiedEachTimeItHasGrownByAPiece) {
  LogPolicy policy({100, 1000, 2000});
  EXPECT_EQ(policy.after_commit(99), Step::Nothing);
  EXPECT_EQ(policy.after_commit(100), Step::Copy);
  EXPECT_EQ(policy.after_commit(199), Step::Nothing);
  EXPECT_EQ(policy.after_commit(230), Step::Copy);
  EXPECT_EQ(policy.after_commit(300), Step::Nothing);
  EXPECT_EQ(policy.after_commit(330), Step::Copy);
}

TEST(LogPolicy, EndsTheLogAtItsLimitAndTriesAgainWhenItHasGrown) {
  LogPolicy policy({100, 1000, 2000});
  EXPECT_EQ(policy.after_commit(1000), Step::End);
  policy.not_ended();
  EXPECT_EQ(policy.after_commit(1050), Step::Nothing);
  EXPECT_EQ(policy.after_commit(1100), Step::End);
  policy.not_ended();
  EXPECT_EQ(policy.after_commit(2000), Step::WaitToEnd);
  policy.not_ended();
  EXPECT_EQ(policy.after_commit(2050), Step::Nothing);
  EXPECT_EQ(policy.after_commit(2100), Step::WaitToEnd);
  policy.ended();
  EXPECT_EQ(policy.after_commit(10), Step::Nothing);
  EXPECT_EQ(policy.after_commit(100), Step::Copy);
  EXPECT_EQ(policy.after_commit(1000), Step::End);
}

TEST(LogPolicy, HoldsToTheLimitsWhenNothingElseIsSaid) {
  LogPolicy policy;
  EXPECT_EQ(policy.after_commit(limits::store_log_copy_bytes - 1), Step::Nothing);
  EXPECT_EQ(policy.after_commit(limits::store_log_copy_bytes), Step::Copy);
  EXPECT_EQ(policy.after_commit(limits::store_log_finish_bytes - 1), Step::Copy);
  EXPECT_EQ(policy.after_commit(limits::store_log_finish_bytes), Step::End);
  EXPECT_EQ(policy.after_commit(limits::store_log_wait_bytes - 1), Step::End);
  EXPECT_EQ(policy.after_commit(limits::store_log_wait_bytes), Step::WaitToEnd);
}

TEST(LogPolicy, BeginsAnewWithALogThatBeganAnewByItself) {
  LogPolicy policy({100, 1000, 2000});
  EXPECT_EQ(policy.after_commit(900), Step::Copy);
  EXPECT_EQ(policy.after_commit(50), Step::Nothing);
  EXPECT_EQ(policy.after_commit(100), Step::Copy);
}

}  // namespace
}  // namespace vardbron::store
