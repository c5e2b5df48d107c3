#include "gateway/base/limits.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/watched_files.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

// Concern: the store's queues take what base/limits.h says and refuse the next in words; nothing that was taken is forgotten.

namespace vardbron::store {
namespace {

/// A disk on which calls of one kind wait while it is held.
class HeldDisk {
 public:
  explicit HeldDisk(FileCall::Kind kind) : kind_(kind) {}
  FileAnswer answer(const FileCall& call) {
    if (call.kind != kind_) return {};
    std::lock_guard lock(guard_);
    ++calls_;
    changed_.notify_all();
    FileAnswer answer;
    answer.wait_first = [this] { wait(); };
    return answer;
  }
  /// The next call is answered, those after it are held.
  void hold_after_one() {
    std::lock_guard lock(guard_);
    holds_next_ = true;
  }
  void hold() {
    std::lock_guard lock(guard_);
    is_held_ = true;
    calls_ = 0;
  }
  void let_go() {
    std::lock_guard lock(guard_);
    is_held_ = false;
    changed_.notify_all();
  }
  void wait_for_a_call() {
    std::unique_lock lock(guard_);
    changed_.wait(lock, [this] { return calls_ > 0; });
  }
  std::size_t calls() {
    std::lock_guard lock(guard_);
    return calls_;
  }

 private:
  void wait() {
    std::unique_lock lock(guard_);
    changed_.wait(lock, [this] { return !is_held_; });
    is_held_ = std::exchange(holds_next_, false);
  }

  FileCall::Kind kind_;
  std::mutex guard_;
  std::condition_variable changed_;
  bool is_held_ = false, holds_next_ = false;
  std::size_t calls_ = 0;
};

template <class T>
Task<> note(Task<Result<T>> work, std::vector<Cause>& refused, std::size_t& taken) {
  Result<T> result = co_await std::move(work);
  if (result) {
    ++taken;
  } else {
    refused.push_back(result.failure().cause);
  }
}

TEST(StoreLimits, AsManyChangesWaitAsMayAndTheyAreWrittenInGroups) {
  HeldDisk disk(FileCall::Kind::Sync);
  WatchedFiles files([&](const FileCall& call) { return disk.answer(call); });
  SqliteHouse house;
  asio::io_context io;
  std::vector<Cause> refused;
  std::size_t taken = 0;
  auto write = [&] { asio::co_spawn(io, note(house.store().audit({an_audit_row("read")}), refused, taken), rethrow); };

  // Given a writer that waits for the disk, and as many queued as the limit allows.
  disk.hold();
  write();
  io.poll();
  disk.wait_for_a_call();
  for (std::size_t at = 0; at < limits::store_waiting_changes_max; ++at) write();
  io.poll();
  EXPECT_TRUE(refused.empty());
  write();
  io.poll();
  EXPECT_EQ(refused, std::vector<Cause>{Cause::Busy}) << "one more is refused at once";

  disk.let_go();
  io.restart();
  io.run();
  EXPECT_EQ(taken, limits::store_waiting_changes_max + 1);
  const std::size_t groups =
      1 + (limits::store_waiting_changes_max + limits::commit_group_changes_max - 1) / limits::commit_group_changes_max;
  EXPECT_GE(disk.calls(), groups) << "no group is larger than it may";
  EXPECT_LE(disk.calls(), groups + groups / 4) << "and they are filled";
}

TEST(StoreLimits, AsManyReadsWaitAsMay) {
  HeldDisk disk(FileCall::Kind::Read);
  WatchedFiles files([&](const FileCall& call) { return disk.answer(call); });
  SqliteHouse house;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1"))).ok());
  house.write_keys();
  asio::io_context io;
  std::vector<Cause> refused;
  std::size_t taken = 0;
  auto read = [&] {
    search::Query query;
    query.resource_type = "Task";
    asio::co_spawn(io, note(house.store().search(as_operator(), std::move(query)), refused, taken), rethrow);
  };

  // Given readers that wait for the disk, each with one, and as many queued as the limit allows.
  disk.hold();
  constexpr std::size_t readers = 2;
  for (std::size_t at = 0; at < readers; ++at) read();
  io.poll();
  disk.wait_for_a_call();
  for (std::size_t at = 0; at < limits::store_waiting_reads_max + readers; ++at) read();
  io.poll();
  const std::size_t refused_at_once = refused.size();
  disk.let_go();
  io.restart();
  io.run();

  EXPECT_GE(refused_at_once, 1u);
  EXPECT_LE(refused_at_once, readers + 1) << "a reader may not have taken its own yet";
  EXPECT_EQ(refused, std::vector<Cause>(refused_at_once, Cause::Busy));
  EXPECT_EQ(taken + refused.size(), limits::store_waiting_reads_max + 2 * readers);
}

// Their keys are written in one group more, which the disk does not answer.
TEST(StoreLimits, ASearchWaitsForKeysAsLongAsItMay) {
  HeldDisk disk(FileCall::Kind::Sync);
  WatchedFiles files([&](const FileCall& call) { return disk.answer(call); });
  SqliteHouse house;
  RealClock clock;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1", "case-1"))).ok());
  house.write_keys();
  disk.hold_after_one();
  ASSERT_TRUE(house.run(house.store().commit(a_change("m2", "case-2"))).ok());
  search::Query query;
  query.resource_type = "Task";

  const Instant asked = clock.now();
  const Result<Page> none = house.run(house.store().search(as_operator(), query));
  EXPECT_GE(clock.now() - asked, limits::store_keys_wait_time_max);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.failure().cause, Cause::Busy);
  query.may_lack_newest = true;
  const Result<Page> page = house.run(house.store().search(as_operator(), query));
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->lacks_newest);
  EXPECT_EQ(page->resources.size(), 1u);
  disk.let_go();
}

