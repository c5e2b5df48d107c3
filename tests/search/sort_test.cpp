#include "gateway/search/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace vardbron::search {
namespace {

Key key(KeyKind kind, std::string value, std::int64_t from = 0, std::int64_t to = 0, double low = 0, double high = 0) {
  Key made;
  made.parameter = "p";
  made.kind = kind;
  made.value = std::move(value);
  made.from_ms = from;
  made.to_ms = to;
  made.low = low;
  made.high = high;
  return made;
}

std::vector<SortKey> by_p(bool is_descending) { return {{"p", KeyKind::String, is_descending}}; }

// Concern: whatever a resource has by that parameter, the order is the one of its values.
TEST(Sort, OrdersValuesOfEachKindInBothDirections) {
  constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min(), latest = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::vector<Key>> in_order[] = {
      {{key(KeyKind::String, "a")},
       {key(KeyKind::String, "ab")},
       {key(KeyKind::String, "b")},
       {key(KeyKind::String, "\xC3\xB6")}},
      {{key(KeyKind::Date, "", earliest, earliest)},
       {key(KeyKind::Date, "", -5, -5)},
       {key(KeyKind::Date, "", 0, 0)},
       {key(KeyKind::Date, "", 1'774'692'000'000, 1'774'692'000'000)},
       {key(KeyKind::Date, "", latest, latest)}},
      {{key(KeyKind::Number, "", 0, 0, -10.5, -10.5)},
       {key(KeyKind::Number, "", 0, 0, -1, -1)},
       {key(KeyKind::Number, "", 0, 0, 0, 0)},
       {key(KeyKind::Number, "", 0, 0, 0.25, 0.25)},
       {key(KeyKind::Number, "", 0, 0, 1e9, 1e9)}},
      {{key(KeyKind::Token, "active")}, {key(KeyKind::Token, "completed")}},
  };
  for (const std::vector<std::vector<Key>>& resources : in_order) {
    for (std::size_t left = 0; left < resources.size(); ++left) {
      for (std::size_t right = 0; right < resources.size(); ++right) {
        const int wanted = left < right ? -1 : left > right ? 1 : 0;
        for (const bool is_descending : {false, true}) {
          const std::vector<SortKey> sort = by_p(is_descending);
          const int found = compare(sort, sort_values(sort, resources[left]), sort_values(sort, resources[right]));
          EXPECT_EQ(found, is_descending ? -wanted : wanted) << left << ' ' << right;
        }
      }
    }
  }
}

TEST(Sort, OfSeveralValuesTheFirstInTheOrderCounts) {
  const std::vector<Key> several = {key(KeyKind::String, "m"), key(KeyKind::String, "c"), key(KeyKind::String, "x")};
  EXPECT_EQ(sort_values(by_p(false), several)[0].bytes, "c");
  EXPECT_EQ(sort_values(by_p(true), several)[0].bytes, "x");
  const std::vector<Key> period = {key(KeyKind::Date, "", 10, 20)};
  EXPECT_LT(sort_values(by_p(false), period)[0].bytes, sort_values(by_p(true), period)[0].bytes);
}

TEST(Sort, AResourceWithoutAValueComesLastInEitherDirection) {
  const std::vector<Key> none, some = {key(KeyKind::String, "a")};
  for (const bool is_descending : {false, true}) {
    const std::vector<SortKey> sort = by_p(is_descending);
    EXPECT_GT(compare(sort, sort_values(sort, none), sort_values(sort, some)), 0);
    EXPECT_EQ(compare(sort, sort_values(sort, none), sort_values(sort, none)), 0);
  }
}

TEST(Sort, TheSecondKeyDecidesAmongEquals) {
  const std::vector<SortKey> sort = {{"p", KeyKind::String, false}, {"q", KeyKind::String, true}};
  std::vector<Key> left = {key(KeyKind::String, "a"), key(KeyKind::String, "1")};
  std::vector<Key> right = {key(KeyKind::String, "a"), key(KeyKind::String, "2")};
  left[1].parameter = right[1].parameter = "q";
  EXPECT_GT(compare(sort, sort_values(sort, left), sort_values(sort, right)), 0);
}

TEST(Sort, ByTimeAloneIsTheOrderOfTheCommits) {
  EXPECT_TRUE(is_natural({}));
  const std::vector<SortKey> time = {{"_lastUpdated", KeyKind::Date, true}}, two = {time[0], by_p(false)[0]};
  EXPECT_TRUE(is_natural(time));
  EXPECT_FALSE(is_natural(two));
  EXPECT_FALSE(is_natural(by_p(false)));
}

}  // namespace
}  // namespace vardbron::search
