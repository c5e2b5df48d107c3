#include "gateway/fhir/date_time.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::fhir {
namespace {

using namespace std::chrono;

WallTime at(std::string_view text) {
  Result<DateTime> parsed = DateTime::parse(text);
  CHECK(parsed);
  return parsed->period().first;
}

TEST(DateTime, ReadsTheFormsOfTheStandard) {
  struct Row {
    std::string_view text;
    DatePrecision precision;
    bool has_zone;
  };
  for (const Row& row : {Row{"2025", DatePrecision::Year, false}, Row{"2025-03", DatePrecision::Month, false},
                         Row{"2024-02-29", DatePrecision::Day, false}, Row{"2025-03-27T11:59:59Z", DatePrecision::Second, true},
                         Row{"2025-03-27T11:59:59.1+01:00", DatePrecision::Millisecond, true},
                         Row{"2025-03-27T11:59:60-00:30", DatePrecision::Second, true},
                         Row{"0001-01-01T00:00:00.123456789+14:00", DatePrecision::Millisecond, true}}) {
    Result<DateTime> parsed = DateTime::parse(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(parsed->precision(), row.precision) << row.text;
    EXPECT_EQ(parsed->has_zone(), row.has_zone) << row.text;
  }
}

TEST(DateTime, RefusesAnythingElse) {
  for (std::string_view text : {"",
                                "25",
                                "0000",
                                "2025-",
                                "2025-13",
                                "2025-00",
                                "2025-3",
                                "2025-02-29",
                                "2025-04-31",
                                "2025-01-32",
                                "2025-03-27T",
                                "2025-03-27T11",
                                "2025-03-27T11:59",
                                "2025-03-27T11:59Z",
                                "2025-03-27T11:59:59",
                                "2025-03-27T24:00:00Z",
                                "2025-03-27T11:60:00Z",
                                "2025-03-27T11:59:61Z",
                                "2025-03-27T11:59:59.Z",
                                "2025-03-27T11:59:59+0100",
                                "2025-03-27T11:59:59+15:00",
                                "2025-03-27T11:59:59+14:01",
                                "2025-03-27 11:59:59Z",
                                "2025-03-27T11:59:59Z ",
                                " 2025",
                                "2025-03T11:59:59Z",
                                "20250327",
                                "+025-01-01",
                                "2025-03-27t11:59:59z"})
    EXPECT_FALSE(DateTime::parse(text)) << text;
}

TEST(DateTime, TellsDatesFromInstants) {
  EXPECT_TRUE(DateTime::parse_date("2025-03"));
  EXPECT_FALSE(DateTime::parse_date("2025-03-27T11:59:59Z"));
  EXPECT_TRUE(DateTime::parse_instant("2025-03-27T11:59:59Z"));
  EXPECT_FALSE(DateTime::parse_instant("2025-03-27"));
}

TEST(DateTime, CoversAPeriodToTheMillisecond) {
  struct Row {
    std::string_view text, first, last;
    int zone_minutes;
  };
  for (const Row& row : {Row{"2025", "2025-01-01T00:00:00.000Z", "2025-12-31T23:59:59.999Z", 0},
                         Row{"2024-02", "2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z", 0},
                         Row{"2025-12", "2025-11-30T23:00:00.000Z", "2025-12-31T22:59:59.999Z", 60},
                         Row{"2025-03-27", "2025-03-27T00:00:00.000Z", "2025-03-27T23:59:59.999Z", 0},
                         Row{"2025-03-27T00:30:00+01:00", "2025-03-26T23:30:00.000Z", "2025-03-26T23:30:00.999Z", 720},
                         Row{"2025-03-27T11:59:59.12Z", "2025-03-27T11:59:59.120Z", "2025-03-27T11:59:59.120Z", 0},
                         Row{"1969-12-31", "1969-12-31T00:00:00.000Z", "1969-12-31T23:59:59.999Z", 0}}) {
    Period period = DateTime::parse(row.text)->period(row.zone_minutes);
    EXPECT_EQ(format_instant(period.first), row.first) << row.text;
    EXPECT_EQ(format_instant(period.last), row.last) << row.text;
  }
}

TEST(DateTime, ComparesOnlyWhatThePrecisionDecides) {
  struct Row {
    std::string_view left, right, expected;
  };
  for (const Row& row :
       {Row{"2025", "2025", "equal"}, Row{"2024", "2025", "less"}, Row{"2025", "2025-03", "open"},
        Row{"2025-03-27", "2025-03-28", "less"}, Row{"2025-03-27T10:00:00Z", "2025-03-27T11:00:00+01:00", "equal"},
        Row{"2025-03-27T10:00:00Z", "2025-03-27T10:00:00.000Z", "open"},
        Row{"2025-03-27T10:00:01Z", "2025-03-27T10:00:00.999Z", "greater"}, Row{"2025-03-27", "2025-03-27T10:00:00Z", "open"},
        Row{"2025-03-27", "2025-03-28T10:00:00Z", "open"}, Row{"2025-03-27", "2025-03-28T12:00:00Z", "less"},
        Row{"2025-03-27", "2025-03-26T09:00:00Z", "greater"}}) {
    std::optional<std::strong_ordering> order = DateTime::compare(*DateTime::parse(row.left), *DateTime::parse(row.right));
    std::string found = !order ? "open" : *order < 0 ? "less" : *order > 0 ? "greater" : "equal";
    EXPECT_EQ(found, row.expected) << row.left << " and " << row.right;
  }
}

TEST(DateTime, WritesAnInstantThatReadsBackTheSame) {
  for (std::int64_t ms :
       {std::int64_t{0}, std::int64_t{1'743'073'199'120}, std::int64_t{-1}, std::int64_t{253'402'300'799'999}}) {
    WallTime moment{milliseconds(ms)};
    EXPECT_EQ(at(format_instant(moment)), moment) << ms;
  }
}

TEST(Time, HasHoursMinutesAndSeconds) {
  for (std::string_view text : {"00:00:00", "23:59:60", "10:30:00.5"}) EXPECT_TRUE(is_time(text)) << text;
  for (std::string_view text : {"", "10:30", "24:00:00", "10:30:00Z", "1:30:00", "10:30:00."})
    EXPECT_FALSE(is_time(text)) << text;
}

}  // namespace
}  // namespace vardbron::fhir