TEST(StoreLimits, KeysThatFindNoRoomAreTriedAgainAfterAWhile) {
  HeldDisk disk(FileCall::Kind::Sync);
  std::atomic<bool> fills{false}, is_full{false};
  std::atomic<int> refusals{0};
  WatchedFiles files([&](const FileCall& call) {
    if (call.kind == FileCall::Kind::Write && is_full) {
      ++refusals;
      return FileAnswer{SQLITE_FULL};
    }
    const bool is_last = call.kind == FileCall::Kind::Sync && fills;
    const FileAnswer answer = disk.answer(call);
    if (is_last) is_full = true;
    return answer;
  });
  SqliteHouse house;
  RealClock clock;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m", "a case"))).ok());
  house.write_keys();
  asio::io_context io;
  std::vector<Cause> refused;
  std::size_t taken = 0;
  const auto commit = [&](std::size_t number) {
    const std::string name = std::to_string(number);
    asio::co_spawn(io, note(house.store().commit(a_change("m" + name, "case-" + name)), refused, taken), rethrow);
  };

  // Given so many changes without keys, the last of them in one group, after which the disk is full.
  disk.hold();
  commit(0);
  io.poll();
  disk.wait_for_a_call();
  for (std::size_t number = 1; number <= limits::store_changes_without_keys_max; ++number) commit(number);
  io.poll();
  fills = true;
  disk.let_go();
  io.restart();
  io.run();
  ASSERT_EQ(taken, limits::store_changes_without_keys_max + 1);

  house.run(clock.sleep_until(clock.now() + std::chrono::milliseconds(300)));
  EXPECT_GT(refusals, 0);
  EXPECT_LT(refusals, 10) << "the disk is not tried without pause";
  is_full = fills = false;
  house.write_keys();
}

// What is kept must be read again: a body that no reader unpacks is refused before it is written.
TEST(StoreLimits, ABodyIsAsLargeAsItMay) {
  SqliteHouse house;
  const auto commit = [&](std::string id, std::size_t bytes) {
    ResourceWrite write = a_task(id);
    write.body = R"({"resourceType":"Task","id":")" + id + R"(","description":")";
    write.body += std::string(bytes - write.body.size() - 2, 'x') + "\"}";
    Change change;
    change.resources = {std::move(write)};
    return house.run(house.store().commit(std::move(change)));
  };

  ASSERT_TRUE(commit("large", limits::stored_body_bytes_max).ok());
  EXPECT_TRUE(house.run(house.store().read(as_operator(), "Task", "large")).ok());
  Result<Committed> over = commit("larger", limits::stored_body_bytes_max + 1);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.failure().cause, Cause::TooLarge);
  Result<JournalEntry> entry =
      house.run(house.store().journal(a_message("m1", std::string(limits::stored_body_bytes_max + 1, 'x'))));
  ASSERT_FALSE(entry.ok());
  EXPECT_EQ(entry.failure().cause, Cause::TooLarge);
}

// --- what the store vouches for ------------------------------------------------------------------------------------------

TEST(StoreLimits, ACommitVouchesForTheDiskUntilItIsTooOld) {
  std::atomic<int> syncs{0};
  WatchedFiles files([&](const FileCall& call) {
    if (call.kind == FileCall::Kind::Sync) ++syncs;
    return FileAnswer{};
  });
  SqliteHouse house;
  RealClock clock;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1"))).ok());
  house.write_keys();
  const Instant committed = clock.now();
  const int before = syncs;
  EXPECT_TRUE(house.run(house.store().condition())->is_writing);
  const bool was_young = clock.now() - committed < limits::store_vouched_age_max / 2;  // else the machine was suspended
  EXPECT_TRUE(syncs == before || !was_young);

  house.run(clock.sleep_until(committed + limits::store_vouched_age_max));
  const int old = syncs;
  EXPECT_TRUE(house.run(house.store().condition())->is_writing);
  EXPECT_GT(syncs, old) << "another row was written";
}

TEST(StoreLimits, ADiskThatHangsIsWaitedForAsLongAsItMayAndNotVouchedFor) {
  HeldDisk disk(FileCall::Kind::Sync);
  WatchedFiles files([&](const FileCall& call) { return disk.answer(call); });
  SqliteHouse house;
  RealClock clock;
  ASSERT_TRUE(house.run(house.store().commit(a_change("m1"))).ok());
  house.write_keys();
  house.run(clock.sleep_until(clock.now() + limits::store_vouched_age_max));
  disk.hold();
  const Instant asked = clock.now();

  Result<StoreCondition> condition = house.run(house.store().condition());

  EXPECT_GE(clock.now() - asked, limits::store_vouch_time_max);
  EXPECT_FALSE(condition->is_writing);
  EXPECT_EQ(condition->says, "The disk has not answered a write in time.");
  disk.let_go();
}

}  // namespace
}  // namespace vardbron::store
