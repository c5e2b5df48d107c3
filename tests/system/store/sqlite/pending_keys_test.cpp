#include "gateway/store/sqlite/pending_keys.h"

#include "gateway/base/limits.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/settings.h"
#include "gateway/store/sqlite/write_tables.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/watched_files.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <thread>

// Concern: keys that are written later are the same, whatever happens before, and a search finds what was committed before it.

namespace vardbron::store {
namespace {

/// A store's tables, as the writer has them.
class Tables {
 public:
  explicit Tables(const std::filesystem::path& file) : file_(file) { open(); }

  void commit(const Change& change) {
    tables_->begin();
    EXPECT_TRUE(tables_->commit({change, compressor_}).ok());
    EXPECT_TRUE(tables_->end().ok());
  }
  void write_keys() {
    tables_->begin();
    tables_->write_keys();
    EXPECT_TRUE(tables_->end().ok());
  }
  /// A group of which nothing is left.
  void commit_in_vain(const Change& change) {
    tables_->begin();
    EXPECT_TRUE(tables_->commit({change, compressor_}).ok());
    database_->execute("INSERT INTO no_such_table VALUES(1)");
    EXPECT_FALSE(tables_->end().ok());
  }
  void die_and_start() {
    tables_.reset();
    database_.reset();
    open();
  }
  std::size_t waiting() const { return tables_->changes_without_keys(); }
  /// All rows that searches look in.
  std::vector<std::string> keys() {
    std::vector<std::string> rows;
    for (const char* sql : {"SELECT token||'|'||audience||'|'||parameter||'|'||owner FROM token_key",
                            "SELECT target||'|'||audience||'|'||parameter||'|'||owner FROM reference_key",
                            "SELECT audience||'|'||first||'|'||parameter||'|'||last||'|'||owner FROM date_key",
                            "SELECT audience||'|'||parameter||'|'||text||'|'||owner FROM string_key",
                            "SELECT party||'|'||change FROM change_key"}) {
      Statement row = database_->prepare(sql);
      for (row.query(); row.next();) rows.push_back(std::string(sql, 12) + row.string(0));
    }
    std::sort(rows.begin(), rows.end());
    EXPECT_FALSE(database_->health().failure);
    return rows;
  }

 private:
  void open() {
    Result<std::unique_ptr<Database>> opened = Database::open(file_, Database::Use::Write);
    CHECK(opened);
    database_ = *std::move(opened);
    CHECK(prepare_for_writing(*database_));
    tables_ = std::make_unique<WriteTables>(*database_, clock_, random_);
  }

  std::filesystem::path file_;
  RealClock clock_;
  SystemRandom random_;
  Compressor compressor_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<WriteTables> tables_;
};

/// Changes of a few Tasks of three cases: made, changed, shown to others, deleted, brought back.
class Changes {
 public:
  explicit Changes(std::uint64_t seed) : random_(seed) {}

  Change next() {
    Change change;
    for (std::uint64_t count = random_.below(3) + 1; count > 0; --count) {
      const std::uint64_t task = random_.below(12);
      const std::string id = "t" + std::to_string(task);
      const bool is_there =
          std::any_of(change.resources.begin(), change.resources.end(), [&](const ResourceWrite& each) { return each.id == id; });
      if (is_there || (!change.resources.empty() && change.case_key != case_of(task))) continue;
      change.case_key = case_of(task);
      change.resources.push_back(write(task));
    }
    std::int64_t& links = links_[change.case_key];
    change.case_version = links++;
    change.links.push_back(a_link("m" + std::to_string(++link_)));
    return change;
  }
  void take_back(const Change& change) {
    --links_[change.case_key];
    for (const ResourceWrite& each : change.resources) --versions_[each.id];
  }

 private:
  static std::string case_of(std::uint64_t task) { return "case-" + std::to_string(task % 3); }
  ResourceWrite write(std::uint64_t task) {
    ResourceWrite write = a_task("t" + std::to_string(task), 0);
    write.expected_version = versions_[write.id]++;
    write.deleted = write.expected_version > 0 && random_.below(8) == 0;
    if (write.deleted) {
      write.body.clear();
      write.keys.clear();
      return write;
    }
    write.keys = {token("status", "http://hl7.org/fhir/task-status", random_.below(2) == 0 ? "requested" : "completed"),
                  token("identifier", "urn:x", std::to_string(random_.below(30))),
                  reference("patient", "Patient/p" + std::to_string(random_.below(4))), token("code:text", "", "")};
    write.keys.back().kind = search::KeyKind::String;
    write.keys.back().value = write.keys.back().system = random_.below(2) == 0 ? "ta over patient" : "kalla till sip";
    search::Key date = token("authored-on", "", "");
    date.kind = search::KeyKind::Date;
    date.from_ms = static_cast<std::int64_t>(random_.below(3)) * 1000;
    date.to_ms = date.from_ms + 1000;
    write.keys.push_back(date);
    write.parties = {hospital};
    if (random_.below(2) == 0) write.parties.push_back(municipality);
    return write;
  }

