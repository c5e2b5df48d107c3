#include "gateway/store/sqlite/page_files.h"

#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/page_sum.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/store_answers.h"
#include "tests/system/store/store_dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

// Concern: what the disk changes by itself is never served as if it were what was stored.

namespace vardbron::store {
namespace {

const std::filesystem::path form_3 = VARDBRON_SOURCE_DIR "/tests/system/store/sqlite/form_3";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  CHECK(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::filesystem::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

void flip(std::string& bytes, std::size_t bit) { bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8)); }

/// A store with what a hospital, municipalities and subscribers left in it, as a file without a log, and what it answers.
class PageFiles : public testing::Test {
 protected:
  PageFiles() : names_(names_in(read_file(form_3 / "contents.txt"))) {
    house_.close_and_take(form_3);
    house_.open();
    truth_ = answers(house_, names_);
    house_.close();
    bytes_ = read_file(house_.file());
    CHECK(!std::filesystem::exists(house_.file().string() + "-wal"));
  }
  void put(const std::string& bytes) { write_file(house_.file(), bytes); }
  std::size_t pages() const { return bytes_.size() / page_bytes; }
  std::size_t first_leaf_of(const std::string& table) const;

  SqliteHouse house_;
  StoreNames names_;
  Answers truth_;
  std::string bytes_;
};

TEST_F(PageFiles, EveryPageOfAStoreHasItsSum) {
  ASSERT_GT(pages(), 80u);
  for (std::size_t page = 0; page < pages(); ++page) {
    EXPECT_TRUE(has_page_sum(std::string_view(bytes_).substr(page * page_bytes, page_bytes), static_cast<std::int64_t>(page) + 1))
        << page + 1;
  }
}

TEST_F(PageFiles, AFlippedBitGivesTheRightAnswerOrAnErrorAndNeverAWrongOne) {
  const char* given = std::getenv("VARDBRON_FLIPPED_BITS");
  const int rounds = given != nullptr ? std::atoi(given) : 150;
  SeededRandom random(20261130);
  int refused = 0, failed = 0;
  for (int round = 0; round < rounds; ++round) {
    std::string bytes = bytes_;
    // Every fourth in the first page, where SQLite looks before it can look at a whole page.
    const std::size_t bit = random.below(round % 4 == 0 ? page_bytes * 8 : bytes.size() * 8);
    SCOPED_TRACE("bit " + std::to_string(bit) + ", page " + std::to_string(bit / 8 / page_bytes + 1));
    flip(bytes, bit);
    put(bytes);
    if (!house_.try_open()) {
      ++refused;
      continue;
    }
    const Answers got = answers(house_, names_);
    house_.close();
    bool any_failed = false;
    for (const auto& [question, answer] : truth_) {
      const auto found = got.find(question);
      ASSERT_NE(found, got.end()) << question;
      any_failed = any_failed || is_broken(found->second);
      ASSERT_TRUE(found->second == answer || is_broken(found->second)) << question << ": " << found->second;
    }
    ASSERT_EQ(got.size(), truth_.size());
    failed += any_failed ? 1 : 0;
  }
  // A flip in what nobody reads, an index or the room that is free, changes nothing.
  RecordProperty("refused", refused);
  RecordProperty("failed", failed);
  EXPECT_GE(refused + failed, rounds / 2);
}

TEST_F(PageFiles, AFlippedBitAnywhereInTheFirstPageIsTold) {
  // Also where it says how large pages are, and whether they have sums.
  for (std::size_t bit = 0; bit < 100 * 8; ++bit) {
    std::string bytes = bytes_;
    flip(bytes, bit);
    put(bytes);
    ASSERT_FALSE(house_.try_open().ok()) << bit;
  }
}

/// Its place in the file. Source: SQLite's file format, 1.6 (b-tree pages).
std::size_t PageFiles::first_leaf_of(const std::string& table) const {
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t each = 0; each < bytes; ++each) value = value << 8 | static_cast<unsigned char>(bytes_[at + each]);
    return value;
  };
  std::unique_ptr<Database> database = *Database::open(house_.file(), Database::Use::Read);
  auto page = static_cast<std::size_t>(database->number("SELECT rootpage FROM sqlite_schema WHERE name='" + table + "'")) - 1;
  constexpr char inner = 0x05;
  while (bytes_[page * page_bytes] == inner) page = number(page * page_bytes + number(page * page_bytes + 12, 2), 4) - 1;
  return page;
}

