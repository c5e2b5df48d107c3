#include "gateway/store/sqlite/write_tables.h"

#include "gateway/base/reached.h"
#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/schema.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

namespace vardbron::store {
namespace {

class WriteTablesTest : public testing::Test {
 protected:
  WriteTablesTest() {
    Result<std::unique_ptr<Database>> opened = Database::open(directory_.path() / "test.db", Database::Use::Write);
    CHECK(opened);
    database = *std::move(opened);
    CHECK(prepare_for_writing(*database));
    tables = std::make_unique<WriteTables>(*database, clock_, random_);
  }

  PreparedChange version_of_case(std::int64_t version) {
    Change change = a_change("m" + std::to_string(version), "case-1", version);
    SeededRandom noise(static_cast<std::uint64_t>(version) + 1);
    std::string body;
    for (int count = 0; count < 20'000; ++count) body += static_cast<char>(noise.below(256));  // cannot be squeezed
    change.journal->body = body;
    return {std::move(change), compressor_};
  }

  TemporaryDirectory directory_;
  RealClock clock_;
  SystemRandom random_;
  Compressor compressor_;

 public:
  std::unique_ptr<Database> database;
  std::unique_ptr<WriteTables> tables;
};

TEST_F(WriteTablesTest, AStatusThatIsSoAlreadyWritesNothing) {
  const auto rows_written_by = [this](const std::string& status, const std::string& error,
                                      DeliveryHold hold = DeliveryHold::None) {
    const std::int64_t before = database->number("SELECT total_changes()");
    tables->begin();
    tables->set_subscription_status("sub-1", status, error, hold);
    EXPECT_TRUE(tables->end().ok());
    return database->number("SELECT total_changes()") - before;
  };
  EXPECT_GT(rows_written_by("error", "404"), 0);
  EXPECT_EQ(rows_written_by("error", "404"), 0);
  EXPECT_GT(rows_written_by("error", "405"), 0);
  EXPECT_GT(rows_written_by("error", "405", DeliveryHold::Stopped), 0);
  EXPECT_EQ(rows_written_by("error", "405", DeliveryHold::Stopped), 0);
  EXPECT_GT(rows_written_by("active", ""), 0);
  EXPECT_EQ(rows_written_by("active", ""), 0);
}

// What was made and deleted leaves no row, however often.
TEST_F(WriteTablesTest, SubscriptionsThatAreForgottenLeaveNoRows) {
  std::int64_t cycle = 0;
  for (const std::int64_t cycles : {10, 10'000}) {
    tables->begin();
    for (; cycle < cycles; ++cycle) {
      const std::string id = "sub-" + std::to_string(cycle);
      tables->set_subscription_status(id, "active", "", DeliveryHold::None);
      Change change;
      change.events.push_back({audience_of({id}), "topic", "case-1", "Encounter/e1", {"Patient/p1"}});
      ASSERT_TRUE(tables->commit({std::move(change), compressor_}).ok());
      ASSERT_TRUE(tables->forget_subscription(id));
    }
    Result<SubscriptionChanges> ended = tables->end();
    ASSERT_TRUE(ended.ok());
    EXPECT_TRUE(ended->changed.empty());
    EXPECT_EQ(database->number("SELECT count(*) FROM subscription"), 0);
    EXPECT_EQ(database->number("SELECT count(*) FROM event"), 0);
    EXPECT_TRUE(tables->subscriptions().empty());
  }
}

TEST_F(WriteTablesTest, AFullDiskLosesTheGroupAndNothingElse) {
  // Given two groups on the disk, and then no more room.
  std::int64_t version = 0;
  for (; version < 2; ++version) {
    tables->begin();
    ASSERT_TRUE(tables->commit(version_of_case(version)).ok());
    ASSERT_TRUE(tables->end().ok());
  }
  database->execute("PRAGMA max_page_count=" + std::to_string(database->number("PRAGMA page_count")));
  std::uint64_t fallen = times_reached("store: a group fell");

  // When a group of two changes does not fit.
  tables->begin();
  (void)tables->commit(version_of_case(2));
  (void)tables->commit(version_of_case(3));
  Result<SubscriptionChanges> ended = tables->end();

  // Then nothing of it is left, and the file is trusted as before.
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.failure().cause, Cause::Busy);
  EXPECT_EQ(times_reached("store: a group fell"), fallen + 1);
  EXPECT_EQ(database->health().trouble, Trouble::Full);
  EXPECT_EQ(tables->subscriptions().at(0).events, 2);

  // And when there is room again, the next change takes the numbers that follow.
  database->execute("PRAGMA max_page_count=100000");
  tables->begin();
  Result<Committed> next = tables->commit(version_of_case(2));
  ASSERT_TRUE(tables->end().ok());
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->journal_number, 3);
  EXPECT_EQ(next->events.at(0).number_of(0), 3);
  ReadTables readers(*database);
  readers.begin();
  EXPECT_EQ(*readers.journal().verify(), 3);
  EXPECT_EQ(*readers.audit().verify(), 3);
  EXPECT_TRUE(readers.end().ok());
}

TEST_F(WriteTablesTest, AConflictHurtsNobodyElseInTheGroup) {
  tables->begin();
  Result<Committed> first = tables->commit(version_of_case(0));
  Result<Committed> rival = tables->commit(version_of_case(0));
  Result<Committed> second = tables->commit(version_of_case(1));
  ASSERT_TRUE(tables->end().ok());

  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_FALSE(rival.ok());
  EXPECT_EQ(rival.failure().cause, Cause::Conflict);
  EXPECT_EQ(second->journal_number, 2);
  EXPECT_EQ(second->events.at(0).number_of(0), 2);
}

TEST_F(WriteTablesTest, TimeNeverGoesBack) {
  tables->begin();
  Result<Committed> first = tables->commit(version_of_case(0));
  Result<Committed> second = tables->commit(version_of_case(1));
  ASSERT_TRUE(tables->end().ok());
  EXPECT_LE(first->at, second->at);
}

}  // namespace
}  // namespace vardbron::store
