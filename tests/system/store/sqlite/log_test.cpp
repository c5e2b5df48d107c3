#include "gateway/base/reached.h"
#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/settings.h"
#include "gateway/store/sqlite/snapshot.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/watched_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>

// Concern: the write-ahead log stays small while the store is written to continuously, with any readers.

namespace vardbron::store {
namespace {

constexpr LogSizes small_log{400'000, 1'600'000, 3'200'000};
constexpr std::int64_t group_bytes_max = 800'000;  // what one commit of these tests may add

std::int64_t bytes_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

std::filesystem::path log_of(const SqliteHouse& house) { return house.file().string() + "-wal"; }

/// A change that takes some 100 KB of the log.
Change a_large_change(int number) {
  Change change = a_change("m" + std::to_string(number), "case-" + std::to_string(number));
  SeededRandom noise(static_cast<std::uint64_t>(number) + 1);
  while (change.journal->body.size() < 100'000) change.journal->body += std::to_string(noise.next());
  return change;
}

TEST(Log, TheSettingsAreInForceWhenAllAreSet) {
  TemporaryDirectory directory;
  Result<std::unique_ptr<Database>> writing = Database::open(directory.path() / "vardbron.db", Database::Use::Write);
  ASSERT_TRUE(prepare_for_writing(**writing).ok());
  Result<std::unique_ptr<Database>> reading = Database::open(directory.path() / "vardbron.db", Database::Use::Read);
  ASSERT_TRUE(prepare_for_reading(**reading).ok());
  const auto word = [](Database& database, const char* name) { return database.word(std::string("PRAGMA ") + name); };

  EXPECT_EQ(word(**writing, "journal_mode"), "wal");
  EXPECT_EQ(word(**writing, "synchronous"), "2");
  EXPECT_EQ(word(**writing, "wal_autocheckpoint"), "0");
  EXPECT_EQ(word(**writing, "journal_size_limit"), std::to_string(limits::store_log_finish_bytes));
  EXPECT_EQ(word(**writing, "cache_size"), "-65536");
  EXPECT_EQ(word(**writing, "temp_store"), "2");
  EXPECT_EQ(word(**writing, "cell_size_check"), "1");
  EXPECT_EQ(word(**writing, "page_size"), "4096");
  EXPECT_EQ(word(**reading, "query_only"), "1");
  EXPECT_EQ(word(**reading, "cache_size"), "-4096");
  for (Database* each : {writing->get(), reading->get()}) {
    EXPECT_THAT(word(*each, "mmap_size"), testing::AnyOf("", "0"));
    EXPECT_EQ(word(*each, "busy_timeout"), "1000");
  }
  // And the log's pages are counted: that is what one setting once undid.
  (*writing)->execute("UPDATE setting SET value=value");
  EXPECT_GT((*writing)->log_pages(), 0);
}

TEST(Log, ASettingThatIsUndoneByAnotherIsTold) {
  TemporaryDirectory directory;
  Result<std::unique_ptr<Database>> database = Database::open(directory.path() / "some.db", Database::Use::Write);
  Result<void> set = set_up(**database, {{"synchronous", "FULL", "2"}, {"synchronous", "NORMAL", "1"}});
  ASSERT_FALSE(set.ok());
  EXPECT_THAT(set.failure().says, testing::HasSubstr("synchronous is 1, not 2"));
}

TEST(Log, StaysSmallWhileNobodyReads) {
  SqliteHouse house(small_log);
  std::int64_t largest = 0;
  for (int number = 0; number < 150; ++number) {
    ASSERT_TRUE(house.run(house.store().commit(a_large_change(number))).ok());
    largest = std::max(largest, bytes_of(log_of(house)));
  }
  EXPECT_LE(largest, small_log.finish_bytes + group_bytes_max);
  EXPECT_GT(bytes_of(house.file()), 3 * small_log.finish_bytes);  // what was written is in the file
}

/// Somebody who reads in the log for as long as this lives.
struct LogReader {
  explicit LogReader(const SqliteHouse& house) : database(*Database::open(house.file(), Database::Use::Read)) {
    database->keep_log_on_close(true);
    CHECK(prepare_for_reading(*database));
    database->execute("BEGIN");
    database->number("SELECT count(*) FROM setting");
  }
  std::unique_ptr<Database> database;
};

void write_until(SqliteHouse& house, int& number, std::int64_t log_bytes) {
  while (bytes_of(log_of(house)) < log_bytes) CHECK(house.run(house.store().commit(a_large_change(number++))));
}

/// How long the commits take in which the log grows from just below that size to a piece above, so that it is tried to be ended.
Instant time_of_commits_around(SqliteHouse& house, int& number, std::int64_t log_bytes) {
  RealClock clock;
  write_until(house, number, log_bytes - group_bytes_max);
  const Instant began = clock.now();
  write_until(house, number, log_bytes + small_log.copy_bytes + group_bytes_max);
  return clock.now() - began;
}

TEST(Log, IsEndedByAWriterThatWaitsForAReaderAsLongAsItMay) {
  SqliteHouse house(small_log);
  LogReader reader(house);
  int number = 0;
  EXPECT_GE(time_of_commits_around(house, number, small_log.finish_bytes), limits::store_log_finish_time_max);
  EXPECT_GE(time_of_commits_around(house, number, small_log.wait_bytes), limits::store_log_wait_time_max);
  EXPECT_GT(bytes_of(log_of(house)), small_log.wait_bytes) << "the reader was not driven away";
}

struct Reading {
  std::atomic<bool> is_over{false};
  std::atomic<int> searches{0};
};

Task<> search_until_over(Store& store, Reading& reading) {
  while (!reading.is_over) {
    search::Query query;
    query.resource_type = "Task";
    query.criteria = {criterion("_id", search::KeyKind::String, "no such")};  // narrows nothing: all are looked at
    Result<Page> page = co_await store.search(as_operator(), std::move(query));
    EXPECT_TRUE(page.ok());
    Result<std::int64_t> verified = co_await store.verify_journal();
    EXPECT_TRUE(verified.ok());
    ++reading.searches;
  }
}

Task<> write_many(Store& store, Reading& reading, const std::filesystem::path& log, std::int64_t& largest) {
  for (int number = 0; number < 200 || reading.searches < 3; ++number) {
    Result<Committed> committed = co_await store.commit(a_large_change(number));
    EXPECT_TRUE(committed.ok());
    largest = std::max(largest, bytes_of(log));
  }
  reading.is_over = true;
}

TEST(Log, StaysSmallWhileOthersSearchWithoutEnd) {
  SqliteHouse house(small_log);
  Reading reading;
  std::int64_t largest = 0;
  std::vector<Task<>> tasks;
  tasks.push_back(write_many(house.store(), reading, log_of(house), largest));
  tasks.push_back(search_until_over(house.store(), reading));
  tasks.push_back(search_until_over(house.store(), reading));
  house.together(std::move(tasks));

  EXPECT_LE(largest, small_log.wait_bytes + small_log.copy_bytes + group_bytes_max);
}

TEST(Log, ALongReadTakesNewSnapshotsAndMissesNothing) {
  SqliteHouse house;
  const int each = 500, changes = 9;
  for (int change = 0; change < changes; ++change) {
    Change many;
    for (int number = 0; number < each; ++number) many.resources.push_back(a_task("t" + std::to_string(change * each + number)));
    ASSERT_TRUE(house.run(house.store().commit(std::move(many))).ok());
  }
  const std::uint64_t before = times_reached("store: a long read took a new snapshot");

  search::Query query;
  query.resource_type = "Task";
  query.count = 10;
  query.total = search::Total::Accurate;
  Result<Page> page = house.run(house.store().search(as_operator(), query));

  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->total, each * changes);
  EXPECT_GE(times_reached("store: a long read took a new snapshot") - before,
            static_cast<std::uint64_t>(each * changes) / limits::store_snapshot_rows_max);
}

TEST(Log, ASnapshotIsDueAfterItsRowsItsBytesOrItsTime) {
  SqliteHouse house;
  Result<std::unique_ptr<Database>> database = Database::open(house.file(), Database::Use::Read);
  Snapshot snapshot(**database);
  RealClock clock;

  snapshot.begin();
  for (std::size_t row = 1; row < limits::store_snapshot_rows_max; ++row) ASSERT_FALSE(snapshot.is_due());
  EXPECT_TRUE(snapshot.is_due());
  snapshot.renew();
  EXPECT_FALSE(snapshot.is_due(limits::store_snapshot_bytes_max - 1));
  EXPECT_TRUE(snapshot.is_due(1));
  snapshot.renew();
  house.run(clock.sleep_until(clock.now() + limits::store_snapshot_time_max));
  EXPECT_TRUE(snapshot.is_due());
  EXPECT_TRUE(snapshot.end());
}

TEST(Log, AWalkOfJournalAndAccessLogTakesNewSnapshotsAndMissesNothing) {
  SqliteHouse house;
  for (int number = 0; number < 60; ++number) ASSERT_TRUE(house.run(house.store().commit(a_large_change(number))).ok());
  std::vector<AuditRow> rows(5'000, an_audit_row("read"));
  ASSERT_TRUE(house.run(house.store().audit(std::move(rows))).ok());
  const std::uint64_t before = times_reached("store: a long read took a new snapshot");

  EXPECT_EQ(*house.run(house.store().verify_journal()), 60);
  EXPECT_EQ(house.run(house.store().journal_entries(Outcome::Stored, 0, 1'000))->size(), 60u);
  EXPECT_EQ(*house.run(house.store().verify_audit()), 5'060);
  EXPECT_EQ(house.run(house.store().audit_rows(0, 10'000))->size(), 5'060u);

  EXPECT_GE(times_reached("store: a long read took a new snapshot") - before, 6u);
}

TEST(Log, IsEmptyAfterAStartAndAwayAfterAStop) {
  SqliteHouse house;
  for (int number = 0; number < 20; ++number) ASSERT_TRUE(house.run(house.store().commit(a_large_change(number))).ok());
  EXPECT_GT(bytes_of(log_of(house)), 1'000'000);
  TemporaryDirectory killed;  // as the files are when the process is killed here
  for (const char* name : {"vardbron.db", "vardbron.db-wal", "seal.key"}) {
    std::filesystem::copy_file(house.file().parent_path() / name, killed.path() / name);
  }

  house.close();
  EXPECT_FALSE(std::filesystem::exists(log_of(house)));

  RealClock clock;
  SystemRandom random;
  Result<std::unique_ptr<Store>> again = open_sqlite_store({killed.path(), 1}, clock, random);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(bytes_of(killed.path() / "vardbron.db-wal"), 0);
  EXPECT_EQ(*house.run((*again)->verify_journal()), 20);
}

}  // namespace
}  // namespace vardbron::store
