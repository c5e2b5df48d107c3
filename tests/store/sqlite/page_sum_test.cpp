#include "gateway/store/sqlite/page_sum.h"

#include "gateway/base/random.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::store {
namespace {

std::string a_page(std::uint64_t seed) {
  SeededRandom random(seed);
  std::string page(page_bytes, '\0');
  for (char& byte : page) byte = static_cast<char>(random.below(256));
  put_page_sum(page.data(), page_sum(page, 7));
  return page;
}

TEST(PageSum, FindsEveryFlippedBit) {
  std::string page = a_page(1);
  ASSERT_TRUE(has_page_sum(page, 7));
  for (std::size_t bit = 0; bit < page_bytes * 8; ++bit) {
    page[bit / 8] = static_cast<char>(page[bit / 8] ^ (1 << bit % 8));
    ASSERT_FALSE(has_page_sum(page, 7)) << bit;
    page[bit / 8] = static_cast<char>(page[bit / 8] ^ (1 << bit % 8));
  }
  EXPECT_TRUE(has_page_sum(page, 7));
}

TEST(PageSum, FindsAPageInAnothersPlaceAndOneOfNothing) {
  EXPECT_FALSE(has_page_sum(a_page(1), 8));
  EXPECT_FALSE(has_page_sum(std::string(page_bytes, '\0'), 7));
}

TEST(PageSum, FindsAHalfThatIsOfAnotherTime) {
  const std::string before = a_page(1), after = a_page(2);
  for (std::size_t sectors = 1; sectors < page_bytes / 512; ++sectors) {
    EXPECT_FALSE(has_page_sum(after.substr(0, sectors * 512) + before.substr(sectors * 512), 7)) << sectors;
  }
}

}  // namespace
}  // namespace vardbron::store
