#include "gateway/store/sqlite/restore.h"

#include "gateway/base/random.h"
#include "gateway/store/sqlite/backup.h"
#include "gateway/store/sqlite/restoration.h"
#include "gateway/store/sqlite/seal_lines.h"
#include "gateway/store/sqlite/verify_file.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

// Concern: a backup that is put back is a store that starts, that says that it was put back, and that is not taken for a fraud.
namespace vardbron::store {
namespace {

using testing::HasSubstr;

/// A store with a file of seals, that was backed up after 20 messages and has 30.
class RestoredStore : public testing::Test {
 protected:
  RestoredStore() {
    options_.directory = directory_.path() / "data";
    options_.seal_file = directory_.path() / "seals";
    options_.on_seal = [this](const std::string& line) { std::ofstream(options_.seal_file, std::ios::app) << line << '\n'; };
    open();
    CHECK(house_.run(house_.store().set_subscription_status("s-1", "active", "")));
    for (int each = 0; each < 20; ++each) commit();
    house_.close();
    BackupOptions how;
    how.store = options_;
    how.to = backup();
    const Result<Backup> made = back_up(how, clock_);
    CHECK(made && made->report.verified.is_clean());
    backed_up_ = made->report.verified.seal;
    open();
    for (int each = 0; each < 10; ++each) commit();
    house_.close();
    last_ = last_handed_out(options_.seal_file).value_or(0);
    CHECK(last_ > backed_up_);
  }
  ~RestoredStore() override {
    if (house_.is_open()) house_.close();
  }
  std::filesystem::path backup() const { return directory_.path() / "backup.db"; }
  std::filesystem::path file() const { return options_.directory / "vardbron.db"; }
  void open() {
    Result<std::unique_ptr<Store>> store = open_sqlite_store(options_, clock_, random_);
    CHECK(store);
    house_.use(*std::move(store));
  }
  void commit() {
    Change change = a_change("m" + std::to_string(messages_), "case-" + std::to_string(messages_), 0);
    ++messages_;
    EventWrite event;
    event.to = audience_of({"s-1"});
    event.case_key = change.case_key;
    change.events.push_back(std::move(event));
    CHECK(house_.run(house_.store().commit(std::move(change))));
  }
  Result<Restored> restore(bool is_replaced = false) {
    RestoreOptions how;
    how.store = options_;
    how.from = backup();
    how.is_replaced = is_replaced;
    return store::restore(how, clock_, random_);
  }
  VerifyReport verify() {
    VerifyFileOptions how;
    how.store = options_;
    Result<VerifyReport> report = store::verify_file(how, clock_);
    CHECK(report);
    return *std::move(report);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& each : std::filesystem::directory_iterator(options_.directory)) all.push_back(each.path().filename());
    return all;
  }

  TemporaryDirectory directory_;
  RealClock clock_;
  SystemRandom random_;
  SqliteOptions options_;
  SqliteHouse house_{SqliteHouse::Closed{}};
  int messages_ = 0;
  std::int64_t backed_up_ = 0, last_ = 0;
};

TEST_F(RestoredStore, HasWhatTheBackupHasAndGoesOnAfterTheLastSealThatWasHandedOut) {
  Result<Restored> restored = restore(true);
  ASSERT_TRUE(restored.ok()) << restored.failure().says;
  ASSERT_TRUE(restored->report.verified.is_clean());
  EXPECT_EQ(restored->restoration.seal, backed_up_);
  EXPECT_EQ(restored->restoration.handed_out, last_);
  house_.use(std::move(restored->store));
  const Result<std::vector<SubscriptionState>> subscriptions = house_.run(house_.store().subscriptions());
  ASSERT_TRUE(subscriptions.ok());
  EXPECT_EQ(subscriptions->at(0).events, 20) << "the next event is number 21, which another one had";
  house_.close();

  VerifyReport report = verify();
  EXPECT_TRUE(report.is_clean()) << all_of(report);
  EXPECT_EQ(report.journal, 20);
  EXPECT_GT(report.seal, last_);
  ASSERT_EQ(report.restored.size(), 1u);
  EXPECT_EQ(report.restored[0].seal, backed_up_);
  EXPECT_THAT(to_json(report), HasSubstr("\"restored\":[{\"seal\":" + std::to_string(backed_up_) + ",\"handed_out\":"));

  // And it goes on: seals of what is gone are in the file, and are no evidence against it.
  open();
  for (int each = 0; each < 15; ++each) commit();
  house_.close();
  report = verify();
  EXPECT_TRUE(report.is_clean()) << all_of(report);
  EXPECT_EQ(seals_put_back(options_.seal_file, report.restored), 0);
  EXPECT_EQ(last_handed_out(options_.seal_file).value_or(0), report.seal);
}

TEST_F(RestoredStore, TellsEachStartThatItWasRestored) {
  for (int times = 1; times <= 2; ++times) {
    Result<Restored> restored = restore(true);
    ASSERT_TRUE(restored.ok()) << restored.failure().says;
    house_.use(std::move(restored->store));
    house_.close();
    std::vector<Restoration> known;
    options_.on_restored = [&](const Restoration& each) { known.push_back(each); };
    open();
    EXPECT_EQ(known.size(), 1u) << "the backup knows of no earlier one";
    house_.close();
    options_.on_restored = nullptr;
    EXPECT_TRUE(verify().is_clean()) << all_of(verify());
  }
}

TEST_F(RestoredStore, ACopyThatIsPutBackByHandIsStillFound) {
  std::filesystem::copy_file(backup(), file(), std::filesystem::copy_options::overwrite_existing);
  std::filesystem::remove(file().string() + "-wal");
  EXPECT_THAT(all_of(verify()), HasSubstr("an older copy was put back"));
  open();
  for (int each = 0; each < 40; ++each) commit();
  house_.close();
  EXPECT_GT(seals_put_back(options_.seal_file, {}), 0) << "also when the store has passed the last seal of before";

  // A restoration whose row is put there by somebody else is no way round it.
  {
    std::unique_ptr<Database> database = open_database(file(), Database::Use::Write);
    database->execute("BEGIN");
    note_restoration(*database, {backed_up_, last_, "2026-11-30T21:00:00.000Z"});
    database->execute("COMMIT");
  }
  EXPECT_THAT(all_of(verify()), HasSubstr("setting"));
}

TEST_F(RestoredStore, IsPutInThePlaceOfAnotherOnlyWhenThatIsAsked) {
  const Result<Restored> refused = restore();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.failure().cause, Cause::Conflict);
  EXPECT_EQ(verify().journal, 30);

