// Concern: an existing state of the store is sealed only if it is new, if its tables were just migrated and it matched its seal,
// or on an operator's request.
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/write_tables.h"
#include "tests/store/builders.h"
#include "tests/system/store/closed_store.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::store {
namespace {

class Resealing : public ClosedStore {
 protected:
  Resealing() {
    subscribe();
    for (int version = 0; version < 6; ++version) commit(version);
    AuditRow row;
    row.action = "read";
    std::vector<AuditRow> rows{row};
    CHECK(house_.run(house_.store().audit(std::move(rows))));
    close();
  }
};

TEST_F(Resealing, AStoreWithoutItsSealIsNotSealedAsItStands) {
  // Given seal and key both removed, and a row changed.
  std::filesystem::rename(house_.seal_key(), house_.seal_key().string() + ".away");
  edit("DELETE FROM seal; UPDATE journal SET sender='SE0000000000-X' WHERE number=2");
  for (int start = 0; start < 2; ++start) {
    Result<void> opened = house_.try_open();
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.failure().says, testing::HasSubstr("seal and its key are both missing"));
    EXPECT_THAT(opened.failure().says, testing::HasSubstr("verify --seal-anew"));
    EXPECT_FALSE(std::filesystem::exists(house_.seal_key()));
  }
  // Nor with a key that somebody made on the way.
  RealClock clock;
  SystemRandom random;
  ASSERT_TRUE(SealKey::make(house_.seal_key().string() + ".new", random).ok());
  EXPECT_FALSE(house_.try_open().ok());
  std::filesystem::remove(house_.seal_key().string() + ".new");

  SqliteOptions options{house_.file().parent_path(), 1};
  options.is_sealed_anew = true;
  Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);
  ASSERT_TRUE(opened.ok()) << opened.failure().says;
  house_.use(*std::move(opened));
  house_.reopen();
}

TEST_F(Resealing, AStoreThatHoldsNothingYetIsSealedAtTheNextStart) {
  // Given a first start that ended before the first seal, in the middle of the steps too.
  RealClock clock;
  SystemRandom random;
  for (std::size_t steps = 0; steps <= schema_steps().size(); ++steps) {
    const std::filesystem::path folder = house_.file().parent_path() / ("new-" + std::to_string(steps));
    std::filesystem::create_directories(folder);
    std::unique_ptr<Database> database = open_database(folder / "vardbron.db", Database::Use::Write);
    ASSERT_TRUE(prepare_for_writing(*database, schema_steps().first(steps)).ok());
    database.reset();
    Result<std::unique_ptr<Store>> opened = open_sqlite_store({folder, 1}, clock, random);
    ASSERT_TRUE(opened.ok()) << steps << ": " << opened.failure().says;
    house_.use(*std::move(opened));
    house_.close();
    EXPECT_TRUE(std::filesystem::exists(folder / "seal.key"));
  }
}

/// A store that was sealed, put back to a form from before seals, without its key.
class SetBack : public Resealing {
 protected:
  SetBack() { std::filesystem::remove(house_.seal_key()); }
  Result<void> start(bool is_sealed_anew = false) {
    SqliteOptions options{house_.file().parent_path(), 1};
    options.seal_file = seals_;
    options.is_sealed_anew = is_sealed_anew;
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock_, random_);
    if (!opened) return std::move(opened).failure();
    house_.use(*std::move(opened));
    return done();
  }
  void expect_refused(const std::string& says) {
    for (int times = 0; times < 2; ++times) {
      const Result<void> started = start();
      ASSERT_FALSE(started.ok());
      EXPECT_THAT(started.failure().says, testing::AllOf(testing::HasSubstr(says), testing::HasSubstr("verify --seal-anew")));
      EXPECT_FALSE(std::filesystem::exists(house_.seal_key()));
    }
  }
  const std::filesystem::path seals_ = house_.file().parent_path().parent_path() / "seals";
  RealClock clock_;
  SystemRandom random_;
};

