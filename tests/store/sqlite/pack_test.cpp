#include "gateway/store/sqlite/pack.h"

#include "gateway/base/random.h"

#include <gtest/gtest.h>

namespace vardbron::store {
namespace {

std::string random_text(Random& random, std::size_t size_max) {
  std::string text;
  for (std::uint64_t left = random.below(size_max + 1); left > 0; --left) text += static_cast<char>(random.below(256));
  return text;
}

TEST(Pack, SurvivesNoise) {
  SeededRandom random(2);
  for (int round = 0; round < 2000; ++round) {
    unpack_heads(random_text(random, 60));
  }
}

TEST(Pack, GivesBackLines) {
  for (const std::vector<std::string>& lines : {std::vector<std::string>{}, {""}, {"a"}, {"a", "", "b"}}) {
    EXPECT_EQ(split_lines(join_lines(lines)), lines);
  }
}

TEST(Pack, GivesBackTheHeadsItWasGiven) {
  SeededRandom random(4);
  for (int round = 0; round < 500; ++round) {
    std::vector<VersionHead> heads;
    for (std::uint64_t left = random.below(20); left > 0; --left) {
      heads.push_back({static_cast<std::int64_t>(random.next() >> 1), static_cast<std::int64_t>(random.below(1000)),
                       static_cast<std::int64_t>(random.next() >> 1), random.below(100'000), random.below(2) == 0});
    }
    const std::string bytes = pack_heads(heads);
    EXPECT_EQ(unpack_heads(bytes), heads);
    if (!heads.empty()) {
      EXPECT_LT(unpack_heads(std::string_view(bytes).substr(0, bytes.size() - 1)).size(), heads.size());
    }
  }
}

TEST(Compressor, GivesBackWhatItCompressed) {
  Compressor compressor;
  SeededRandom random(3);
  for (const std::string& body : {std::string(), std::string("short"), std::string(100'000, 'x'), random_text(random, 5000)}) {
    std::string stored(compressor.compress(body));
    EXPECT_LE(stored.size(), body.size());
    Result<std::string> restored = compressor.restore(stored, body.size());
    ASSERT_TRUE(restored.ok());
    EXPECT_EQ(*restored, body);
  }
}

TEST(Compressor, SaysSoWhenTheBytesAreNotWhatItGave) {
  Compressor compressor;
  std::string body(3000, 'x');
  std::string stored(compressor.compress(body));
  EXPECT_FALSE(compressor.restore(stored.substr(0, stored.size() - 1), body.size()).ok());
  EXPECT_FALSE(compressor.restore(stored, body.size() + 1).ok());
  EXPECT_FALSE(compressor.restore(stored, std::size_t{1} << 60).ok());
  EXPECT_FALSE(compressor.restore("noise", 3000).ok());
}

TEST(Compressor, GivesBackReceiptsAndShrinksThoseThatCanBe) {
  Compressor compressor;
  SeededRandom random(5);
  for (const std::string& receipt :
       {std::string(), std::string("{}"), std::string(600, 'x'), random_text(random, 400), std::string(100'000, 'y')}) {
    const StoredReceipt stored = compressor.compress_receipt(receipt);
    EXPECT_EQ(stored.is_blob, stored.bytes != receipt);
    if (receipt.size() == 600) EXPECT_LT(stored.bytes.size(), 60u);
    const Result<std::string> restored = compressor.restore_receipt(stored.bytes, stored.is_blob);
    ASSERT_TRUE(restored.ok());
    EXPECT_EQ(*restored, receipt);
  }
}

TEST(Compressor, RefusesBytesThatAreNoReceipt) {
  Compressor compressor;
  const std::string whole = compressor.compress_receipt(std::string(600, 'x')).bytes;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(compressor.restore_receipt(std::string_view(whole).substr(0, size), true).ok()) << size;
  SeededRandom random(6);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = whole;
    bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    const Result<std::string> restored = compressor.restore_receipt(bytes, true);
    if (restored) EXPECT_LE(restored->size(), std::size_t{8} << 20);
  }
}

}  // namespace
}  // namespace vardbron::store
