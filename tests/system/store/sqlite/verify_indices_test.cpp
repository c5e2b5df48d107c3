#include "gateway/base/random.h"
#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

// Concern: an index that does not say what its table says is found while the gateway runs, where SQLite's own check would hold
// the log: who looks for a row by it does not find it.

namespace vardbron::store {
namespace {

using testing::HasSubstr;

const std::filesystem::path form_3 = VARDBRON_SOURCE_DIR "/tests/system/store/sqlite/form_3";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::filesystem::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

/// A store, closed, with entries that wait, cases that time will change, and subscriptions.
class VerifyIndices : public testing::Test {
 protected:
  VerifyIndices() {
    house_.close_and_take(form_3);
    house_.open();
    Change change = a_change("with a time", "a case that time will change");
    change.times = CaseTimes{change.journal->received, change.journal->received + std::chrono::hours(24)};
    CHECK(house_.run(house_.store().commit(std::move(change))));
    for (int number = 0; number < 5; ++number) CHECK(house_.run(house_.store().journal(a_message("w" + std::to_string(number)))));
    house_.close();
    bytes_ = read_file(house_.file());
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Read);
    Statement rows = database->prepare("SELECT name, rootpage FROM sqlite_schema WHERE type='index'");
    rows.query();
    while (rows.next()) roots_[rows.string(0)] = static_cast<std::size_t>(rows.integer(1));
    for (const char* table : {"journal", "patient_case", "subscription"}) {
      CHECK(database->number("SELECT count(*) FROM " + std::string(table)) > 0);
    }
    CHECK(database->number("SELECT count(*) FROM patient_case WHERE next>0") > 0);
  }
  ~VerifyIndices() override {
    if (house_.is_open()) house_.close();
  }
  /// As GET /operate/verify answers.
  std::string found_while_running() {
    reported_.clear();
    SqliteOptions options{house_.file().parent_path(), 1};
    options.on_broken_page = [this](std::int64_t page) { reported_.push_back(page); };
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock_, random_);
    if (!opened) return "not opened: " + opened.failure().says;
    house_.use(*std::move(opened));
    Result<VerifyReport> report = house_.run(house_.store().verify());
    house_.close();
    return report ? all_of(*report) : report.failure().says;
  }
  void edit(const std::string& sql) {
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
    database->execute(sql);
    CHECK(!database->take_failure());
  }

  SqliteHouse house_;
  RealClock clock_;
  SystemRandom random_;
  std::string bytes_;
  std::map<std::string, std::size_t> roots_;
  std::vector<std::int64_t> reported_;
};

TEST_F(VerifyIndices, ThoseOfAStoreThatNobodyTouchedAreRight) {
  EXPECT_EQ(roots_.size(), 14u) << "another index: is it walked, and is its condition behind the one WHERE?";
  EXPECT_EQ(found_while_running(), "");
}

TEST_F(VerifyIndices, APageThatIsDamagedIsFoundOfEach) {
  for (const auto& [name, root] : roots_) {
    SCOPED_TRACE(name);
    std::string bytes = bytes_;
    bytes[(root - 1) * page_bytes + 2000] = static_cast<char>(bytes[(root - 1) * page_bytes + 2000] ^ 1);
    write_file(house_.file(), bytes);

    const std::string found = found_while_running();

    EXPECT_THAT(found, HasSubstr("Index " + name + ": Page " + std::to_string(root) + " of the store's file"));
    EXPECT_THAT(reported_, testing::ElementsAre(static_cast<std::int64_t>(root))) << "for /health and the figures";
  }
}

// A disk that did not write a page, which has the sum of its time.
TEST_F(VerifyIndices, APageThatIsOfAnotherTimeIsFound) {
  struct Row {
    const char *index, *change, *says;
  };
  for (const Row& row :
       {Row{"journal_open", "UPDATE journal SET outcome=1 WHERE outcome=0", "has an entry that the row does not have"},
        Row{"journal_open", "UPDATE journal SET outcome=2 WHERE outcome=1", "does not have the row"},
        Row{"journal_id", "UPDATE journal SET id=id||'x' WHERE number=1", "does not have the row"},
        Row{"patient_case_next", "UPDATE patient_case SET next=0 WHERE next>0", "has an entry that the row does not have"},
        Row{"patient_case_next", "UPDATE patient_case SET next=next+1 WHERE next>0", "does not have the row"},
        Row{"sqlite_autoindex_subscription_1", "UPDATE subscription SET id=id||'x'", "does not have the row"}}) {
    SCOPED_TRACE(row.change);
    write_file(house_.file(), bytes_);
    edit(row.change);
    std::string bytes = read_file(house_.file());
    const std::size_t at = (roots_[row.index] - 1) * page_bytes;
    ASSERT_NE(bytes.compare(at, page_bytes, bytes_, at, page_bytes), 0) << "the root is a leaf, and changes";
    write_file(house_.file(), bytes.replace(at, page_bytes, bytes_, at, page_bytes));

    EXPECT_THAT(found_while_running(), HasSubstr("Index " + std::string(row.index) + ' ' + row.says));
  }
}

TEST_F(VerifyIndices, TheClosedStoreTellsOfThemToo) {
  std::string bytes = bytes_;
  bytes[(roots_["journal_open"] - 1) * page_bytes + 2000] ^= 1;
  write_file(house_.file(), bytes);
  EXPECT_THAT(all_of(verify_file(house_.file())), HasSubstr("Page " + std::to_string(roots_["journal_open"])));
}

}  // namespace
}  // namespace vardbron::store