// Without subscriptions: they are of no interest here.
constexpr const char* to_form_4 =
    "DROP TABLE seal; DROP TABLE unwritten_key; DROP TABLE dictionary; DROP TABLE stream; DROP TABLE event; DROP TABLE "
    "event_content; DROP TABLE "
    "event_segment; DROP TABLE "
    "dead_letter; DROP TABLE word; DROP TABLE subscription; PRAGMA user_version=4;"
    "CREATE TABLE subscription(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, events INTEGER NOT "
    "NULL, delivered INTEGER NOT NULL, error TEXT NOT NULL);"
    "CREATE TABLE event(subscription INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, dead INTEGER NOT NULL, "
    "topic "
    "TEXT NOT NULL, patient_case TEXT NOT NULL, focus TEXT NOT NULL, context TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY "
    "KEY(subscription, number)) WITHOUT ROWID;"
    "DROP TABLE parameter; DROP TABLE system; DROP TABLE token; DROP TABLE party; DROP TABLE audience; DROP TABLE "
    "resource; DROP TABLE version; DROP TABLE audience_party; DROP TABLE change_key; DROP TABLE token_key; DROP TABLE "
    "reference_key; DROP TABLE date_key; DROP TABLE period_key; DROP TABLE string_key; DROP TABLE number_key; DROP TABLE "
    "dense_value; DROP INDEX "
    "type_name; DROP INDEX "
    "journal_id; DROP INDEX audit_case; DROP INDEX patient_case_key; ALTER TABLE patient_case DROP COLUMN hidden_before; DELETE "
    "FROM change; INSERT "
    "INTO setting VALUES('term key', randomblob(16)); "
    "CREATE TABLE resource(number INTEGER PRIMARY KEY, version INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, "
    "deleted INTEGER NOT NULL, id TEXT NOT NULL, parties TEXT NOT NULL, digest BLOB NOT NULL, keys BLOB NOT NULL); "
    "CREATE TABLE common(parameter TEXT PRIMARY KEY) WITHOUT ROWID; "
    "CREATE TABLE posting(term INTEGER NOT NULL, member INTEGER NOT NULL, PRIMARY KEY(term, member)) WITHOUT ROWID";

// Once it was opened and resealed silently.
TEST_F(SetBack, ASealThatWasHandedOutsideKeepsItClosed) {
  edit(to_form_4);
  std::ofstream(seals_) << "vardbron-seal 7 2026-03-28T10:00:00Z journal 6 aa audit 7 bb cc\n";
  expect_refused("although seal 7 was handed to " + seals_.string());
  ASSERT_TRUE(start(true).ok()) << "an operator may go on";
  house_.close();
  EXPECT_TRUE(start().ok());
}

TEST_F(SetBack, TablesOfALaterFormKeepItClosed) {
  edit("DROP TABLE seal; PRAGMA user_version=4");
  expect_refused("says that it is of form 4, which had no seals");
  edit("ALTER TABLE subscription DROP COLUMN under_way");
  expect_refused("says that it is of form 4, which had no seals");
  edit(
      "CREATE TABLE seal(id INTEGER PRIMARY KEY CHECK(id=1), state BLOB NOT NULL);"
      "ALTER TABLE subscription DROP COLUMN hold");
  expect_refused("says that it is of form 4, which had no seals");
  edit("DROP TABLE seal");
  expect_refused("says that it is of form 4, which had no seals");
}

TEST_F(SetBack, ACopyFromBeforeALaterStepKeepsItClosed) {
  edit(to_form_4);
  std::ofstream(copy_from_before(house_.file(), 6)) << "a copy";
  expect_refused("says that it is of form 4, which had no seals");
}

TEST_F(SetBack, WithoutAnySignItIsAStoreFromBeforeSeals) {
  edit(to_form_4);
  std::ofstream(seals_) << "no line of a gateway\n";
  std::ofstream(copy_from_before(house_.file(), 4)) << "a copy";
  EXPECT_TRUE(start().ok());
}

TEST_F(SetBack, AnEmptyStoreInItsPlaceIsNotTakenForANewOne) {
  // Such as the folder of a disk that is not there.
  std::ofstream(seals_) << "vardbron-seal 7 2026-03-28T10:00:00Z journal 6 aa audit 7 bb cc\n";
  for (const bool has_tables : {true, false}) {
    SCOPED_TRACE(has_tables);
    if (has_tables)
      edit("DELETE FROM seal; DELETE FROM journal; DELETE FROM audit; DELETE FROM change; DELETE FROM subscription");
    if (!has_tables) std::filesystem::remove(house_.file());
    expect_refused("a new one where the old one is missing");
  }
  std::filesystem::rename(seals_, seals_.string() + ".of-before");
  EXPECT_TRUE(start().ok()) << "as its words say";
}

Result<void> prepare(Database& database, const SealOptions& options, std::span<const SchemaStep> steps) {
  SystemRandom random;
  const AroundSteps around{[&](std::int64_t form) { return Sealer::check_before_steps(database, options, form); },
                           [&] { return Sealer::begin_steps(database, options, random); },
                           [&] { Sealer::steps_failed(database, options); }};
  return prepare_for_writing(database, steps, around);
}

Result<void> add_columns(Database& database, StepContext&) {
  database.execute("ALTER TABLE event ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'");
  database.execute("ALTER TABLE subscription ADD COLUMN colour INTEGER NOT NULL DEFAULT 4");
  return done();
}

