#include "gateway/exchange/case_cache.h"

#include "gateway/base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace vardbron::exchange {
namespace {

std::unique_ptr<KeptCase> kept(std::string key, std::size_t text_bytes = 0, std::int64_t version = 1) {
  auto made = std::make_unique<KeptCase>();
  made->stored.key = std::move(key);
  made->stored.version = version;
  made->text_bytes = text_bytes;
  return made;
}

const std::size_t one_case = CaseCache::bytes_of(KeptCase{});

/// Which of these are kept; they are put back in the same order.
std::vector<std::string> held(CaseCache& cache, const std::vector<std::string>& keys) {
  std::vector<std::string> found;
  std::vector<std::unique_ptr<KeptCase>> taken;
  for (const std::string& key : keys) {
    taken.push_back(cache.take(key));
    if (taken.back()) found.push_back(key);
  }
  for (auto& each : taken)
    if (each) cache.put(std::move(each));
  return found;
}

TEST(CaseCache, GivesACaseToOneOnly) {
  CaseCache cache;
  cache.put(kept("a"));
  EXPECT_EQ(cache.size(), 1u);
  const std::unique_ptr<KeptCase> taken = cache.take("a");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->stored.key, "a");
  EXPECT_FALSE(cache.take("a"));
  EXPECT_FALSE(cache.take("b"));
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(CaseCache, KeepsTheLastOneOfACase) {
  CaseCache cache;
  cache.put(kept("a", 10, 1));
  cache.put(kept("a", 30, 2));
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(cache.bytes(), one_case + 30);
  EXPECT_EQ(cache.take("a")->stored.version, 2);
}

TEST(CaseCache, LetsThoseGoThatWereNotUsedForLongest) {
  struct Row {
    const char* what;
    CaseCache::Bounds bounds;
    std::size_t bytes_of_last;
    std::vector<std::string> held;
  };
  for (const Row& row :
       {Row{"room for all", {4, 100 * one_case}, 0, {"a", "b", "c", "d"}},
        Row{"for three", {3, 100 * one_case}, 0, {"a", "c", "d"}}, Row{"for one", {1, 100 * one_case}, 0, {"d"}},
        Row{"for none", {0, 100 * one_case}, 0, {}}, Row{"for the bytes of two", {4, 2 * one_case}, 0, {"c", "d"}},
        Row{"the last one needs the room of three", {4, 4 * one_case}, 2 * one_case, {"a", "d"}},
        Row{"the last one needs all room", {4, 4 * one_case}, 3 * one_case, {"d"}},
        Row{"the last one needs more", {4, 4 * one_case}, 3 * one_case + 1, {"a", "b", "c"}}}) {
    CaseCache cache(row.bounds);
    for (const char* key : {"a", "b", "c"}) cache.put(kept(key));
    if (std::unique_ptr<KeptCase> used = cache.take("a")) cache.put(std::move(used));
    cache.put(kept("d", row.bytes_of_last));
    EXPECT_LE(cache.bytes(), row.bounds.bytes) << row.what;
    EXPECT_EQ(held(cache, {"a", "b", "c", "d"}), row.held) << row.what;
  }
}

TEST(CaseCache, HasRoomForSoManyCasesAndBytesByItself) {
  CaseCache cache;
  for (std::size_t number = 0; number < limits::kept_cases_max; ++number) cache.put(kept(std::to_string(number)));
  EXPECT_EQ(cache.size(), limits::kept_cases_max);
  EXPECT_EQ(held(cache, {"0"}).size(), 1u);
  cache.put(kept("one more"));
  EXPECT_EQ(cache.size(), limits::kept_cases_max);
  EXPECT_EQ(held(cache, {"0", "1", "one more"}), (std::vector<std::string>{"0", "one more"}));

  cache.put(kept("as large as may be", limits::kept_case_bytes_max - one_case));
  EXPECT_EQ(cache.size(), 1u);
  cache.put(kept("larger", limits::kept_case_bytes_max - one_case + 1));
  EXPECT_EQ(held(cache, {"as large as may be", "larger"}), std::vector<std::string>{"as large as may be"});
}

TEST(CaseCache, CountsWhatACaseHolds) {
  KeptCase known;
  std::size_t last = CaseCache::bytes_of(known);
  const auto expect_more = [&](std::size_t least, const char* what) {
    const std::size_t now = CaseCache::bytes_of(known);
    EXPECT_GE(now, last + least) << what;
    last = now;
  };
  known.text_bytes = 5'000;
  expect_more(5'000, "texts");
  known.chain.emplace_back(care::Notice{});
  expect_more(sizeof(care::Link), "a link");
  known.projected.dispatches.push_back({});
  expect_more(sizeof(care::Dispatch), "a dispatch");
  known.resources["Task/1"];
  expect_more(sizeof(StoredResource), "a resource");
  known.projected.findings.emplace_back();
  expect_more(sizeof(care::Finding), "a finding");
  known.projected.case_tasks.emplace_back();
  expect_more(sizeof(care::CaseTask), "a Task");
}

// At random beside a model, and by several threads: a case is with one of them at a time, and no bound is passed.
TEST(CaseCache, IsUsedByManyThreads) {
  CaseCache cache({8, 10 * one_case});
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    threads.emplace_back([&, seed] {
      SeededRandom random(seed);
      for (int step = 0; step < 3'000; ++step) {
        const std::size_t number = random.below(16);
        std::unique_ptr<KeptCase> taken = cache.take(std::to_string(number));
        if (!taken) {
          // As after a look into the store: many may come with the same case, and the last one stays.
          cache.put(kept(std::to_string(number), random.below(one_case)));
          continue;
        }
        EXPECT_EQ(taken->stored.key, std::to_string(number));
        ++taken->stored.version;
        if (random.below(4) != 0) cache.put(std::move(taken));
      }
    });
  }
  for (std::thread& each : threads) each.join();
  EXPECT_LE(cache.size(), 8u);
  EXPECT_LE(cache.bytes(), 10 * one_case);
}

}  // namespace
}  // namespace vardbron::exchange
