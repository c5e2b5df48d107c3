#include "gateway/store/sqlite/log_files.h"

#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <string>
#include <vector>

// Concern: what the disk does not keep is not acknowledged, and a disk that lied is not written to again.

namespace vardbron::store {
namespace {

/// What the disk of a test does; read by SQLite's callbacks, which get no pointer of ours.
struct Disk {
  std::atomic<int> syncs_until_failure{-1};  ///< -1 = never
  std::atomic<int> writes{0};                ///< to logs
  std::atomic<bool> is_full{false};          ///< for logs
};
Disk disk;

const sqlite3_io_methods* real_methods = nullptr;

int count_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  ++disk.writes;
  return disk.is_full ? SQLITE_FULL : real_methods->xWrite(file, bytes, size, at);
}

int fail_sync(sqlite3_file* file, int flags) {
  if (disk.syncs_until_failure == 0) return SQLITE_IOERR_FSYNC;
  if (disk.syncs_until_failure > 0) --disk.syncs_until_failure;
  return real_methods->xSync(file, flags);
}

/// The system's files, with logs that fail on request. Installed while it exists.
class FailingDisk {
 public:
  FailingDisk() : real_(sqlite3_vfs_find(nullptr)), files_(*real_) {
    disk.syncs_until_failure = -1;
    disk.writes = 0;
    disk.is_full = false;
    files_.zName = "failing";
    files_.pAppData = real_;
    files_.xOpen = open;
    CHECK(sqlite3_vfs_register(&files_, 1) == SQLITE_OK);
  }
  ~FailingDisk() {
    sqlite3_vfs_register(real_, 1);
    sqlite3_vfs_unregister(&files_);
  }
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

 private:
  static int open(sqlite3_vfs* files, const char* name, sqlite3_file* file, int flags, int* given) {
    auto* real = static_cast<sqlite3_vfs*>(files->pAppData);
    int code = real->xOpen(real, name, file, flags, given);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    static sqlite3_io_methods methods;
    real_methods = file->pMethods;
    methods = *real_methods;
    methods.xWrite = count_write;
    methods.xSync = fail_sync;
    file->pMethods = &methods;
    return code;
  }

  sqlite3_vfs* real_;
  sqlite3_vfs files_;
};

TEST(LogFiles, ACommitWhoseSyncFailsIsNeverAcknowledged) {
  FailingDisk failing;
  SqliteHouse house;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1"))).ok());

  disk.syncs_until_failure = 0;
  Result<Committed> fallen = house.run(house.store().commit(a_change("m2", "case-1", 1)));

  // While the disk is ill nothing is taken, everything is answered, and what was kept is read.
  ASSERT_FALSE(fallen.ok());
  EXPECT_EQ(fallen.failure().cause, Cause::Busy);
  EXPECT_THAT(fallen.failure().says, testing::HasSubstr("disk failed"));
  Result<JournalEntry> journalled = house.run(house.store().journal(a_message("m3")));
  ASSERT_FALSE(journalled.ok());
  EXPECT_EQ(journalled.failure().cause, Cause::Busy);
  EXPECT_EQ(house.run(house.store().load_case("case-1"))->version, 1);
  Result<StoreCondition> ill = house.run(house.store().condition());
  EXPECT_FALSE(ill->is_writing);
  EXPECT_THAT(ill->says, testing::HasSubstr("disk failed"));
  EXPECT_TRUE(ill->failing_since);

  // And when it is well again, the store is too, without anybody's help; what was not acknowledged is not there.
  disk.syncs_until_failure = -1;
  ASSERT_TRUE(house.wait_until_writing());
  EXPECT_EQ(house.run(house.store().load_case("case-1"))->version, 1);
  EXPECT_EQ(house.run(house.store().commit(a_change("m4", "case-1", 1)))->journal_number, 2);
  house.reopen();
  EXPECT_EQ(*house.run(house.store().verify_journal()), 2);
  EXPECT_EQ(house.run(house.store().load_case("case-1"))->version, 2);
}

TEST(LogFiles, AnySyncMayFailAndNothingAcknowledgedIsLost) {
  for (int good = 0; good < 12; ++good) {
    SCOPED_TRACE(good);
    FailingDisk failing;
    SqliteHouse house;
    disk.syncs_until_failure = good;
    std::int64_t acknowledged = 0;
    for (int number = 0; number < 10; ++number) {
      if (!house.run(house.store().commit(a_change("m" + std::to_string(number), "case-1", number)))) break;
      ++acknowledged;
    }
    disk.syncs_until_failure = -1;
    house.reopen();
    EXPECT_GE(house.run(house.store().load_case("case-1"))->version, acknowledged);
    EXPECT_GE(*house.run(house.store().verify_journal()), acknowledged);
  }
}

TEST(LogFiles, AFullDiskIsToldByTheCommitAndForgottenWhenThereIsRoom) {
  FailingDisk failing;
  SqliteHouse house;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1"))).ok());

  disk.is_full = true;
  Result<Committed> fallen = house.run(house.store().commit(a_change("m2", "case-1", 1)));
  disk.is_full = false;

  ASSERT_FALSE(fallen.ok());
  EXPECT_TRUE(house.run(house.store().commit(a_change("m3", "case-1", 1))).ok());
  house.reopen();
  EXPECT_EQ(house.run(house.store().load_case("case-1"))->version, 2);
}

TEST(LogFiles, AnAdvanceThatFellWithItsGroupComesWithTheNext) {
  FailingDisk failing;
  SqliteHouse house;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1"))).ok());

  // Given an advance that may go with a change that does not fit on the disk, or alone.
  disk.is_full = true;
  ASSERT_TRUE(house.run(house.store().advance("sub-1", 1, {an_audit_row("deliver")})).ok());
  EXPECT_FALSE(house.run(house.store().commit(a_change("m2", "case-1", 1))).ok());
  disk.is_full = false;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m3", "case-1", 1))).ok());

  house.reopen();
  EXPECT_EQ(house.run(house.store().subscription("sub-1"))->delivered, 1);
  EXPECT_EQ(house.run(house.store().audit_rows(0, 10))->size(), 3u);
}

TEST(LogFiles, CommitsOfAnySizeReachTheDisk) {
  SqliteHouse house;
  SeededRandom noise(1);
  std::int64_t version = 0;
  for (std::size_t size = 10'000; size < 3'000'000; size = size * 3 / 2, ++version) {
    Change change = a_change("m" + std::to_string(version), "case-1", version);
    change.journal->body.clear();
    while (change.journal->body.size() < size) change.journal->body += std::to_string(noise.next());  // hardly to be squeezed
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok()) << size;
  }
  house.reopen();
  EXPECT_EQ(*house.run(house.store().verify_journal()), version);
}

TEST(LogFiles, ACommitReachesTheKernelInFewPieces) {
  FailingDisk failing;
  SqliteHouse house;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m0"))).ok());
  disk.writes = 0;

  for (int number = 1; number <= 10; ++number) {
    ASSERT_TRUE(house.run(house.store().commit(a_change("m" + std::to_string(number), "case-1", number))).ok());
  }

  EXPECT_LE(disk.writes, 20);  // some 18 pages, in pieces of 64 KiB
}

}  // namespace
}  // namespace vardbron::store
