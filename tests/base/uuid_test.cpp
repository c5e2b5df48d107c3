#include "gateway/base/uuid.h"

#include <gtest/gtest.h>

#include <set>

namespace vardbron {
namespace {

const Uuid dns_root = parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");  // RFC 9562, 6.6

TEST(Uuid, GivesTheVersionFiveIdOfThePublishedExample) {
  // RFC 9562, A.4.
  EXPECT_EQ(to_string(uuid_v5(dns_root, "www.example.com")), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(Uuid, GivesTheSameIdForTheSameNameOnly) {
  EXPECT_EQ(uuid_v5(uuid_root, "SE2321000016-1|case|17"), uuid_v5(uuid_root, "SE2321000016-1|case|17"));
  EXPECT_NE(uuid_v5(uuid_root, "SE2321000016-1|case|17"), uuid_v5(uuid_root, "SE2321000016-1|case|18"));
}

TEST(Uuid, OrdersVersionSevenIdsByTime) {
  SeededRandom random(7);
  WallTime now{std::chrono::milliseconds(1'790'000'000'000)};
  Uuid earlier = uuid_v7(now, random);
  Uuid later = uuid_v7(now + std::chrono::milliseconds(1), random);
  EXPECT_LT(to_string(earlier), to_string(later));
  EXPECT_EQ(to_string(earlier)[14], '7');
  EXPECT_NE(std::string("89ab").find(to_string(earlier)[19]), std::string::npos);
}

TEST(Uuid, DrawsNoVersionSevenIdTwice) {
  SeededRandom random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(to_string(uuid_v7(WallTime{}, random)));
  EXPECT_EQ(seen.size(), 10'000u);
}

TEST(Uuid, TellsUuidsFromOtherTexts) {
  EXPECT_TRUE(is_uuid("2ED6657D-e927-568b-95e1-2665a8aea6a2"));
  for (const char* other : {"", "2ed6657de927568b95e12665a8aea6a2", "2ed6657d-e927-568b-95e1-2665a8aea6ag",
                            "2ed6657d-e927-568b-95e1-2665a8aea6a", "2ed6657d-e927-568b-95e1-2665a8aea6a2 "}) {
    EXPECT_FALSE(is_uuid(other)) << other;
  }
}

TEST(Uuid, HasBytesOnlyForTheTextThatComesBack) {
  SeededRandom random(7);
  constexpr std::string_view letters = "0123456789abcdefABCDEFgG-/: \xC3\x00";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = to_string(uuid_v7(WallTime{std::chrono::milliseconds{round}}, random));
    for (std::uint64_t changed = random.below(4); changed > 0; --changed)
      text[random.below(text.size())] = letters[random.below(letters.size())];
    if (random.below(8) == 0) text.resize(random.below(40), '0');
    const bool comes_back = is_uuid(text) && to_string(parse_uuid(text)) == text;
    const std::optional<Uuid> bytes = canonical_uuid(text);
    ASSERT_EQ(bytes.has_value(), comes_back) << text;
    if (bytes) ASSERT_EQ(*bytes, parse_uuid(text)) << text;
  }
  EXPECT_FALSE(canonical_uuid(std::string(36, '-')));
}

}  // namespace
}  // namespace vardbron
