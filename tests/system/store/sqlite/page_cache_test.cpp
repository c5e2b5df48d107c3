#include "gateway/store/sqlite/page_cache.h"

#include "tests/sim/seeds.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <random>

namespace vardbron::store {
namespace {

constexpr unsigned pages_max = 60, beyond = 262145;
constexpr int must_make = 2;

/// A page cache and, by number, what it holds.
class HeldPages {
 public:
  explicit HeldPages(std::uint64_t seed) : random_(seed) { cache_.xCachesize(pages_, 1000); }
  ~HeldPages() { cache_.xDestroy(pages_); }
  HeldPages(const HeldPages&) = delete;
  HeldPages& operator=(const HeldPages&) = delete;

  void step() {
    const unsigned number = 1 + any(pages_max);
    switch (any(4)) {
      case 0: return exchange(number, 1 + any(2 * pages_max));
      case 1: return drop_from(any(6) == 0 ? number : 2 * pages_max + 1);
      default:
        if (!held_.contains(number)) held_[number] = cache_.xFetch(pages_, number, must_make);
    }
  }
  void compare() {
    ASSERT_EQ(cache_.xPagecount(pages_), static_cast<int>(held_.size()));
    for (unsigned number = 1; number <= 2 * pages_max; ++number) compare(number);
    compare(beyond);
  }

 private:
  unsigned any(unsigned below) { return static_cast<unsigned>(random_() % below); }
  void move(unsigned from, unsigned to) {
    cache_.xRekey(pages_, held_.at(from), from, to);
    held_[to] = held_.at(from);
    held_.erase(from);
  }
  // As SQLite puts two pages of a tree in order; or one of them stays after the end.
  void exchange(unsigned number, unsigned other) {
    if (!held_.contains(number) || held_.contains(beyond)) return;
    move(number, beyond);
    if (any(8) == 0) return;
    if (held_.contains(other)) move(other, number);
    move(beyond, other);
  }
  void drop_from(unsigned end) {
    cache_.xTruncate(pages_, end);
    held_.erase(held_.lower_bound(end), held_.end());
  }
  void compare(unsigned number) {
    sqlite3_pcache_page* page = cache_.xFetch(pages_, number, 0);
    ASSERT_EQ(page, held_.contains(number) ? held_.at(number) : nullptr) << number;
  }

  const sqlite3_pcache_methods2& cache_ = *page_cache_methods();
  sqlite3_pcache* pages_ = cache_.xCreate(512, 64, 1);
  std::map<unsigned, sqlite3_pcache_page*> held_;
  std::mt19937_64 random_;
};

TEST(PageCache, HoldsWhatItWasGivenAndDropsWhatIsAfterTheEnd) {
  ASSERT_NE(page_cache_methods(), nullptr);
  ASSERT_EQ(sqlite3_initialize(), SQLITE_OK);
  sim::for_each_seed(20, [](std::uint64_t seed) {
    HeldPages pages(seed);
    for (int steps = 0; steps < 400 && !testing::Test::HasFailure(); ++steps) {
      for (int each = 0; each < 5; ++each) pages.step();
      pages.compare();
    }
  });
}

}  // namespace
}  // namespace vardbron::store
