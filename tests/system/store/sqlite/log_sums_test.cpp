#include "gateway/store/sqlite/log_sums.h"

#include "gateway/base/random.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/log_damage.h"
#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/store_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

// Concern: what the disk changes by itself in the log of a running store is never served as if it were what was stored.

namespace vardbron::store {
namespace {

constexpr LogSizes never_copied{1 << 30, 1 << 30, 1 << 30};
constexpr auto head_bytes = static_cast<std::streamoff>(log_head_bytes);
constexpr auto page_at = static_cast<std::streamoff>(frame_head_bytes);
constexpr auto frame_bytes = static_cast<std::streamoff>(frame_head_bytes + page_bytes);

/// A running store that has all it holds in its log, and what it answers.
class LogSumsOfAStore : public testing::Test {
 protected:
  LogSumsOfAStore() : house_(never_copied) {
    for (int number = 0; number < 40; ++number) {
      const std::string key = "case-" + std::to_string(number / 4);
      Change change = a_change("m" + std::to_string(number), key, number % 4);
      SeededRandom noise(static_cast<std::uint64_t>(number) + 1);
      while (change.journal->body.size() < 3000) change.journal->body += std::to_string(noise.next());
      names_.resources.push_back({"Task", change.resources[0].id});
      CHECK(house_.run(house_.store().commit(std::move(change))));
      if (number % 4 == 0) names_.cases.push_back(key);
    }
    truth_ = answers(house_, names_);
  }
  std::filesystem::path log() const { return house_.file().string() + "-wal"; }
  std::int64_t frames() const {
    return (static_cast<std::int64_t>(std::filesystem::file_size(log())) - head_bytes) / frame_bytes;
  }
  static std::streamoff place_of(std::int64_t frame) { return head_bytes + (frame - 1) * frame_bytes; }
  std::string read(std::streamoff at, std::streamoff size) const {
    std::ifstream file(log(), std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    file.seekg(at).read(bytes.data(), size);
    CHECK(file);
    return bytes;
  }
  void write(std::streamoff at, const std::string& bytes) const {
    std::fstream file(log(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at).write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush();
    CHECK(file);
  }
  void flip(std::streamoff bit) const {
    std::string byte = read(bit / 8, 1);
    byte[0] = static_cast<char>(byte[0] ^ (1 << bit % 8));
    write(bit / 8, byte);
  }
  /// For each page the frames that hold it, in order; the last one is what is read.
  std::map<std::string, std::vector<std::int64_t>> frames_by_page() const {
    std::map<std::string, std::vector<std::int64_t>> found;
    for (std::int64_t frame = 1; frame <= frames(); ++frame) found[read(place_of(frame), 4)].push_back(frame);
    return found;
  }
  /// Readers read their cache again after a commit; this one changes nothing that is queried.
  void let_readers_forget() {
    is_noted_ = !is_noted_;
    (void)house_.run(house_.store().set_subscription_status("sub-1", "active", is_noted_ ? "noted" : ""));
  }
  /// How many questions were refused; all others got the right answer.
  std::size_t ask_all() {
    std::size_t refused = 0;
    for (const auto& [question, answer] : answers(house_, names_)) {
      if (question.starts_with("subscription ")) continue;  // answered from memory
      refused += is_broken(answer) ? 1 : 0;
      EXPECT_TRUE(is_broken(answer) || truth_.at(question) == answer) << question << ": " << answer;
    }
    return refused;
  }

  SqliteHouse house_;
  StoreNames names_;
  Answers truth_;
  bool is_noted_ = false;
};

TEST_F(LogSumsOfAStore, AFlippedBitGivesTheRightAnswerOrAnErrorAndNeverAWrongOne) {
  const char* given = std::getenv("VARDBRON_FLIPPED_BITS");
  const int rounds = given != nullptr ? std::atoi(given) : 40;
  let_readers_forget();
  std::vector<std::int64_t> read_frames;
  for (const auto& [page, of_page] : frames_by_page()) read_frames.push_back(of_page.back());
  SeededRandom random(20261130);
  std::size_t rounds_refused = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    std::vector<std::streamoff> bits;  // of some pages, so that most rounds meet one that is read
    for (const std::int64_t frame : read_frames) {
      const auto bit = static_cast<std::streamoff>(random.below(static_cast<std::uint64_t>(frame_bytes) * 8));
      if (random.below(10) == 0) bits.push_back(place_of(frame) * 8 + bit);
    }
    for (const std::streamoff bit : bits) flip(bit);
    let_readers_forget();

    rounds_refused += ask_all() > 0 ? 1 : 0;

    for (const std::streamoff bit : bits) flip(bit);
  }
  EXPECT_GT(rounds_refused, static_cast<std::size_t>(rounds) / 4);
  let_readers_forget();
  EXPECT_EQ(ask_all(), 0u) << "nothing is kept of what was wrong for a while";
}

TEST_F(LogSumsOfAStore, AnOlderPageOrOneOfAnotherPlaceIsNotServed) {
  // Given disks that did not write a page, and one that wrote it in another place.
  for (const auto& [page, of_page] : frames_by_page()) {
    if (of_page.size() < 2 || page == std::string("\0\0\0\1", 4)) continue;
    const std::streamoff newest = place_of(of_page.back());
    const std::string right = read(newest, frame_bytes);
    write(newest, read(place_of(of_page[of_page.size() - 2]), frame_bytes));
    let_readers_forget();
    ask_all();
    write(newest, read(place_of(of_page.back() == 5 ? 6 : 5), frame_bytes));
    let_readers_forget();
    ask_all();
    write(newest, right);
  }
}

TEST_F(LogSumsOfAStore, ADamagedPageIsNamedAndVerificationFindsIt) {
  for (const auto& [page, of_page] : frames_by_page()) {
    if (of_page.size() != 1) continue;  // written once: not overwritten below
    flip((place_of(of_page[0]) + page_at + 1000) * 8);
  }
  let_readers_forget();
  std::size_t refused = 0;
  for (const auto& [question, answer] : answers(house_, names_)) {
    if (!is_broken(answer)) continue;
    ++refused;
    EXPECT_THAT(answer, testing::ContainsRegex("Page [0-9]+ of the store's log is not what was written")) << question;
  }
  EXPECT_GT(refused, 0u);
  Result<VerifyReport> report = house_.run(house_.store().verify());
  ASSERT_TRUE(report.ok()) << report.failure().says;
  EXPECT_FALSE(report->is_clean());
}

TEST_F(LogSumsOfAStore, CopyingTheLogDoesNotMakeADamagedPageAGoodOne) {
  // Given damage of a page that some answers need, and the others do not: of one of the last, which hold rows only.
  std::size_t needed = 0;
  const auto pages = frames_by_page();
  for (auto page = pages.rbegin(); page != pages.rend(); ++page) {
    if (page->second.size() != 1) continue;
    const std::streamoff bit = (place_of(page->second[0]) + page_at + 2000) * 8;
    flip(bit);
    let_readers_forget();
    needed = ask_all();
    if (needed > 0 && needed < truth_.size() / 4) break;
    flip(bit);
  }
  ASSERT_GT(needed, 0u);

  // When the log is copied into the file, and given up.
  house_.close();
  ASSERT_FALSE(std::filesystem::exists(log()));

  // Then the page is a damaged one of the file, and nothing else is lost.
  ASSERT_TRUE(house_.try_open().ok());
  const std::size_t refused = ask_all();
  EXPECT_GT(refused, 0u);
  EXPECT_LT(refused, truth_.size() / 4);
  Result<VerifyReport> report = house_.run(house_.store().verify());
  ASSERT_TRUE(report.ok()) << report.failure().says;
  EXPECT_FALSE(report->is_clean());
}

TEST_F(LogSumsOfAStore, DamageOfTheFirstPageIsToldWhenItWasCopied) {
  flip((place_of(frames_by_page().at(std::string("\0\0\0\1", 4)).back()) + page_at + 20) * 8);

  house_.close();

  Result<void> opened = house_.try_open();
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.failure().says, testing::HasSubstr("Page 1 "));
}

TEST_F(LogSumsOfAStore, WhatAKilledGatewayLeftInTheLogIsComparedToo) {
  // Given the files as a kill leaves them, and what is read of the log before anybody else does.
  TemporaryDirectory killed;
  for (const char* name : {"vardbron.db", "vardbron.db-wal"}) {
    std::filesystem::copy_file(house_.file().parent_path() / name, killed.path() / name);
  }
  const auto sums = std::make_shared<LogSums>();
  EXPECT_FALSE(find_log_damage(killed.path() / "vardbron.db-wal", sums.get()));
  for (std::int64_t frame = 1; frame <= frames(); ++frame) {
    const std::string bytes = read(place_of(frame), frame_bytes);
    ASSERT_TRUE(sums->find(frame) == LogFrame::of(bytes, std::string_view(bytes).substr(frame_head_bytes))) << frame;
  }

  Result<std::unique_ptr<Database>> database = Database::open(killed.path() / "vardbron.db", Database::Use::Read, {}, sums);
  ASSERT_TRUE(database.ok());
  EXPECT_EQ((*database)->number("SELECT count(*) FROM journal"), 40);
  database->reset();
  sums->forget(frames_by_page().begin()->second.back(), frames());
  database = Database::open(killed.path() / "vardbron.db", Database::Use::Read, {}, sums);
  ASSERT_TRUE(database.ok());
  (*database)->number("SELECT count(*) FROM journal");
  EXPECT_TRUE((*database)->take_failure()) << "a frame that nobody knows is not believed";
}

TEST(LogSums, ATransactionThatWritesAPageTwiceToTheLogReadsItBackAndCommits) {
  // Given so little memory that pages go to the log before the commit, and come back.
  TemporaryDirectory directory;
  const auto sums = std::make_shared<LogSums>();
  Result<std::unique_ptr<Database>> opened = Database::open(directory.path() / "some.db", Database::Use::Write, {}, sums);
  ASSERT_TRUE(opened.ok());
  Database& database = **opened;
  database.execute("PRAGMA journal_mode=WAL");
  database.execute("PRAGMA cache_size=10");
  database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT)");
  database.execute("BEGIN");
  Statement put = database.prepare("INSERT INTO t VALUES(?, ?)");
  Statement change = database.prepare("UPDATE t SET text=? WHERE id=?");
  for (std::int64_t id = 1; id <= 500; ++id) put.run(id, std::string(1000, 'a'));
  for (std::int64_t id = 500; id >= 1; --id) change.run(std::string(1000, 'b'), id);
  for (std::int64_t id = 1; id <= 500; id += 7) change.run(std::string(1000, 'c'), id);
  database.execute("COMMIT");
  ASSERT_FALSE(database.take_failure());

  Result<std::unique_ptr<Database>> reading = Database::open(directory.path() / "some.db", Database::Use::Read, {}, sums);
  EXPECT_EQ((*reading)->number("SELECT count(*) FROM t WHERE text LIKE 'b%'"), 428);
  EXPECT_EQ((*reading)->number("SELECT count(*) FROM t WHERE text LIKE 'c%'"), 72);
  EXPECT_FALSE((*reading)->take_failure());
  EXPECT_TRUE(database.checkpoint(Database::Checkpoint::Truncate));
  EXPECT_EQ(database.word("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace vardbron::store
