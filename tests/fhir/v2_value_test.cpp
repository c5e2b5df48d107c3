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

// An invalid time is not converted.
INSTANTIATE_TEST_SUITE_P(OtherTexts, V2DateTime,
                         testing::Values(Spelling{"", ""}, Spelling{"202", "202"}, Spelling{"20261", "20261"},
                                         Spelling{"20261322", "20261322"}, Spelling{"20230229", "20230229"},
                                         Spelling{"2026112224", "2026112224"}, Spelling{"00000000", "00000000"},
                                         Spelling{"202611221060", "202611221060"},
                                         Spelling{"20261122101530+1", "20261122101530+1"},
                                         Spelling{"20261122101530+1500", "20261122101530+1500"}, Spelling{"i morgon", "i morgon"},
                                         Spelling{"2026-11-22", "2026-11-22"}, Spelling{"20261122 ", "20261122 "}));

struct Read {
  const char *sent, *made;
  bool is_doubted = true;
  const char* precision = "";
};
class ReadV2Time : public testing::TestWithParam<Read> {};

TEST_P(ReadV2Time, KeepsWhatIsKnownAndNothingMore) {
  const V2Time read = read_v2_time(GetParam().sent, GetParam().precision);

  EXPECT_EQ(read.text, GetParam().made);
  EXPECT_EQ(!read.doubt.empty(), GetParam().is_doubted) << read.doubt;
}

INSTANTIATE_TEST_SUITE_P(UnknownParts, ReadV2Time,
                         testing::Values(Read{"19500900", "1950-09"}, Read{"19500000", "1950"}, Read{"195000", "1950"},
                                         Read{"19500012", "1950"}, Read{"19500900000000", "1950-09"},
                                         Read{"195009001200+0100", "1950-09"}, Read{"00000000", ""}, Read{"0000", "0000"},
                                         Read{"19501300", "19501300"}, Read{"1950090", "1950090"}));
INSTANTIATE_TEST_SUITE_P(AnHourAlone, ReadV2Time,
                         testing::Values(Read{"2026112210", "2026-11-22"}, Read{"2026112210+0100", "2026-11-22"},
                                         Read{"2026-11-22T10", "2026-11-22"}));
INSTANTIATE_TEST_SUITE_P(Iso, ReadV2Time,
                         testing::Values(Read{"20260313T1530", "2026-03-13T15:30:00"}, Read{"2026-03-13", "2026-03-13"},
                                         Read{"2026-03", "2026-03"}, Read{"2026-03-13T15:30:05", "2026-03-13T15:30:05"},
                                         Read{"2026-03-13 15:30", "2026-03-13T15:30:00"},
                                         Read{"2026-03-13T15:30Z", "2026-03-13T15:30:00+00:00"},
                                         Read{"2026-03-13T15:30:00+01:00", "2026-03-13T15:30:00+01:00"},
                                         Read{"2026-02-30", "2026-02-30"}, Read{"2026-03-13T", "2026-03-13T"},
                                         Read{"13/03/2026", "13/03/2026"}, Read{"i morgon", "i morgon"}));
INSTANTIATE_TEST_SUITE_P(WithoutFault, ReadV2Time,
                         testing::Values(Read{"19500907 ", "1950-09-07", false},
                                         Read{" 202611221015 ", "2026-11-22T10:15:00", false}, Read{"195009", "1950-09", false},
                                         Read{"1950", "1950", false}, Read{"", "", false}));
INSTANTIATE_TEST_SUITE_P(Precision, ReadV2Time,
                         testing::Values(Read{"19500101", "1950", false, "Y"}, Read{"19500101", "1950-01", false, "L"},
                                         Read{"19500907000000", "1950-09-07", false, "D"},
                                         Read{"202611221015", "2026-11-22", false, "H"},
                                         Read{"202611221015", "2026-11-22T10:15:00", false, "M"},
                                         Read{"195009", "1950-09", false, "D"}));

TEST(V2Value, ReadsADateAsATimeIsRead) {
  EXPECT_EQ(read_v2_date("19500900").text, "1950-09");
  EXPECT_EQ(read_v2_date("20260313T1530").text, "2026-03-13");
  EXPECT_EQ(read_v2_date("19500907101500+0100").text, "1950-09-07");
  EXPECT_EQ(read_v2_date("19500907101500").doubt, "");
  EXPECT_EQ(read_v2_date("07/09/1950").text, "07/09/1950");
}

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