TEST_F(Resealing, ARowThatIsOlderThanOneOfItsColumnsIsSealedAsItStands) {
  // SQLite's hook says NULL of such a column.
  RealClock clock;
  SystemRandom random;
  {
    std::vector<SchemaStep> steps(schema_steps().begin(), schema_steps().end());
    steps.push_back({form_after(steps) + 1, "columns", add_columns});
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
    SealOptions options{house_.seal_key(), false, {}, {}, nullptr};
    ASSERT_TRUE(prepare(*database, options, steps).ok());
    Result<std::unique_ptr<Sealer>> sealer = Sealer::open(*database, options, clock, random);
    ASSERT_TRUE(sealer.ok()) << sealer.failure().says;
    WriteTables tables(*database, clock, random, sealer->get());
    const std::string subscription = tables.subscriptions().at(0).id;
    tables.begin();
    ASSERT_TRUE(tables.dead_letter(subscription, 2, "for a test").ok());
    tables.set_subscription_status(subscription, "off", "", DeliveryHold::None);
    ASSERT_TRUE(tables.end().ok());
  }
  EXPECT_EQ(all_of(verify_file(house_.file())), "");
}

/// The last steps of a later version of the program.
class Carrying : public Resealing {
 protected:
  Result<void> carry_over(Result<void> (*step)(Database&, StepContext&)) {
    std::vector<SchemaStep> steps(schema_steps().begin(), schema_steps().end());
    steps.push_back({form_after(steps) + 1, "columns", step});
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
    const SealOptions options{house_.seal_key(), false, {}, {}, nullptr};
    Result<void> prepared = prepare(*database, options, steps);
    if (!prepared || !is_sealed_) return prepared;
    RealClock clock;
    SystemRandom random;
    Result<std::unique_ptr<Sealer>> sealer = Sealer::open(*database, options, clock, random);
    if (!sealer) return std::move(sealer).failure();
    return done();
  }
  bool is_sealed_ = true;  ///< else the program dies after the step
};

TEST_F(Carrying, AStoreThatWasChangedIsNotSealedBehindAStep) {
  struct Row {
    const char* change;
    const char* says;
  };
  for (const Row& row :
       {Row{"UPDATE resource SET at=at+1 WHERE number=1", "Its table resource is not what was sealed"},
        Row{"DELETE FROM audit WHERE number=1", "Its table audit is not what was sealed"},
        Row{"UPDATE audit SET chain=randomblob(32) WHERE number=(SELECT max(number) FROM audit)", "ends otherwise"},
        Row{"CREATE TABLE more(x)", "Its tables are not those"}}) {
    restore();
    edit(row.change);
    Result<void> carried = carry_over(add_columns);
    ASSERT_FALSE(carried.ok()) << row.change;
    EXPECT_THAT(carried.failure().says, testing::AllOf(testing::HasSubstr("left as they were"), testing::HasSubstr(row.says)));
    EXPECT_EQ(open_database(house_.file(), Database::Use::Read)->number("PRAGMA user_version"), form_after(schema_steps()));
    EXPECT_FALSE(verify_file(house_.file()).is_clean()) << row.change;
  }
}

TEST_F(Carrying, AStoreIsSealedByTheNextStartWhenTheProgramDiedAfterTheStep) {
  is_sealed_ = false;
  ASSERT_TRUE(carry_over(add_columns).ok());
  is_sealed_ = true;
  Result<void> carried = carry_over(add_columns);
  ASSERT_TRUE(carried.ok()) << carried.failure().says;
  EXPECT_EQ(all_of(verify_file(house_.file())), "");
}

TEST_F(Carrying, AnotherFormThanItsSealsIsNotSealed) {
  // Given tables that somebody else carried over.
  {
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
    StepContext context(0, false);
    ASSERT_TRUE(add_columns(*database, context).ok());
    database->execute("PRAGMA user_version=" + std::to_string(form_after(schema_steps()) + 1));
  }
  Result<void> carried = carry_over(add_columns);
  ASSERT_FALSE(carried.ok());
  EXPECT_THAT(carried.failure().says, testing::HasSubstr("put there by somebody else"));
}

Result<void> fail_after_a_column(Database& database, StepContext& context) {
  (void)add_columns(database, context);
  return Failure{Cause::Broken, "Nothing is blue.", ""};
}

TEST_F(Carrying, AStepThatFailsLeavesWhatWasSealed) {
  EXPECT_FALSE(carry_over(fail_after_a_column).ok());
  EXPECT_EQ(all_of(verify_file(house_.file())), "");
  house_.open();
}

}  // namespace
}  // namespace vardbron::store