TEST_F(PageFiles, ABrokenPageIsNamedToldOnceAndHurtsNothingElse) {
  // Given a bit flipped in some page that holds bodies.
  std::set<std::int64_t> reported;
  SqliteOptions options{house_.file().parent_path(), 2};
  options.on_broken_page = [&](std::int64_t page) { EXPECT_TRUE(reported.insert(page).second) << page; };
  RealClock clock;
  SystemRandom random;
  std::string bytes = bytes_;
  const std::size_t page = first_leaf_of("journal");
  flip(bytes, page * page_bytes * 8 + 1000);
  put(bytes);

  Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);

  ASSERT_TRUE(opened.ok());
  house_.use(*std::move(opened));
  const Answers first = answers(house_, names_), second = answers(house_, names_);
  EXPECT_EQ(first, second);
  std::size_t right = 0, broken = 0;
  for (const auto& [question, answer] : first) {
    (is_broken(answer) ? broken : right) += 1;
    if (!is_broken(answer)) continue;
    EXPECT_THAT(answer, testing::HasSubstr("Page " + std::to_string(page + 1) + " ")) << question;
  }
  EXPECT_GT(broken, 0u);
  EXPECT_GT(right, truth_.size() * 8 / 10);
  EXPECT_THAT(reported, testing::ElementsAre(static_cast<std::int64_t>(page) + 1));
  // And what needs none of it is written as ever.
  EXPECT_TRUE(house_.run(house_.store().commit(a_change("m1", "a case of today"))).ok());
  EXPECT_TRUE(house_.run(house_.store().read(as_operator(), "Task", "a case of today-task-0")).ok());
  house_.close();  // it calls on_broken_page
}

TEST_F(PageFiles, APageOfAnotherTimeOrPlaceIsNotServed) {
  std::string bytes = bytes_;
  const std::size_t left = pages() / 2 * page_bytes, right = left + page_bytes;
  for (std::size_t at = 0; at < page_bytes; ++at) std::swap(bytes[left + at], bytes[right + at]);
  put(bytes);
  ASSERT_TRUE(house_.try_open().ok());
  for (const auto& [question, answer] : answers(house_, names_)) {
    ASSERT_TRUE(answer == truth_.at(question) || is_broken(answer)) << question;
  }
}

TEST(BrokenPages, AreToldOneByOneUpToALimit) {
  // Given a body on pages of its own for each, and a bit flipped in all of those.
  SqliteHouse house;
  constexpr std::size_t count = limits::reported_broken_pages_max + 10;
  std::vector<Task<>> tasks;
  for (std::size_t number = 0; number < count; ++number) {
    auto work = [](Store& store, std::size_t seed) -> Task<> {
      SeededRandom random(seed + 1);
      RawMessage message = a_message("m" + std::to_string(seed), "");
      for (int word = 0; word < 1000; ++word) {
        const std::uint64_t noise = random.next();
        message.body.append(reinterpret_cast<const char*>(&noise), sizeof noise);
      }
      message.body.replace(6000, 12, "a place here");
      Result<JournalEntry> entry = co_await store.journal(std::move(message));
      EXPECT_TRUE(entry.ok());
    };
    tasks.push_back(work(house.store(), number));
  }
  house.together(std::move(tasks));
  house.close();
  std::string bytes = read_file(house.file());
  for (std::size_t at = bytes.find("a place here"); at != std::string::npos; at = bytes.find("a place here", at + 1))
    bytes[at] = 'A';
  write_file(house.file(), bytes);

  std::size_t reported = 0;
  SqliteOptions options{house.file().parent_path(), 1};
  options.on_broken_page = [&](std::int64_t) { ++reported; };
  RealClock clock;
  SystemRandom random;
  Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);
  ASSERT_TRUE(opened.ok());
  house.use(*std::move(opened));
  for (std::size_t number = 1; number <= count; ++number) {
    EXPECT_FALSE(house.run(house.store().journal_entry(static_cast<std::int64_t>(number))).ok()) << number;
  }
  EXPECT_EQ(reported, limits::reported_broken_pages_max);
}

TEST_F(PageFiles, ACopyOfAStoreHasSumsToo) {
  put(bytes_);
  const std::filesystem::path copy = house_.file().string() + ".copy";
  {
    Result<std::unique_ptr<Database>> database = Database::open(house_.file(), Database::Use::Write);
    ASSERT_TRUE(database.ok());
    (*database)->execute("PRAGMA cache_size=10");  // pages are written before the first one is
    (*database)->execute("UPDATE audit SET says='other'");
    ASSERT_TRUE((*database)->copy_to(copy).ok());
  }
  const std::string bytes = read_file(copy);
  for (std::size_t page = 0; page < bytes.size() / page_bytes; ++page) {
    ASSERT_TRUE(has_page_sum(std::string_view(bytes).substr(page * page_bytes, page_bytes), static_cast<std::int64_t>(page) + 1))
        << page + 1;
  }
}

}  // namespace
}  // namespace vardbron::store
