#include "gateway/store/sqlite/stored_keys.h"

#include "gateway/base/random.h"
#include "gateway/search/match.h"

#include <gtest/gtest.h>

#include <limits>

namespace vardbron::store {
namespace {

constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min(), latest = std::numeric_limits<std::int64_t>::max();

std::string random_text(Random& random, std::size_t size_max) {
  std::string text;
  for (std::uint64_t left = random.below(size_max + 1); left > 0; --left) text += static_cast<char>(random.below(256));
  return text;
}

std::int64_t random_time(Random& random, std::int64_t open) {
  switch (random.below(4)) {
    case 0: return open;
    case 1: return static_cast<std::int64_t>(random.next());
    case 2: return 0;
    default: return static_cast<std::int64_t>(random.below(2'000'000'000'000)) - 500'000'000'000;
  }
}

StoredKey random_key(Random& random) {
  using Kind = StoredKey::Kind;
  StoredKey key;
  key.kind = static_cast<Kind>(random.below(9));
  key.parameter = static_cast<std::int64_t>(random.below(1000));
  const bool is_date = key.kind == Kind::Date, is_number = key.kind == Kind::Number || key.kind == Kind::Quantity;
  const bool has_number =
      key.kind < Kind::Date || key.kind == Kind::Quantity || key.kind == Kind::Uri || key.kind == Kind::SharedString;
  if (has_number) key.number = static_cast<std::int64_t>(random.next() >> 1);
  if (is_date) key.from_ms = random_time(random, earliest);
  if (is_date) key.to_ms = random_time(random, latest);
  if (key.kind == Kind::String) key.written = random_text(random, 50);
  if (key.kind == Kind::String) key.text = random.below(2) == 0 ? search::normalized(key.written) : random_text(random, 20);
  if (is_number) key.low = static_cast<double>(random.below(1000)) / 7 - 50;
  if (is_number) key.high = key.low + static_cast<double>(random.below(10));
  return key;
}

TEST(StoredKeys, AreGivenBackAsTheyWere) {
  SeededRandom random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<StoredKey> keys;
    for (std::uint64_t left = random.below(12); left > 0; --left) keys.push_back(random_key(random));
    EXPECT_EQ(unpack_stored_keys(pack(keys)), keys);
  }
}

TEST(StoredKeys, OfCutBytesAreWholeKeysOnly) {
  SeededRandom random(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<StoredKey> keys(4);
    for (StoredKey& key : keys) key = random_key(random);
    const std::string bytes = pack(keys);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      const std::vector<StoredKey> read = unpack_stored_keys(std::string_view(bytes).substr(0, length));
      ASSERT_LT(read.size(), keys.size());
      for (std::size_t at = 0; at < read.size(); ++at) EXPECT_EQ(read[at], keys[at]);
    }
  }
}

TEST(StoredKeys, SurviveNoise) {
  SeededRandom random(3);
  for (int round = 0; round < 5000; ++round) unpack_stored_keys(random_text(random, 60));
}

// Concern: the rows of a case are many, so what is the same in each costs little.
TEST(StoredKeys, AreShort) {
  StoredKey token{.parameter = 7, .number = 1000},
      reference{.kind = StoredKey::Kind::Reference, .parameter = 8, .number = 100'000};
  StoredKey day{.kind = StoredKey::Kind::Date, .parameter = 9, .from_ms = 1'774'692'000'000, .to_ms = 1'774'778'399'999};
  EXPECT_LE(pack({token}).size(), 4u);
  EXPECT_LE(pack({reference}).size(), 5u);
  EXPECT_LE(pack({day}).size(), 12u);
}

}  // namespace
}  // namespace vardbron::store