  SeededRandom random_;
  std::map<std::string, std::int64_t> versions_, links_;
  int link_ = 0;
};

// Beside one that writes the keys of each change at once.
TEST(PendingKeysWalk, WrittenLaterTheyAreTheSame) {
  std::size_t most = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    TemporaryDirectory directory;
    Tables at_once(directory.path() / "at-once.db"), later(directory.path() / "later.db");
    Changes changes(seed);
    SeededRandom random(seed);
    for (int step = 0; step < 60; ++step) {
      const Change change = changes.next();
      if (random.below(10) == 0) {
        at_once.commit_in_vain(change);
        later.commit_in_vain(change);
        changes.take_back(change);
        continue;
      }
      at_once.commit(change);
      at_once.write_keys();
      later.commit(change);
      most = std::max(most, later.waiting());
      if (random.below(12) == 0) later.die_and_start();
      if (random.below(12) != 0) continue;
      later.write_keys();
      ASSERT_EQ(later.keys(), at_once.keys()) << "seed " << seed << ", step " << step;
    }
    later.die_and_start();
    later.write_keys();
    EXPECT_EQ(later.waiting(), 0U);
    ASSERT_EQ(later.keys(), at_once.keys()) << "seed " << seed;
    EXPECT_GT(later.keys().size(), 20U);
  }
  EXPECT_GT(most, 10U);
}

class PendingKeysOfAStore : public testing::Test {
 protected:
  std::int64_t waiting() {
    Result<std::unique_ptr<Database>> database = Database::open(house_.file(), Database::Use::Read);
    return (*database)->number("SELECT count(*) FROM unwritten_key");
  }
  void commit(int number) {
    Change change;
    change.resources.push_back(a_task("t" + std::to_string(number)));
    ASSERT_TRUE(house_.run(house_.store().commit(std::move(change))).ok());
  }
  SqliteHouse house_;
};

TEST_F(PendingKeysOfAStore, ASearchFindsWhatWasCommittedBeforeIt) {
  bool has_waited = false;
  search::Query query;
  query.resource_type = "Task";
  query.count = 200;
  for (int number = 0; number < 100; ++number) {
    commit(number);
    has_waited = has_waited || waiting() > 0;
    const Result<Page> page = house_.run(house_.store().search(as(municipality), query));
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->resources.size(), static_cast<std::size_t>(number + 1));
    HistoryQuery of_tasks;
    of_tasks.type = "Task";
    const Result<Page> history = house_.run(house_.store().history(as(municipality), of_tasks));
    ASSERT_TRUE(history.ok());
    ASSERT_EQ(history->resources.front().id, "t" + std::to_string(number));
  }
  EXPECT_TRUE(has_waited);
}

// Nobody searches: they are written when there are store_changes_without_keys_max, or nothing is committed for a while.
TEST_F(PendingKeysOfAStore, TheyWaitForOthersAndNotForEver) {
  constexpr auto most = static_cast<std::int64_t>(limits::store_changes_without_keys_max);
  std::int64_t seen = 0;
  for (int number = 0; number < 5 * static_cast<int>(most); ++number) {
    commit(number);
    seen = std::max(seen, waiting());
  }
  EXPECT_GT(seen, 1);
  EXPECT_LE(seen, most);
  while (waiting() > 0) std::this_thread::yield();
}

TEST_F(PendingKeysOfAStore, AVerificationKnowsThatTheyWait) {
  for (int number = 0; number < 20; ++number) {
    commit(number);
    const Result<VerifyReport> report = house_.run(house_.store().verify());
    ASSERT_TRUE(report.ok());
    for (const Finding& each : report->findings) ADD_FAILURE() << each.table << ' ' << each.number << ": " << each.says;
  }
}

// The disk fails directly after a commit: its keys cannot be written.
TEST(PendingKeysOfAFullDisk, ASearchSaysThatItLacksTheNewest) {
  std::atomic<bool> is_full{false}, fills{false};
  WatchedFiles files([&](const FileCall& call) {
    if (call.kind == FileCall::Kind::Write && is_full) return FileAnswer{SQLITE_FULL};
    if (call.kind == FileCall::Kind::Sync && fills) is_full = true;
    return FileAnswer{};
  });
  SqliteHouse house;
  search::Query query;
  query.resource_type = "Task";
  query.may_lack_newest = true;
  const auto search = [&] { return house.run(house.store().search(as(municipality), query)); };
  Change first, last;
  first.resources.push_back(a_task("t1"));
  last.resources.push_back(a_task("t2"));
  ASSERT_TRUE(house.run(house.store().commit(std::move(first))).ok());
  ASSERT_EQ(search()->resources.size(), 1U);
  fills = true;
  ASSERT_TRUE(house.run(house.store().commit(std::move(last))).ok());

  const Result<Page> page = search();
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->resources.size(), 1U);
  EXPECT_TRUE(page->lacks_newest);
  EXPECT_TRUE(house.run(house.store().read(as(municipality), "Task", "t2")).ok());
  query.may_lack_newest = false;
  EXPECT_FALSE(search().ok()) << "who has not said that it can do with less";
  query.may_lack_newest = true;
  HistoryQuery of_tasks;
  of_tasks.type = "Task";
  EXPECT_FALSE(house.run(house.store().history(as(municipality), of_tasks)).ok()) << "a history has no place for a warning";

  fills = is_full = false;
  std::size_t found = 0;
  while (found < 2) {  // until the disk was tried again
    const Result<Page> later = search();
    ASSERT_TRUE(later.ok());
    found = later->resources.size();
    EXPECT_EQ(later->lacks_newest, found < 2);
  }
}

TEST_F(PendingKeysOfAStore, NothingWaitsInAStoreThatWasClosed) {
  commit(1);
  house_.close();
  EXPECT_EQ(waiting(), 0);
}

}  // namespace
}  // namespace vardbron::store
