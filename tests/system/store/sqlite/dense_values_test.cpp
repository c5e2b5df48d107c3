#include "gateway/store/sqlite/dense_values.h"

#include "gateway/base/limits.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

#include <set>

// Concern: a value that nearly everything has costs no rows, and is found all the same.

namespace vardbron::store {
namespace {

constexpr auto most = static_cast<int>(limits::search_looked_up_max);

ResourceWrite task(int number, const char* status, std::int64_t expected = 0) {
  ResourceWrite write = a_task("t" + std::to_string(number), expected);
  write.keys = {token("status", "http://hl7.org/fhir/task-status", status), reference("patient", "Patient/p1")};
  write.keys.push_back(token("code:text", "", ""));
  write.keys.back().kind = search::KeyKind::String;
  write.keys.back().value = write.keys.back().system = "ta over patient";
  return write;
}

class DenseValuesOfAStore : public testing::Test {
 protected:
  void write(int first, int last, const char* status, std::int64_t expected = 0) {
    for (; first < last; first += 50) {
      Change change;
      for (int number = first; number < std::min(first + 50, last); ++number)
        change.resources.push_back(task(number, status, expected));
      ASSERT_TRUE(house_.run(house_.store().commit(std::move(change))).ok());
    }
  }
  std::size_t found(search::Criterion criterion) {
    search::Query query;
    query.resource_type = "Task";
    query.criteria = {std::move(criterion)};
    query.count = 200;
    std::set<std::string> ids;
    do {
      const Result<Page> page = house_.run(house_.store().search(as(municipality), query));
      EXPECT_TRUE(page.ok());
      for (const Resource& each : page->resources) EXPECT_TRUE(ids.insert(each.id).second);
      query.after = page->after;
    } while (!query.after.empty());
    return ids.size();
  }
  std::size_t with_status(const char* code) { return found(criterion("status", search::KeyKind::Token, code)); }
  std::int64_t number(const std::string& sql) {
    house_.write_keys();
    Result<std::unique_ptr<Database>> database = Database::open(house_.file(), Database::Use::Read);
    return (*database)->number(sql);
  }
  void expect_clean() {
    const Result<VerifyReport> report = house_.run(house_.store().verify());
    ASSERT_TRUE(report.ok());
    for (const Finding& each : report->findings) ADD_FAILURE() << each.table << ' ' << each.number << ": " << each.says;
  }
  SqliteHouse house_;
};

TEST_F(DenseValuesOfAStore, GetNoFurtherRowsAndAreFoundByAWalk) {
  write(0, most, "requested");
  EXPECT_EQ(number("SELECT count(*) FROM token_key"), 2 * most) << "the status and the type";
  EXPECT_EQ(number("SELECT count(*) FROM dense_value"), 0);
  EXPECT_EQ(with_status("requested"), limits::search_looked_up_max);

  write(most, most + 300, "requested");

  EXPECT_EQ(number("SELECT count(*) FROM token_key"), 2 * (most + 1));
  EXPECT_EQ(number("SELECT count(*) FROM string_key"), most + 1);
  EXPECT_EQ(number("SELECT count(*) FROM dense_value"), 3) << "the status, the type and the text";
  EXPECT_EQ(with_status("requested"), limits::search_looked_up_max + 300);
  EXPECT_EQ(found(criterion("code:text", search::KeyKind::String, "ta over")), limits::search_looked_up_max + 300);
  expect_clean();
}

TEST_F(DenseValuesOfAStore, StayDenseWhenFewAreLeft) {
  write(0, most + 100, "requested");
  write(0, most + 50, "completed", 1);
  house_.reopen();
  EXPECT_EQ(with_status("requested"), 50u) << "of them no row was ever written";
  EXPECT_EQ(with_status("completed"), limits::search_looked_up_max + 50);
  write(most + 50, most + 100, "accepted", 1);
  EXPECT_EQ(with_status("requested"), 0u);
  EXPECT_EQ(with_status("accepted"), 50u);
  expect_clean();
}

}  // namespace
}  // namespace vardbron::store
