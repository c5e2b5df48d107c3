#include "gateway/store/sqlite/sqlite_store.h"

#include "gateway/store/sqlite/database.h"
#include "tests/store/commit_contract.h"
#include "tests/store/condition_contract.h"
#include "tests/store/delivery_contract.h"
#include "tests/store/journal_contract.h"
#include "tests/store/parts_contract.h"
#include "tests/store/read_contract.h"
#include "tests/store/time_contract.h"
#include "tests/store/version_contract.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace vardbron::store {

void SqliteHouse::flip_journal_byte(std::int64_t number) {
  close();
  Result<std::unique_ptr<Database>> database = Database::open(file(), Database::Use::Write);
  CHECK(database);
  std::string body;
  {
    Statement select = (*database)->prepare("SELECT body FROM journal WHERE number=?");
    select.query(number);
    CHECK(select.next());
    body = select.string(0);
  }
  body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
  (*database)->prepare("UPDATE journal SET body=? WHERE number=?").run(Blob{body}, number);
  database->reset();
  open();
}

namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, CommitContract, SqliteHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, JournalContract, SqliteHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, PartsContract, SqliteHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ReadContract, SqliteHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, TimeContract, SqliteHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, VersionContract, SqliteHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DeliveryContract, SqliteHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ConditionContract, SqliteHouse);

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

TEST(SqliteStore, KeepsItsFilesFromOthers) {
  SqliteHouse house;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1"))).ok());

  EXPECT_EQ(mode_of(house.file().parent_path()), 0700u);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(mode_of(house.file().string() + suffix) & 0077, 0u) << suffix;
  }
}

TEST(SqliteStore, AMessageWhoseBytesCannotBeReadHidesNoOther) {
  SqliteHouse house;
  const std::string body(3000, 'x');
  for (const char* name : {"m1", "m2", "m3"}) ASSERT_TRUE(house.run(house.store().journal(a_message(name, body))).ok());
  house.close();
  {
    Result<std::unique_ptr<Database>> database = Database::open(house.file(), Database::Use::Write);
    ASSERT_TRUE(database);
    (*database)->execute("UPDATE journal SET body=x'00' WHERE number=2");
  }
  house.open();

  Result<std::vector<JournalEntry>> pending = house.run(house.store().journal_entries(Outcome::Pending, 0, 10));
  Result<JournalEntry> damaged = house.run(house.store().journal_entry(2));

  ASSERT_TRUE(pending && damaged);
  ASSERT_THAT(*pending, testing::SizeIs(3));
  EXPECT_TRUE(pending->at(1).damaged);
  EXPECT_EQ(pending->at(1).message.sender, hospital);
  EXPECT_EQ(pending->at(2).message.body, body);
  EXPECT_TRUE(damaged->damaged);
  EXPECT_FALSE(house.run(house.store().verify_journal()).ok());
}

TEST(SqliteStore, IsOpenInOneProcessAtATime) {
  SqliteHouse house;
  RealClock clock;
  SystemRandom random;

  Result<std::unique_ptr<Store>> second = open_sqlite_store({house.file().parent_path(), 1}, clock, random);

  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.failure().cause, Cause::Broken);
  EXPECT_THAT(second.failure().says, testing::HasSubstr("Another process"));
}

TEST(SqliteStore, RefusesAFileOfAnotherFormAndLeavesItAlone) {
  struct Row {
    int version;
    const char* says;
  };
  for (const Row& row : {Row{1, "an older version"}, Row{2, "an older version"}, Row{99, "a newer version"}}) {
    SqliteHouse house;
    house.close();
    {
      Result<std::unique_ptr<Database>> database = Database::open(house.file(), Database::Use::Write);
      (*database)->execute("PRAGMA user_version=" + std::to_string(row.version));
    }
    RealClock clock;
    SystemRandom random;

    Result<std::unique_ptr<Store>> opened = open_sqlite_store({house.file().parent_path(), 1}, clock, random);

    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.failure().says, testing::HasSubstr(row.says));
    Result<std::unique_ptr<Database>> database = Database::open(house.file(), Database::Use::Write);
    EXPECT_EQ((*database)->number("PRAGMA user_version"), row.version);
  }
}

TEST(SqliteStore, RefusesAFileThatIsNotItsOwn) {
  TemporaryDirectory directory;
  {
    Result<std::unique_ptr<Database>> database = Database::open(directory.path() / "vardbron.db", Database::Use::Write);
    (*database)->execute("CREATE TABLE somebody_elses(x)");
  }
  RealClock clock;
  SystemRandom random;

  Result<std::unique_ptr<Store>> opened = open_sqlite_store({directory.path(), 1}, clock, random);

  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.failure().says, testing::HasSubstr("not a store"));
}

TEST(SqliteStore, RefusesAFileOfNoise) {
  TemporaryDirectory directory;
  std::ofstream(directory.path() / "vardbron.db") << std::string(10'000, 'x');
  RealClock clock;
  SystemRandom random;

  EXPECT_FALSE(open_sqlite_store({directory.path(), 1}, clock, random).ok());
}

}  // namespace
}  // namespace vardbron::store
