#include "gateway/store/sqlite/row_follower.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace vardbron::store {
namespace {

constexpr std::chrono::milliseconds no_time{0};

std::vector<RowChange> some_rows(std::size_t count) { return std::vector<RowChange>(count); }

TEST(RowFollower, GivesWhatWasCommittedUpToASeal) {
  RowFollower follower;
  ASSERT_TRUE(follower.start(no_time));
  for (std::int64_t seal = 1; seal <= 3; ++seal) {
    follower.begin();
    ASSERT_TRUE(follower.is_followed());
    follower.end(seal, some_rows(2));
  }

  std::deque<CommittedRows> commits;
  ASSERT_TRUE(follower.take_until(2, no_time, commits));
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_EQ(commits.back().seal, 2);
  EXPECT_FALSE(follower.take_until(4, no_time, commits));  // nobody has reported it
}

TEST(RowFollower, WaitsForATransactionThatBeganUnseen) {
  RowFollower follower;
  follower.begin();
  EXPECT_FALSE(follower.is_followed());
  EXPECT_FALSE(follower.start(no_time));
  follower.end(1, {});
  EXPECT_TRUE(follower.start(no_time));

  follower.stop();
  follower.begin();
  EXPECT_FALSE(follower.is_followed());
  follower.undo();
  EXPECT_TRUE(follower.start(no_time));
}

TEST(RowFollower, KeepsNoMoreRowsThanItMayAndSaysSo) {
  RowFollower follower;
  ASSERT_TRUE(follower.start(no_time));
  std::deque<CommittedRows> commits;
  follower.begin();
  follower.end(1, some_rows(limits::verify_followed_rows_max));
  ASSERT_TRUE(follower.take_until(1, no_time, commits));
  follower.begin();
  follower.end(2, some_rows(limits::verify_followed_rows_max));
  follower.begin();
  follower.end(3, some_rows(1));
  EXPECT_FALSE(follower.take_until(3, no_time, commits));
}

}  // namespace
}  // namespace vardbron::store
