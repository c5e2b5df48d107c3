#include "gateway/store/sqlite/database.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/store_dump.h"
#include "tests/system/store/watched_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>

// Concern: after a disk error the store answers that nothing was kept, and goes on by itself when the disk is well again.

namespace vardbron::store {
namespace {

using Kind = FileCall::Kind;

/// Fails calls of one kind from the n-th on, so many of them, or until it is mended.
class IllDisk {
 public:
  IllDisk() : files_([this](const FileCall& call) { return answer(call); }) {}

  void fall_ill(Kind kind, int code, int from_call, int times) {
    std::lock_guard lock(guard_);
    kind_ = kind;
    code_ = code;
    wait_ = from_call - 1;
    left_ = times;
    met_ = 0;
  }
  void mend() { fall_ill(Kind::Write, SQLITE_OK, 1, 0); }
  int met() const { return met_; }

 private:
  FileAnswer answer(const FileCall& call) {
    std::lock_guard lock(guard_);
    if (call.kind != kind_ || left_ == 0) return {};
    if (wait_ > 0) {
      --wait_;
      return {};
    }
    --left_;
    ++met_;
    return {code_, 0};
  }

  std::mutex guard_;
  Kind kind_ = Kind::Write;
  int code_ = SQLITE_OK, wait_ = 0, left_ = 0;
  std::atomic<int> met_{0};
  WatchedFiles files_;  // last: it asks the above
};

constexpr int for_ever = 1'000'000;

StoreNames names_of_story(int changes) {
  StoreNames names;
  names.cases = {"case-1"};
  for (int number = 0; number < changes; ++number) names.resources.push_back({"Task", "case-1-task-" + std::to_string(number)});
  return names;
}

/// Commits as long as allowed, each with an event and a delivery; returns the number of acknowledged ones.
int commit_some(SqliteHouse& house, int count) {
  int acknowledged = 0;
  for (int number = 0; number < count; ++number) {
    Result<Case> now = house.run(house.store().load_case("case-1"));
    if (!now) continue;
    Result<Committed> committed =
        house.run(house.store().commit(a_change("m" + std::to_string(now->version), "case-1", now->version)));
    if (committed) {
      ++acknowledged;
    } else {
      EXPECT_EQ(committed.failure().cause, Cause::Busy) << committed.failure().says;
    }
    Result<SubscriptionState> state = house.run(house.store().subscription("sub-1"));
    if (state) (void)house.run(house.store().advance("sub-1", state->events, {an_audit_row("deliver")}));
  }
  return acknowledged;
}

struct Illness {
  const char* name;
  Kind kind;
  int code, times;
  std::size_t step = 1;
};
void PrintTo(const Illness& illness, std::ostream* out) { *out << illness.name; }

class DiskError : public testing::TestWithParam<Illness> {};

// The store's memory must equal the disk: afterwards the same store and a reopened one give the same answers.
TEST_P(DiskError, IsOverWhenTheDiskIsWellAndMemoryIsWhatTheDiskHolds) {
  const Illness& illness = GetParam();
  int walked = 0;
  for (int call = 1;; call += static_cast<int>(illness.step), ++walked) {
    SCOPED_TRACE("call " + std::to_string(call));
    IllDisk disk;
    SqliteHouse house;
    ASSERT_EQ(commit_some(house, 2), 2);

    disk.fall_ill(illness.kind, illness.code, call, illness.times);
    const int acknowledged = 2 + commit_some(house, 4);
    const bool was_met = disk.met() > 0;
    disk.mend();
    // Errors of a checkpoint may be reported only now, so a first commit may still be refused.
    int further = 0;
    for (int tries = 0; further < 2 && tries < 100; ++tries) {
      ASSERT_TRUE(house.wait_until_writing());
      further += commit_some(house, 1);
    }
    ASSERT_EQ(further, 2);
    EXPECT_EQ(house.run(house.store().load_case("case-1"))->version, acknowledged + 2)
        << "kept without being acknowledged, or lost";
    ASSERT_TRUE(house.run(house.store().audit({an_audit_row("takes the last advance along")})).ok());
    const StoreNames names = names_of_story(acknowledged + 2);
    const std::string before = StoreDump<SqliteHouse>(house, names).text();
    house.reopen();
    EXPECT_EQ(StoreDump<SqliteHouse>(house, names).text(), before);
    EXPECT_EQ(*house.run(house.store().verify_journal()), acknowledged + 2);
    if (HasFailure() || !was_met) break;
  }
  EXPECT_GT(walked, 0) << "the story does not meet this illness";
}

INSTANTIATE_TEST_SUITE_P(Store, DiskError,
                         testing::Values(Illness{"AWriteFailsOnce", Kind::Write, SQLITE_IOERR_WRITE, 1},
                                         Illness{"WritesFailForAWhile", Kind::Write, SQLITE_IOERR_WRITE, for_ever},
                                         Illness{"TheDiskIsFullForAWhile", Kind::Write, SQLITE_FULL, for_ever},
                                         Illness{"TheDiskIsReadOnlyForAWhile", Kind::Write, SQLITE_READONLY, for_ever},
                                         Illness{"ASyncFailsOnce", Kind::Sync, SQLITE_IOERR_FSYNC, 1},
                                         Illness{"SyncsFailForAWhile", Kind::Sync, SQLITE_IOERR_FSYNC, for_ever}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(DiskErrors, AStartOnAFullDiskServesReadsAndGoesOnWhenThereIsRoom) {
  IllDisk disk;
  SqliteHouse house;
  ASSERT_EQ(commit_some(house, 2), 2);
  house.close();

  disk.fall_ill(Kind::Write, SQLITE_FULL, 1, for_ever);
  Result<void> opened = house.try_open();
  ASSERT_TRUE(opened.ok()) << opened.failure().says;
  EXPECT_EQ(house.run(house.store().load_case("case-1"))->version, 2);
  Result<Committed> refused = house.run(house.store().commit(a_change("m2", "case-1", 2)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.failure().cause, Cause::Busy);
  EXPECT_THAT(refused.failure().says, testing::HasSubstr("disk is full"));
  EXPECT_FALSE(house.run(house.store().condition())->is_writing);

  disk.mend();
  EXPECT_TRUE(house.run(house.store().commit(a_change("m2", "case-1", 2))).ok());
  EXPECT_TRUE(house.run(house.store().condition())->is_writing);
}

TEST(DiskErrors, AReadThatFailsIsAnsweredAndTheNextOneIsNot) {
  IllDisk disk;
  SqliteHouse house;
  ASSERT_EQ(commit_some(house, 2), 2);
  house.reopen();  // so that nothing is remembered in memory

  disk.fall_ill(Kind::Read, SQLITE_IOERR_READ, 1, for_ever);
  Result<Case> loaded = house.run(house.store().load_case("case-1"));
  disk.mend();

  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.failure().cause, Cause::Busy);
  EXPECT_THAT(loaded.failure().says, testing::HasSubstr("ask again"));
  EXPECT_EQ(house.run(house.store().load_case("case-1"))->version, 2);
}

/// Fills every page of the file that holds the text with noise.
void damage_pages_with(const std::filesystem::path& path, const std::string& text) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  bool is_found = false;
  for (std::size_t page = 0; page < bytes.size(); page += 4096) {
    if (bytes.substr(page, 4096).find(text) == std::string::npos) continue;
    is_found = true;
    file.seekp(static_cast<std::streamoff>(page));
    file << std::string(4096, '\x7f');
  }
  CHECK(is_found);
}

TEST(DiskErrors, ADamagedPageIsToldByWhoReadsItAndStopsNobodyElse) {
  SqliteHouse house;
  ASSERT_EQ(commit_some(house, 2), 2);
  Change other = a_change("n0", "case-2");
  other.links[0].kind = "a-kind-that-nobody-else-has";
  for (int number = 0; number < 40; ++number) other.links.push_back(other.links[0]);  // pages of their own
  ASSERT_TRUE(house.run(house.store().commit(std::move(other))).ok());
  for (int number = 0; number < 40; ++number) {
    ASSERT_TRUE(house.run(house.store().commit(a_change("o" + std::to_string(number), "case-3", number))).ok());
  }
  house.close();
  damage_pages_with(house.file(), "a-kind-that-nobody-else-has");
  house.open();

  Result<Case> damaged = house.run(house.store().load_case("case-2"));
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.failure().cause, Cause::Broken);
  EXPECT_THAT(damaged.failure().says, testing::HasSubstr("is not what was written to it"));
  EXPECT_TRUE(house.run(house.store().commit(a_change("o40", "case-3", 40))).ok());
  EXPECT_TRUE(house.run(house.store().condition())->is_writing);
}

Task<> note_whether_committed(Store& store, Change change, std::atomic<int>& committed) {
  Result<Committed> answer = co_await store.commit(std::move(change));
  if (answer) ++committed;
}

TEST(DiskErrors, WhoMeetsADamagedPageTakesNobodyAlong) {
  SqliteHouse house;
  for (int number = 0; number < 20; ++number) {
    ASSERT_TRUE(
        house.run(house.store().commit(a_change("m" + std::to_string(number), "a-damaged-case-" + std::to_string(number)))).ok());
  }
  for (int number = 0; number < 60; ++number) {
    Change change = a_change("o" + std::to_string(number), "case-3", number);
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
  }
  house.close();
  {
    Result<std::unique_ptr<Database>> database = Database::open(house.file(), Database::Use::Write);
    (*database)->execute("UPDATE patient_case SET version='x' WHERE key='a-damaged-case-3'");
    (*database)->execute(
        "CREATE TRIGGER ill BEFORE UPDATE ON patient_case WHEN OLD.version='x' BEGIN SELECT raise(ABORT, 'ill'); END");
  }
  house.open();

  // When many commit at once, and one of them cannot be.
  std::atomic<int> committed{0};
  std::vector<Task<>> tasks;
  for (int number = 0; number < 40; ++number) {
    tasks.push_back(note_whether_committed(house.store(), a_change("p" + std::to_string(number), "new-" + std::to_string(number)),
                                           committed));
  }
  Change poison = a_change("q", "a-damaged-case-3", 0);
  poison.resources.clear();
  tasks.push_back(note_whether_committed(house.store(), std::move(poison), committed));
  house.together(std::move(tasks));

  EXPECT_EQ(committed, 40);
  EXPECT_TRUE(house.run(house.store().verify_journal()).ok());
}

}  // namespace
}  // namespace vardbron::store
