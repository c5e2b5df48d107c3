#include "gateway/search/period.h"

#include "gateway/base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::search {
namespace {

TEST(SearchPeriod, CoversAllThatTheTextMayMean) {
  struct Row {
    std::string_view text, from, to;
  };
  for (const Row& row : {Row{"2026", "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"},
                         Row{"2026-02", "2026-02-01T00:00:00.000Z", "2026-02-28T23:59:59.999Z"},
                         Row{"2024-02-29", "2024-02-29T00:00:00.000Z", "2024-02-29T23:59:59.999Z"},
                         Row{"2026-02-03T10:15", "2026-02-03T10:15:00.000Z", "2026-02-03T10:15:59.999Z"},
                         Row{"2026-02-03T10:15Z", "2026-02-03T10:15:00.000Z", "2026-02-03T10:15:59.999Z"},
                         Row{"2026-02-03T10:15+01:00", "2026-02-03T09:15:00.000Z", "2026-02-03T09:15:59.999Z"},
                         Row{"2026-02-03T10:15:30", "2026-02-03T10:15:30.000Z", "2026-02-03T10:15:30.999Z"},
                         Row{"2026-02-03T10:15:30-05:00", "2026-02-03T15:15:30.000Z", "2026-02-03T15:15:30.999Z"},
                         Row{"2026-02-03T10:15:60Z", "2026-02-03T10:15:59.000Z", "2026-02-03T10:15:59.999Z"},
                         Row{"2026-02-03T10:15:30.5Z", "2026-02-03T10:15:30.500Z", "2026-02-03T10:15:30.500Z"}}) {
    const std::optional<Period> period = parse_period(row.text);
    ASSERT_TRUE(period) << row.text;
    EXPECT_EQ(to_instant(WallTime(std::chrono::milliseconds(period->from_ms))), row.from) << row.text;
    EXPECT_EQ(to_instant(WallTime(std::chrono::milliseconds(period->to_ms))), row.to) << row.text;
  }
}

TEST(SearchPeriod, IsNoneWithoutADayThatExists) {
  for (std::string_view text : {"", "2026-", "2026-02-29", "2026-02-03T", "2026-02-03T10", "2026-02-03T10Z",
                                "2026-02-03T10:15:", "2026-02-03T10:15.5Z", "2026-02-03 10:15", "20260203", "today"})
    EXPECT_FALSE(parse_period(text)) << text;
}

TEST(SearchPeriod, KnowsATimeWithoutAZone) {
  for (std::string_view text : {"2026-02-03T10:15", "gt2026-02-03T10:15:30", "2026-02-03,lt2026-02-03T10:15"})
    EXPECT_TRUE(lacks_zone(text)) << text;
  for (std::string_view text : {"", "2026-02-03", "ge2026", "2026-02-03T10:15Z", "2026-02-03T10:15:30-05:00,2026"})
    EXPECT_FALSE(lacks_zone(text)) << text;
}

TEST(SearchPeriod, KnowsABlankThatWasAPlus) {
  EXPECT_EQ(advice_on_period("2026-02-03T10:15:30 01:00"), " In an address a + means a blank: write the zone as %2B01:00.");
  for (std::string_view text : {"", "2026-02-03 10:15", "2026-02-03T10:15 ", "x y", "2026-02-03T10:15 0100", " 01:00"})
    EXPECT_EQ(advice_on_period(text), "") << text;
}

}  // namespace
}  // namespace vardbron::search
