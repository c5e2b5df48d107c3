#include "gateway/store/rules.h"

#include "gateway/base/limits.h"
#include "tests/store/builders.h"

#include <gtest/gtest.h>

// Concern: what every store refuses before it looks at its tables.

namespace vardbron::store {
namespace {

TEST(StoreRules, ACaseHasAsManyLinksAsItMay) {
  const auto with_links = [](std::size_t links) {
    return check_change(a_change("m", "case-1", static_cast<std::int64_t>(links) - 1));
  };

  EXPECT_TRUE(with_links(limits::links_per_case_max));
  Result<void> over = with_links(limits::links_per_case_max + 1);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.failure().cause, Cause::TooLarge);
}

TEST(StoreRules, APageHasAsManyResultsAsItMay) {
  EXPECT_EQ(served_count(limits::search_results_per_page_max), limits::search_results_per_page_max);
  EXPECT_EQ(served_count(limits::search_results_per_page_max + 1), limits::search_results_per_page_max);
  EXPECT_EQ(served_count(0), 0u);
}

}  // namespace
}  // namespace vardbron::store
