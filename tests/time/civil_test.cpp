#include "gateway/time/civil.h"

#include "gateway/base/random.h"
#include "gateway/base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::time {
namespace {

using namespace std::chrono_literals;

std::string read(std::string_view text) {
  Result<CivilTime> moment = parse_civil(text);
  return moment ? to_instant(moment->at) : "refused";
}

struct Row {
  std::string_view text, utc;
};

TEST(CivilTime, ReadsTheFormsOfDateTimesThatMessagesUse) {
  constexpr Row table[] = {
      {"2025-03-27T11:59:59+01:00", "2025-03-27T10:59:59.000Z"},
      {"2025-03-27T11:59:59.5Z", "2025-03-27T11:59:59.500Z"},
      {"2025-03-27T11:59:59.123456Z", "2025-03-27T11:59:59.123Z"},
      {"2025-07-01T08:00-05:30", "2025-07-01T13:30:00.000Z"},
      {"2025-07-01T08:00:00", "2025-07-01T06:00:00.000Z"},  // summer, no zone
      {"2025-01-01T08:00:00", "2025-01-01T07:00:00.000Z"},  // winter, no zone
      {"20250701080000", "2025-07-01T06:00:00.000Z"},
      {"202507010800", "2025-07-01T06:00:00.000Z"},
      {"20250701", "2025-06-30T22:00:00.000Z"},
      {"2025-07-01", "2025-06-30T22:00:00.000Z"},
      {"2025-07", "2025-06-30T22:00:00.000Z"},
      {"2025", "2024-12-31T23:00:00.000Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
  };
  for (const Row& row : table) EXPECT_EQ(read(row.text), row.utc) << row.text;
}

TEST(CivilTime, RefusesWhatIsNoMoment) {
  for (std::string_view text : {"",
                                "x",
                                "25-03-27",
                                "2025-13-01",
                                "2025-02-29T10:00:00Z",
                                "2025-03-27T24:00:00Z",
                                "2025-03-27T10:60:00Z",
                                "2025-03-27T10:00:00+1:00",
                                "2025-03-27T10:00:00+15:00",
                                "2025-03-27T",
                                "2025-03-27T10",
                                "2025-03-27T10:00:00.Z",
                                "2025-03-27Z",
                                "2025-03-27 10:00:00",
                                "2025-03T10:00:00Z",
                                "2025-03-27T10:00:00Zx",
                                "20250230",
                                "2025070108",
                                "-2025-03-27",
                                "2025-03-27T10:00:61Z"})
    EXPECT_EQ(read(text), "refused") << text;
}

// A timestamp of RIV-TA is a local time, to the minute or the second.
TEST(CivilTime, RefusesWhatRivTaDoesNotWrite) {
  struct Refused {
    std::string_view text, why;
  };
  for (const Refused& row :
       {Refused{"20250701080000Z", "a zone"}, Refused{"20250701080000+0200", "an offset"},
        Refused{"20250701080000.5", "a fraction"}, Refused{"2025070108", "an hour alone"}, Refused{"202507", "a month"},
        Refused{"20250701T080000", "a T"}, Refused{"20250701+0200", "an offset behind a day"},
        Refused{"20250701 0800", "a blank"}, Refused{"20251301", "month 13"}, Refused{"20250701240000", "hour 24"},
        Refused{"2025070108000", "half a second"}})
    EXPECT_EQ(read(row.text), "refused") << row.text << ": " << row.why;
}

TEST(CivilTime, TakesTheFirstOfTwoHoursInAutumnAndSaysSo) {
  CivilTime moment = *parse_civil("2025-10-26T02:30:00");

  EXPECT_EQ(moment.guess, Guess::Twice);
  EXPECT_EQ(to_instant(moment.at), "2025-10-26T00:30:00.000Z");
  EXPECT_EQ(parse_civil("2025-10-26T02:30:00+01:00")->guess, Guess::None);
}

TEST(CivilTime, MovesAnHourThatSpringLeavesOutAndSaysSo) {
  CivilTime moment = *parse_civil("2025-03-30T02:30:00");

  EXPECT_EQ(moment.guess, Guess::Never);
  EXPECT_EQ(format_local(moment.at), "2025-03-30T03:30:00+02:00");
}

// Every minute of the two days of 2025 on which the clocks are changed.
TEST(CivilTime, HasAllMinutesOfTheDaysOfChange) {
  struct Day {
    std::chrono::year_month_day date;
    Guess guess;
  };
  for (const Day& day :
       {Day{2025y / 3 / 30, Guess::Never}, Day{2025y / 10 / 26, Guess::Twice}, Day{2025y / 7 / 1, Guess::None}}) {
    const LocalTime midnight{std::chrono::local_days(day.date)};
    WallTime before = to_wall(midnight).at - 1min;
    for (auto clock = 0min; clock < 24h; clock += 1min) {
      const CivilTime found = to_wall(midnight + clock);
      const bool is_in_change = clock >= 2h && clock < 3h;
      ASSERT_EQ(found.guess, is_in_change ? day.guess : Guess::None) << format_local(found.at);
      const bool is_moved_on = is_in_change && day.guess == Guess::Never;
      ASSERT_EQ(to_local(found.at), midnight + clock + (is_moved_on ? 1h : 0h)) << format_local(found.at);
      if (clock < 2h || is_in_change) ASSERT_EQ(found.at - before, 1min) << format_local(found.at);
      before = found.at;
    }
    EXPECT_EQ(before, end_of(std::chrono::local_days(day.date)) + 1ms - 1min);
  }
}

TEST(CivilTime, ReachesFromTheYear1To9999) {
  EXPECT_EQ(read("9999-12-31T23:59:59"), "9999-12-31T22:59:59.000Z");
  EXPECT_EQ(read("99991231235959"), "9999-12-31T22:59:59.000Z");
  EXPECT_EQ(format_local(parse_civil("9999-12-31T12:00:00Z")->at), "9999-12-31T13:00:00+01:00");
  EXPECT_EQ(format_day(day_of(parse_civil("0001-01-02")->at)), "0001-01-02");
  EXPECT_EQ(read("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00.000Z");
}

TEST(CivilTime, CountsALeapSecondAsTheOneBefore) {
  for (std::string_view text : {"2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00", "2017-01-01T00:59:60", "20170101005960"})
    EXPECT_EQ(read(text), "2016-12-31T23:59:59.000Z") << text;
}

TEST(CivilTime, KnowsThatDaysAreNotAlwaysTwentyFourHours) {
  auto hours_of = [](std::chrono::local_days day) { return (end_of(day) + 1ms - start_of(day)) / 1h; };

  EXPECT_EQ(hours_of(std::chrono::local_days(2025y / 3 / 29)), 24);
  EXPECT_EQ(hours_of(std::chrono::local_days(2025y / 3 / 30)), 23);
  EXPECT_EQ(hours_of(std::chrono::local_days(2025y / 10 / 26)), 25);
}

// The table of changes and the library that made it must agree wherever there is a change, and beyond the table's ends.
TEST(CivilTime, TurnsBackWhatItTurnedIntoLocalTimeAroundEveryChange) {
  for (int year : {1916, 1940, 1969, 1970, 1979, 1980, 1995, 1996, 2025, 2026, 2037, 2038, 2099, 2100, 2150}) {
    for (const char* night : {"-03-31T00:59:59Z", "-03-25T01:00:00Z", "-10-26T00:59:59Z", "-10-31T01:00:00Z", "-01-01T00:00:00Z",
                              "-07-01T12:00:00Z"}) {
      Result<CivilTime> moment = parse_civil(std::to_string(year) + night);
      ASSERT_TRUE(moment);
      for (int minutes : {-90, -61, -60, -30, -1, 0, 1, 30, 59, 60, 90}) {
        WallTime at = moment->at + std::chrono::minutes(minutes);
        CivilTime back = to_wall(to_local(at));
        EXPECT_TRUE(back.at == at || back.guess == Guess::Twice) << format_local(at);
        EXPECT_EQ(parse_civil(format_local(at))->at, at) << format_local(at);
      }
    }
  }
}

TEST(CivilTime, SaysTheOffsetOfEachLastSunday) {
  struct Sunday {
    const char* utc;
    const char* local;
  };
  for (const Sunday& row :
       {Sunday{"2025-03-30T00:59:59Z", "2025-03-30T01:59:59+01:00"}, Sunday{"2025-03-30T01:00:00Z", "2025-03-30T03:00:00+02:00"},
        Sunday{"2025-10-26T00:59:59Z", "2025-10-26T02:59:59+02:00"}, Sunday{"2025-10-26T01:00:00Z", "2025-10-26T02:00:00+01:00"},
        Sunday{"2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"}, Sunday{"1979-07-01T12:00:00Z", "1979-07-01T13:00:00+01:00"},
        Sunday{"1980-07-01T12:00:00Z", "1980-07-01T14:00:00+02:00"}, Sunday{"2037-07-01T12:00:00Z", "2037-07-01T14:00:00+02:00"},
        Sunday{"2101-01-01T12:00:00Z", "2101-01-01T13:00:00+01:00"}})
    EXPECT_EQ(format_local(parse_civil(row.utc)->at), row.local) << row.utc;
}

TEST(CivilTime, FindsTheDayInStockholm) {
  EXPECT_EQ(format_day(day_of(parse_civil("2025-07-01T22:30:00Z")->at)), "2025-07-02");
  EXPECT_EQ(format_day(day_of(parse_civil("2025-01-01T22:30:00Z")->at)), "2025-01-01");
}

TEST(CivilTime, WritesWhatItReads) {
  SeededRandom random(2026);
  for (int round = 0; round < 5'000; ++round) {
    WallTime moment{std::chrono::milliseconds(std::int64_t(random.below(4'000'000'000'000)))};

    Result<CivilTime> again = parse_civil(format_local(moment));

    ASSERT_TRUE(again) << format_local(moment);
    EXPECT_EQ(again->at, moment);
  }
}

TEST(CivilTime, IsWrittenInTheYearsOfFhirHoweverFarItWasMoved) {
  const Result<CivilTime> last = parse_civil("9999-12-31T23:59:59+01:00");
  ASSERT_TRUE(last);
  EXPECT_EQ(format_local(last->at), "9999-12-31T23:59:59+01:00");
  EXPECT_EQ(format_local(last->at + std::chrono::hours(24)), "9999-12-31T23:59:59.999+01:00");
  EXPECT_EQ(format_day(day_of(last->at) + std::chrono::days(3)), "9999-12-31");
  const Result<CivilTime> first = parse_civil("0001-01-01T00:00:00+14:00");
  ASSERT_TRUE(first);
  EXPECT_EQ(format_local(first->at).substr(0, 19), "0001-01-01T00:00:00");
}

}  // namespace
}  // namespace vardbron::time
