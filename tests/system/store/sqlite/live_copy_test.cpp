#include "gateway/store/sqlite/live_copy.h"

#include "gateway/base/random.h"
#include "gateway/store/sqlite/backup_socket.h"
#include "gateway/store/sqlite/copy_in_making.h"
#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/sqlite/verify_copy.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

// Concern: a copy that is made of a store while it is written is the store as it was after one commit, and nobody waits for it.
namespace vardbron::store {
namespace {

using testing::HasSubstr;

// So small that checkpoints come between the pieces of every copy.
constexpr LogSizes often_copied{64 << 10, 128 << 10, 256 << 10};

TEST(FileChanges, NotesPagesWhileTheyAreFollowedEachOnceInOrder) {
  FileChanges changes;
  changes.wrote(7);
  EXPECT_THAT(changes.take(), testing::IsEmpty());
  changes.follow();
  for (const std::int64_t page : {9, 1, 9, 300'000, 2}) changes.wrote(page);
  EXPECT_THAT(changes.take(), testing::ElementsAre(1, 2, 9, 300'000));
  EXPECT_THAT(changes.take(), testing::IsEmpty());
  changes.wrote(4);
  changes.leave();
  changes.wrote(5);
  changes.follow();
  EXPECT_THAT(changes.take(), testing::IsEmpty());
}

TEST(FileChanges, NoCheckpointBeginsWhileTheFileIsHeldStill) {
  FileChanges changes;
  {
    const auto still = changes.hold_still();
    EXPECT_FALSE(changes.begin_checkpoint().owns_lock());
  }
  const auto one = changes.begin_checkpoint();
  EXPECT_TRUE(one.owns_lock());
  EXPECT_TRUE(changes.begin_checkpoint().owns_lock()) << "two are kept apart by SQLite";
}

TEST(FileChanges, AFileWhoseCheckpointDidNotSucceedIsOfNoOneCommit) {
  FileChanges changes;
  EXPECT_TRUE(changes.is_whole());
  changes.checkpoint_writes();
  EXPECT_FALSE(changes.is_whole());
  changes.checkpoint_succeeded();
  EXPECT_TRUE(changes.is_whole());
}

/// Writes the copy, and does something at each piece.
class BusySink final : public PageSink {
 public:
  BusySink(const std::filesystem::path& file, std::function<bool()> at_each)
      : writer_(*PageWriter::make(file)), at_each_(std::move(at_each)) {}
  bool begin(std::int64_t) override { return at_each_(); }
  bool put(std::int64_t first_page, std::string_view pages) override {
    ++pieces;
    bytes += pages.size();
    return writer_.put(first_page, pages).ok() && at_each_();
  }
  bool end(std::int64_t pages) override { return writer_.end(pages).ok(); }

  int pieces = 0;
  std::size_t bytes = 0;

 private:
  PageWriter writer_;
  std::function<bool()> at_each_;
};

class LiveCopyOfAStore : public testing::Test {
 protected:
  LiveCopyOfAStore() : house_(often_copied) {
    for (int times = 0; times < 120; ++times) commit();
  }
  void commit() {
    Change change = a_change("m" + std::to_string(messages_), "case-" + std::to_string(messages_ / 3), messages_ % 3);
    ++messages_;
    while (change.journal->body.size() < 20'000) change.journal->body += std::to_string(noise_.next());
    CHECK(house_.run(house_.store().commit(std::move(change))));
  }
  std::filesystem::path copy() const { return directory_.path() / "copy"; }
  Result<CopyReport> verified() {
    Result<SealKey> key = SealKey::read(house_.seal_key());
    CHECK(key);
    return verify_copy(copy(), *key, clock_, {});
  }

  SeededRandom noise_{7};
  int messages_ = 0;
  SqliteHouse house_;
  TemporaryDirectory directory_;
  RealClock clock_;
};

TEST_F(LiveCopyOfAStore, IsTheStoreAfterOneCommitHoweverMuchIsWrittenMeanwhile) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    std::filesystem::remove(copy());
    const int before = messages_;
    BusySink sink(copy(), [&] {
      const std::uint64_t commits = random.next() % (messages_ - before < 100 ? 12 : 2);
      for (std::uint64_t each = 0; each < commits; ++each) commit();
      return true;
    });

    const Result<void> copied = receive_copy(house_.file().parent_path(), sink);

    ASSERT_TRUE(copied.ok()) << copied.failure().says;
    EXPECT_GT(messages_, before + 10) << "something was written meanwhile";
    EXPECT_GT(sink.bytes, std::filesystem::file_size(copy())) << "and some pages came again";
    const Result<CopyReport> report = verified();
    ASSERT_TRUE(report.ok()) << report.failure().says;
    EXPECT_TRUE(report->verified.is_clean()) << all_of(report->verified);
    EXPECT_GE(report->verified.journal, before) << "all that was acknowledged before";
    EXPECT_LE(report->verified.journal, messages_);
  }
}

TEST_F(LiveCopyOfAStore, IsBrokenOffByItsReceiverAndTheStoreGoesOn) {
  for (const int pieces_taken : {0, 1, 2}) {
    std::filesystem::remove(copy());
    int left = pieces_taken;
    BusySink sink(copy(), [&] { return left-- > 0; });
    const Result<void> copied = receive_copy(house_.file().parent_path(), sink);
    ASSERT_FALSE(copied.ok());
    EXPECT_EQ(copied.failure().cause, Cause::Cancelled);
    commit();
  }
  std::filesystem::remove(copy());
  BusySink sink(copy(), [] { return true; });
  EXPECT_TRUE(receive_copy(house_.file().parent_path(), sink).ok()) << "the next one is served";
  EXPECT_TRUE(verified()->verified.is_clean());
}

TEST_F(LiveCopyOfAStore, IsBrokenOffByTheStoreThatCloses) {
  BusySink sink(copy(), [&] {
    if (house_.is_open()) house_.close();
    return true;
  });
  const Result<void> copied = receive_copy(house_.file().parent_path(), sink);
  ASSERT_FALSE(copied.ok());
  EXPECT_EQ(copied.failure().cause, Cause::Cancelled);
  EXPECT_EQ(receive_copy(house_.file().parent_path(), sink).failure().cause, Cause::NotFound) << "nobody answers";
}

TEST_F(LiveCopyOfAStore, IsNotedInTheAccessLogBeforeTheFirstPage) {
  bool was_noted = false;
  BusySink sink(copy(), [&] {
    const Result<std::vector<AuditRow>> rows = house_.run(house_.store().audit_rows(0, 10'000));
    CHECK(rows);
    was_noted = !rows->empty() && rows->back().action == "operate" && rows->back().subject == "store" &&
                rows->back().says.starts_with("copied for a backup, for process ");
    return true;
  });
  ASSERT_TRUE(receive_copy(house_.file().parent_path(), sink).ok());
  EXPECT_TRUE(was_noted);
}

TEST_F(LiveCopyOfAStore, DoesNotHoldTheLog) {
  std::uintmax_t most = 0;
  BusySink sink(copy(), [&] {
    for (int each = 0; each < 15; ++each) commit();
    most = std::max(most, std::filesystem::file_size(house_.file().string() + "-wal"));
    return messages_ < 400;
  });
  const Result<void> copied = receive_copy(house_.file().parent_path(), sink);
  EXPECT_LT(most, 1u << 20) << "held by a reader it would have grown by 30 KB a commit";
}

}  // namespace
}  // namespace vardbron::store