  Result<Restored> restored = restore(true);
  ASSERT_TRUE(restored.ok()) << restored.failure().says;
  house_.use(std::move(restored->store));
  house_.close();
  EXPECT_TRUE(std::filesystem::exists(restored->aside));
  std::unique_ptr<Database> before = open_database(restored->aside, Database::Use::Read);
  EXPECT_EQ(before->number("SELECT count(*) FROM journal"), 30) << "whole, with its log";
}

TEST_F(RestoredStore, IsNotPutInThePlaceOfOneThatIsOpen) {
  open();
  const Result<Restored> refused = restore(true);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.failure().says, HasSubstr("Another process has the store open."));
}

TEST_F(RestoredStore, NeedsTheKey) {
  std::filesystem::remove(options_.directory / "seal.key");
  const Result<Restored> refused = restore(true);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.failure().says, HasSubstr("Put the key of the store's seal there first"));
}

TEST_F(RestoredStore, OfADamagedBackupThereIsNone) {
  std::filesystem::rename(file(), directory_.path() / "away");
  const std::uintmax_t pages = std::filesystem::file_size(backup()) / 4096;
  for (std::uintmax_t page = 0; page < pages; ++page) {
    SCOPED_TRACE(page);
    std::fstream bytes(backup(), std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(page * 4096 + 1000);
    bytes.seekg(at);
    const char was = static_cast<char>(bytes.get());
    bytes.seekp(at).put(static_cast<char>(was ^ 64)).flush();
    const Result<Restored> restored = restore();
    EXPECT_TRUE(!restored.ok() || !restored->report.verified.is_clean());
    EXPECT_FALSE(std::filesystem::exists(file()));
    bytes.seekp(at).put(was).flush();
  }
  std::filesystem::resize_file(backup(), (pages - 1) * 4096);
  const Result<Restored> cut = restore();
  EXPECT_TRUE(!cut.ok() || !cut->report.verified.is_clean());
  EXPECT_THAT(names(), testing::Not(testing::Contains(HasSubstr(".part"))));
}

TEST_F(RestoredStore, OnAnotherMachineNeedsTheKeyAndTheBackupOnly) {
  options_.directory = directory_.path() / "other";
  options_.seal_key = directory_.path() / "data" / "seal.key";
  options_.seal_file = directory_.path() / "other-seals";
  Result<Restored> restored = restore();
  ASSERT_TRUE(restored.ok()) << restored.failure().says;
  house_.use(std::move(restored->store));
  commit();
  house_.close();
  EXPECT_TRUE(verify().is_clean()) << all_of(verify());
  EXPECT_EQ(restored->restoration.handed_out, restored->restoration.seal);
}

// It left tables without a seal, which the next start took for a store that had lost it.
TEST(RefusedStart, LeavesNoStoreWhereThereWasNone) {
  TemporaryDirectory directory;
  RealClock clock;
  SystemRandom random;
  SqliteOptions options;
  options.directory = directory.path() / "data";
  options.seal_file = directory.path() / "seals";
  std::ofstream(options.seal_file) << "vardbron-seal 41 x\n";
  for (int times = 0; times < 2; ++times) {
    EXPECT_FALSE(open_sqlite_store(options, clock, random).ok());
    EXPECT_FALSE(std::filesystem::exists(options.directory / "vardbron.db"));
    EXPECT_FALSE(std::filesystem::exists(options.directory / "vardbron.db-wal"));
  }
  std::filesystem::remove(options.seal_file);
  SqliteHouse house{SqliteHouse::Closed{}};
  Result<std::unique_ptr<Store>> store = open_sqlite_store(options, clock, random);
  ASSERT_TRUE(store.ok()) << "and the next one makes it";
  house.use(*std::move(store));
  house.close();
}

}  // namespace
}  // namespace vardbron::store
