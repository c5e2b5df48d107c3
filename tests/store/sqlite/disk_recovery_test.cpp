#include "gateway/store/sqlite/disk_recovery.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>

namespace vardbron::store {
namespace {

using Try = DiskRecovery::Try;

TEST(DiskRecovery, WritesFirstAndThenReadsTheFileAnew) {
  DiskRecovery recovery;
  EXPECT_FALSE(recovery.is_needed());

  recovery.disk_failed();
  EXPECT_TRUE(recovery.is_needed());
  EXPECT_EQ(recovery.next(), Try::Write);
  recovery.wrote();
  EXPECT_TRUE(recovery.is_needed());
  EXPECT_EQ(recovery.next(), Try::Reopen);
  EXPECT_EQ(recovery.pause(), Instant(0));
  recovery.reopened();
  EXPECT_FALSE(recovery.is_needed());
}

TEST(DiskRecovery, OpensTheFileAnewWhenTheOldConnectionDoesNotComeThrough) {
  DiskRecovery recovery;
  recovery.disk_failed();
  for (int tries = 0; tries < limits::store_retries_before_reopen; ++tries) {
    EXPECT_EQ(recovery.next(), Try::Write);
    recovery.not_wrote();
  }
  EXPECT_EQ(recovery.next(), Try::Reopen);
  recovery.not_reopened();  // no connection is left that could write
  EXPECT_EQ(recovery.next(), Try::Reopen);
  recovery.reopened();
  EXPECT_FALSE(recovery.is_needed());
}

TEST(DiskRecovery, WaitsLongerEachTimeUpToALimitAndBeginsAnewWithTheNextTrouble) {
  DiskRecovery recovery;
  recovery.disk_failed();
  EXPECT_EQ(recovery.pause(), limits::store_retry_pause_first);
  Instant last{0};
  for (int tries = 0; tries < 40; ++tries) {
    recovery.next() == Try::Write ? recovery.not_wrote() : recovery.not_reopened();
    EXPECT_GE(recovery.pause(), last);
    last = recovery.pause();
  }
  EXPECT_EQ(last, limits::store_retry_pause_max);
  recovery.disk_failed();  // the same failure, reported twice
  EXPECT_EQ(recovery.pause(), limits::store_retry_pause_max);

  recovery.reopened();
  recovery.disk_failed();
  EXPECT_EQ(recovery.pause(), limits::store_retry_pause_first);
  EXPECT_EQ(recovery.next(), Try::Write);
}

}  // namespace
}  // namespace vardbron::store
