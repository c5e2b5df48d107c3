#include "gateway/store/sqlite/backup.h"

#include "gateway/base/random.h"
#include "gateway/store/sqlite/backup_socket.h"
#include "gateway/store/sqlite/copy_in_making.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <set>
#include <string>

// Concern: what has a backup's name is a whole store that was verified; anything else leaves nothing of that name.
namespace vardbron::store {
namespace {

using testing::HasSubstr;

class BackupOfAStore : public testing::Test {
 protected:
  BackupOfAStore() {
    for (int each = 0; each < 60; ++each) commit();
  }
  void commit() {
    Change change = a_change("m" + std::to_string(messages_), "case-" + std::to_string(messages_), 0);
    ++messages_;
    while (change.journal->body.size() < 3000) change.journal->body += std::to_string(noise_.next());
    CHECK(house_.run(house_.store().commit(std::move(change))));
  }
  std::filesystem::path backup() const { return directory_.path() / "backup.db"; }
  Result<Backup> back_up() {
    BackupOptions options;
    options.store.directory = house_.file().parent_path();
    options.to = backup();
    return store::back_up(options, clock_);
  }
  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& each : std::filesystem::directory_iterator(directory_.path())) all.insert(each.path().filename());
    return all;
  }

  SeededRandom noise_{7};
  int messages_ = 0;
  SqliteHouse house_;
  TemporaryDirectory directory_;
  RealClock clock_;
};

TEST_F(BackupOfAStore, IsOneFileForItsOwnerWhetherTheStoreIsOpenOrNot) {
  for (const bool is_open : {true, false}) {
    SCOPED_TRACE(is_open);
    if (!is_open) house_.close();
    const Result<Backup> made = back_up();
    ASSERT_TRUE(made.ok()) << made.failure().says;
    EXPECT_TRUE(made->report.verified.is_clean());
    EXPECT_EQ(made->is_of_open_store, is_open);
    EXPECT_EQ(made->report.verified.journal, messages_);
    EXPECT_EQ(made->report.sealed_at.size(), std::string("2026-11-30T21:00:00.000Z").size());
    EXPECT_EQ(names(), std::set<std::string>{"backup.db"});
    EXPECT_EQ(static_cast<std::int64_t>(std::filesystem::file_size(backup())), made->bytes);
    EXPECT_EQ(std::filesystem::status(backup()).permissions() & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::remove(backup());
  }
  EXPECT_TRUE(house_.try_open().ok()) << "the closed store is as it was";
}

TEST_F(BackupOfAStore, HasTheCommitsThatAKilledGatewayLeftInTheLog) {
  const std::filesystem::path killed = directory_.path() / "killed";
  std::filesystem::copy(house_.file().parent_path(), killed);
  ASSERT_GT(std::filesystem::file_size(killed / "vardbron.db-wal"), 0u);
  BackupOptions options;
  options.store.directory = killed;
  options.to = backup();
  const Result<Backup> made = store::back_up(options, clock_);
  ASSERT_TRUE(made.ok()) << made.failure().says;
  EXPECT_EQ(made->report.verified.journal, messages_);
}

TEST_F(BackupOfAStore, TakesNoNameThatIsTaken) {
  std::ofstream(backup()) << "yesterday's";
  const Result<Backup> made = back_up();
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.failure().says, "There is a file of that name.");
  EXPECT_EQ(std::filesystem::file_size(backup()), 11u);
}

TEST_F(BackupOfAStore, RemovesWhatAKilledOneLeft) {
  for (const char* ending : {".part", ".part-wal", ".part-shm", ".part-journal"})
    std::ofstream(backup().string() + ending) << "half";
  ASSERT_TRUE(back_up().ok());
  EXPECT_EQ(names(), std::set<std::string>{"backup.db"});
}

TEST_F(BackupOfAStore, OfAStoreThatWasChangedThereIsNone) {
  house_.close();
  {
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
    database->execute("UPDATE journal SET receipt='{}' WHERE number=2");
    ASSERT_FALSE(database->take_failure());
  }
  const Result<Backup> made = back_up();
  ASSERT_TRUE(made.ok()) << made.failure().says;
  EXPECT_THAT(all_of(made->report.verified), HasSubstr("journal 2: "));
  EXPECT_THAT(names(), testing::IsEmpty());
}

TEST_F(BackupOfAStore, OfAFileWithABrokenPageThereIsNone) {
  house_.close();
  for (const std::streamoff page : {1, 5, 30}) {
    std::fstream bytes(house_.file(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(page * 4096 + 2000);
    const char was = static_cast<char>(bytes.get());
    bytes.seekp(page * 4096 + 2000).put(static_cast<char>(was ^ 1)).flush();
    const Result<Backup> made = back_up();
    EXPECT_TRUE(!made.ok() || !made->report.verified.is_clean()) << page;
    EXPECT_THAT(names(), testing::IsEmpty());
    bytes.seekp(page * 4096 + 2000).put(was);
  }
  EXPECT_TRUE(back_up().ok());
}

TEST_F(BackupOfAStore, WithoutRoomLeavesNothing) {
  house_.close();
  ASSERT_GT(std::filesystem::file_size(house_.file()), 150'000u);
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  rlimit small = limit;
  small.rlim_cur = 100'000;
  setrlimit(RLIMIT_FSIZE, &small);
  const Result<Backup> made = back_up();
  PageWriter writer = *PageWriter::make(directory_.path() / "pages");
  const Result<void> put = writer.put(1, std::string(409'600, 'x'));
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  EXPECT_FALSE(made.ok());
  EXPECT_EQ(names(), std::set<std::string>{"pages"});
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.failure().says, "There is no room for the copy.");
}

TEST_F(BackupOfAStore, NeedsAStoreAndItsKey) {
  house_.close();
  std::filesystem::rename(house_.seal_key(), directory_.path() / "key");
  EXPECT_EQ(back_up().failure().cause, Cause::NotFound);
  std::filesystem::rename(directory_.path() / "key", house_.seal_key());
  std::filesystem::remove(house_.file());
  const Result<Backup> made = back_up();
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.failure().says, "There is no store.");
  EXPECT_THAT(names(), testing::IsEmpty());
}

TEST(CopyInMaking, ReplacesWhatHasItsNameOnlyIfItMay) {
  TemporaryDirectory directory;
  const std::filesystem::path name = directory.path() / "copy";
  std::ofstream(name) << "old";
  for (const auto existing : {CopyInMaking::Existing::Kept, CopyInMaking::Existing::Replaced}) {
    CopyInMaking making(name, existing);
    std::ofstream(making.part()) << "new one";
    const Result<void> finished = making.finish();
    EXPECT_EQ(finished.ok(), existing == CopyInMaking::Existing::Replaced);
    EXPECT_EQ(std::filesystem::file_size(name), finished.ok() ? 7u : 3u);
  }
  EXPECT_FALSE(std::filesystem::exists(name.string() + ".part"));
}

}  // namespace
}  // namespace vardbron::store
