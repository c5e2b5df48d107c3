#include "gateway/fhir/v2_value.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

struct Spelling {
  const char* sent;
  const char* made;
};

class V2DateTime : public testing::TestWithParam<Spelling> {};
TEST_P(V2DateTime, IsSpeltAsFhirDoes) { EXPECT_EQ(date_time_from_v2(GetParam().sent), GetParam().made); }

INSTANTIATE_TEST_SUITE_P(Times, V2DateTime,
                         testing::Values(Spelling{"2026", "2026"}, Spelling{"202611", "2026-11"},
                                         Spelling{"20261122", "2026-11-22"}, Spelling{"2026112210", "2026-11-22T10:00:00"},
                                         Spelling{"202611221015", "2026-11-22T10:15:00"},
                                         Spelling{"20261122101530", "2026-11-22T10:15:30"},
                                         Spelling{"20261122101530.1234", "2026-11-22T10:15:30.1234"},
                                         Spelling{"20261122101530.1234-0500", "2026-11-22T10:15:30.1234-05:00"},
                                         Spelling{"202611221015+0100", "2026-11-22T10:15:00+01:00"},
                                         Spelling{"20261122+0100", "2026-11-22"}, Spelling{"20240229", "2024-02-29"}));

// What is no time is not made one.
INSTANTIATE_TEST_SUITE_P(OtherTexts, V2DateTime,
                         testing::Values(Spelling{"", ""}, Spelling{"202", "202"}, Spelling{"20261", "20261"},
                                         Spelling{"20261322", "20261322"}, Spelling{"20230229", "20230229"},
                                         Spelling{"2026112224", "2026112224"}, Spelling{"00000000", "00000000"},
                                         Spelling{"202611221060", "202611221060"},
                                         Spelling{"20261122101530+1", "20261122101530+1"},
                                         Spelling{"20261122101530+1500", "20261122101530+1500"}, Spelling{"i morgon", "i morgon"},
                                         Spelling{"2026-11-22", "2026-11-22"}, Spelling{"20261122 ", "20261122 "}));

TEST(V2Value, TakesTheDateOfATime) {
  EXPECT_EQ(date_from_v2("19500907"), "1950-09-07");
  EXPECT_EQ(date_from_v2("195009"), "1950-09");
  EXPECT_EQ(date_from_v2("19500907101500+0100"), "1950-09-07");
  EXPECT_EQ(date_from_v2("07/09/1950"), "07/09/1950");
}

TEST(V2Value, WritesTimesOfDayOut) {
  EXPECT_EQ(time_from_v2("10"), "10:00:00");
  EXPECT_EQ(time_from_v2("1015"), "10:15:00");
  EXPECT_EQ(time_from_v2("101530.25+0100"), "10:15:30.25");
  EXPECT_EQ(time_from_v2("2500"), "2500");
  EXPECT_EQ(time_from_v2("1"), "1");
}

TEST(V2Value, WritesNumbersAsJsonHasThem) {
  const Spelling table[] = {{"1", "1"},    {"+1", "1"}, {"-01.50", "-1.50"}, {"007", "7"}, {"0", "0"},
                            {".5", "0.5"}, {"5.", "5"}, {"1,5", "1,5"},      {"<5", "<5"}, {"1.2.3", "1.2.3"},
                            {"", ""},      {"+", "+"},  {"1e5", "1e5"}};
  for (const Spelling& each : table) EXPECT_EQ(number_from_v2(each.sent), each.made) << each.sent;
}

}  // namespace
}  // namespace vardbron::fhir
