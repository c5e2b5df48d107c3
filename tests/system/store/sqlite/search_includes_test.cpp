#include "gateway/base/limits.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: what a search includes is all that there is, or it says that there is more.

namespace vardbron::store {
namespace {

TEST(SearchIncludes, IncludesSoManyAndSaysWhenThereAreMore) {
  constexpr auto most = static_cast<int>(limits::search_included_max);
  SqliteHouse house;
  for (int number = 0; number <= most; ++number) {
    Change change;
    change.resources = {a_task("t" + std::to_string(number))};
    if (number == 0) {
      change.resources.push_back(a_task("p1"));
      change.resources.back().type = "Patient";
      change.resources.back().keys.clear();
    }
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
    if (number + 1 < most) continue;
    search::Query query;
    query.resource_type = "Patient";
    query.includes = {{true, false, "Task", "patient", ""}};
    const Result<Page> page = house.run(house.store().search(as(municipality), query));
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(page->included.size(), limits::search_included_max);
    EXPECT_EQ(page->is_cut, number == most);
  }
}

// A case is in the tables of keys once for its resources, of which one may refer and three may not.
TEST(SearchIncludes, IncludesWhatRefersAlsoIfMostOfItsCaseDoesNot) {
  constexpr int cases = 400;
  SqliteHouse house;
  Change first;
  first.resources = {a_task("p1")};
  first.resources.back().type = "Patient";
  first.resources.back().keys.clear();
  ASSERT_TRUE(house.run(house.store().commit(std::move(first))).ok());
  for (int number = 0; number < cases; ++number) {
    const std::string name = "c" + std::to_string(number);
    Change change = a_change(name, name);
    for (int other = 0; other < 3; ++other) {
      change.resources.push_back(a_task(name + "-other-" + std::to_string(other)));
      std::erase_if(change.resources.back().keys, [](const search::Key& key) { return key.parameter == "patient"; });
    }
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
  }
  search::Query query;
  query.resource_type = "Patient";
  query.includes = {{true, false, "Task", "patient", ""}};
  const Result<Page> page = house.run(house.store().search(as(municipality), query));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->included.size(), static_cast<std::size_t>(cases)) << "of 1,600 Tasks that were looked at";
  EXPECT_FALSE(page->is_cut);
}

}  // namespace
}  // namespace vardbron::store
