#include "gateway/time/moment.h"

#include "gateway/base/random.h"
#include "gateway/base/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace vardbron::time {
namespace {

using Form = Moment::Form;
using Precision = Moment::Precision;

// As searches and messages have it: seconds and zone may be left out.
constexpr TextRules minutes_text{.time_least = Precision::Minute, .has_leap_second = true};
// As HL7 v2 has it.
constexpr TextRules basic_text{.is_basic = true, .has_stray_zone = true};

std::optional<Moment> read(std::string_view text, const TextRules& rules = fhirpath_text) {
  return Moment::parse(text, Form::DateTime, rules);
}

TEST(Moment, KnowsHowFarItIsKnown) {
  struct Row {
    std::string_view text;
    Precision precision;
    bool has_zone = false;
    int zone_minutes = 0;
  };
  for (const Row& row :
       {Row{"2025", Precision::Year}, Row{"2025-03", Precision::Month}, Row{"2024-02-29", Precision::Day},
        Row{"2025-03-27T11", Precision::Hour}, Row{"2025-03-27T11:59", Precision::Minute},
        Row{"2025-03-27T11+01:00", Precision::Hour, true, 60}, Row{"2025-03-27T11:59:59Z", Precision::Second, true, 0},
        Row{"2025-03-27T11:59:59.1+14:00", Precision::Millisecond, true, 840},
        Row{"2025-03-27T11:59:59-00:30", Precision::Second, true, -30},
        Row{"0001-01-01T00:00:00.123456789-12:00", Precision::Millisecond, true, -720}}) {
    const std::optional<Moment> moment = read(row.text);
    ASSERT_TRUE(moment) << row.text;
    EXPECT_EQ(moment->precision, row.precision) << row.text;
    EXPECT_EQ(moment->has_zone, row.has_zone) << row.text;
    EXPECT_EQ(moment->zone_minutes, row.zone_minutes) << row.text;
  }
}

TEST(Moment, TakesOfEachStandardWhatThatHas) {
  struct Row {
    std::string_view text, taken_by;  // F of FHIR, P of FHIRPath, M by minutes_text, B by basic_text
  };
  for (const Row& row : {Row{"2025", "FPMB"},
                         Row{"2025-03", "FPM"},
                         Row{"202503", "B"},
                         Row{"2025-03-27", "FPM"},
                         Row{"20250327", "B"},
                         Row{"2025-03-27T", "P"},
                         Row{"2025-03-27T11", "P"},
                         Row{"2025032711", "B"},
                         Row{"2025-03-27T11:59", "PM"},
                         Row{"2025-03-27T11:59Z", "PM"},
                         Row{"2025-03-27T11:59:59", "PM"},
                         Row{"2025-03-27T11:59:59Z", "FPM"},
                         Row{"2025-03-27T11:59:59.5+01:00", "FPM"},
                         Row{"2025-03-27T11:59:60Z", "FM"},
                         Row{"20250327115959", "B"},
                         Row{"20250327115959.5", "B"},
                         Row{"20250327115959.5-0500", "B"},
                         Row{"20250327+0100", "B"},
                         Row{"2025-03-27+01:00", ""},
                         Row{"20250327Z", ""},
                         Row{"20250327115959Z", ""},
                         Row{"20250327T115959", ""},
                         Row{"2025T", "P"},
                         Row{"2025-0327", "B"}}) {  // of basic_text a year and an offset
    std::string taken_by;
    if (read(row.text, fhir_text)) taken_by += 'F';
    if (read(row.text, fhirpath_text)) taken_by += 'P';
    if (read(row.text, minutes_text)) taken_by += 'M';
    if (read(row.text, basic_text)) taken_by += 'B';
    EXPECT_EQ(taken_by, row.taken_by) << row.text;
  }
}

TEST(Moment, IsRefusedByEveryStandard) {
  struct Row {
    std::string_view text, why;
  };
  for (const Row& row : {Row{"", "empty"},
                         Row{"x", "no digit"},
                         Row{"25", "a short year"},
                         Row{"0000", "there is no year 0"},
                         Row{"+025-01-01", "a sign"},
                         Row{"-2025-01-01", "a sign"},
                         Row{"12025-01-01", "a year of five digits"},
                         Row{"2025-", "a month is missing"},
                         Row{"2025-3", "a month of one digit"},
                         Row{"2025-00", "month 0"},
                         Row{"2025-13", "month 13"},
                         Row{"2025-01-00", "day 0"},
                         Row{"2025-01-32", "day 32"},
                         Row{"2025-04-31", "April has 30 days"},
                         Row{"2025-02-29", "no leap year"},
                         Row{"20250230", "no such day, without separators"},
                         Row{"2025-03T11:59:59Z", "a time behind a month"},
                         Row{"2025T11:59:59Z", "a time behind a year"},
                         Row{"2025-03-27 11:59:59Z", "a blank for the T"},
                         Row{"2025-03-27t11:59:59Z", "a small t"},
                         Row{"2025-03-27T11:59:59z", "a small z"},
                         Row{"2025-03-27T24:00:00Z", "hour 24"},
                         Row{"2025032724", "hour 24, without separators"},
                         Row{"2025-03-27T11:60:00Z", "minute 60"},
                         Row{"2025-03-27T11:59:61Z", "second 61"},
                         Row{"2025-03-27T11:59:59.Z", "a fraction without digits"},
                         Row{"2025-03-27T11:59:59,5Z", "a comma"},
                         Row{"2025-03-27T1:59:59Z", "an hour of one digit"},
                         Row{"2025-03-27T11:59:59+0100", "an offset without its colon"},
                         Row{"2025-03-27T11:59:59+1:00", "an offset's hour of one digit"},
                         Row{"2025-03-27T11:59:59+01", "an offset without minutes"},
                         Row{"2025-03-27T11:59:59+01:60", "an offset's minute 60"},
                         Row{"2025-03-27T11:59:59+14:01", "an offset of more than 14 hours"},
                         Row{"20250327115959+1500", "an offset of 15 hours, without separators"},
                         Row{"2025-03-27T11:59:59ZZ", "two zones"},
                         Row{"2025-03-27T11:59:59Z ", "a blank behind it"},
                         Row{" 2025", "a blank before it"},
                         Row{"2025032", "half a day"},
                         Row{"20250327115", "half a minute"}}) {
    for (const TextRules* rules : {&fhir_text, &fhirpath_text, &minutes_text, &basic_text})
      EXPECT_FALSE(read(row.text, *rules)) << row.text << ": " << row.why;
  }
}

TEST(Moment, ReadsDatesAndTimesOfDayAlone) {
  struct Row {
    std::string_view text, as_date, as_time, as_fhir_time, as_basic_time;  // "" is refused
  };
  for (const Row& row : {Row{"2025-03", "2025-03", "", "", ""}, Row{"2025-03-27T11:59:59Z", "", "", "", ""},
                         Row{"10:30", "", "10:30", "", ""}, Row{"T10:30", "", "10:30", "", ""},
                         Row{"10:30:05", "", "10:30:05", "10:30:05", ""}, Row{"T10:30:05", "", "10:30:05", "", ""},
                         Row{"10:30:05.5", "", "10:30:05.500", "10:30:05.500", ""}, Row{"23:59:60", "", "", "23:59:59", ""},
                         Row{"24:00:00", "", "", "", ""}, Row{"10:30:00Z", "", "", "", ""}, Row{"10:30:00+01:00", "", "", "", ""},
                         Row{"1030", "1030", "", "", "10:30"}, Row{"103005.25+0100", "", "", "", "10:30:05.250"},
                         Row{"T1030", "", "", "", ""}, Row{"10:30:00.", "", "", "", ""}, Row{"1:30:00", "", "", "", ""}}) {
    auto written = [&](Form form, const TextRules& rules) {
      const std::optional<Moment> moment = Moment::parse(row.text, form, rules);
      return moment ? moment->to_string() : "";
    };
    EXPECT_EQ(written(Form::Date, fhir_text), row.as_date) << row.text;
    EXPECT_EQ(written(Form::Time, fhirpath_text), row.as_time) << row.text;
    EXPECT_EQ(written(Form::Time, fhir_text), row.as_fhir_time) << row.text;
    EXPECT_EQ(written(Form::Time, basic_text), row.as_basic_time) << row.text;
  }
}

TEST(Moment, TellsInstantsFromDates) {
  for (std::string_view text : {"2025-03-27T11:59:59Z", "2025-03-27T11:59:59.1+01:00"}) EXPECT_TRUE(parse_instant(text)) << text;
  for (std::string_view text : {"2025", "2025-03-27", "2025-03-27T11:59Z", "2025-03-27T11:59:59", "10:30:00"})
    EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(Moment, KnowsEveryLeapDay) {
  for (int year = 1; year <= 9999; ++year) {
    const std::string text = Moment::of({.year = year}, Form::Date, Precision::Year)->to_string() + "-02-29";
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    ASSERT_EQ(read(text, fhir_text).has_value(), is_leap) << text;
  }
}

TEST(Moment, ReachesFromTheYear1To9999) {
  EXPECT_EQ(read("0001-01-01T00:00:00Z")->period().first.time_since_epoch().count(), -62'135'596'800'000);
  EXPECT_EQ(read("9999-12-31T23:59:59.999Z")->period().last.time_since_epoch().count(), 253'402'300'799'999);
  for (std::string_view text : {"0001", "0001-01-01", "9999", "9999-12", "9999-12-31T23:59:59.999-12:00"})
    EXPECT_EQ(read(text)->to_string(), text);
}

TEST(Moment, IsMadeOfPartsThatExist) {
  struct Row {
    Moment::Parts parts;
    Precision precision;
    std::string_view text;  // "" is refused
  };
  for (const Row& row :
       {Row{{2026, 2, 29}, Precision::Day, ""}, Row{{2026, 2, 29}, Precision::Month, "2026-02"},
        Row{{2026, 99, 99, 99, 99, 99, 99}, Precision::Year, "2026"}, Row{{0, 1, 1}, Precision::Day, ""},
        Row{{10'000, 1, 1}, Precision::Day, ""}, Row{{2026, 257, 1}, Precision::Day, ""}, Row{{2026, -1, 1}, Precision::Day, ""},
        Row{{2026, 1, 257}, Precision::Day, ""}, Row{{2026, 1, 2, 24}, Precision::Hour, ""},
        Row{{2026, 1, 2, -1}, Precision::Hour, ""}, Row{{2026, 1, 2, 3, 60}, Precision::Minute, ""},
        Row{{2026, 1, 2, 3, 60}, Precision::Hour, "2026-01-02T03"}, Row{{2026, 1, 2, 3, 4, 60}, Precision::Second, ""},
        Row{{2026, 1, 2, 3, 4, 5, 6}, Precision::Millisecond, "2026-01-02T03:04:05.006"}}) {
    const std::optional<Moment> moment = Moment::of(row.parts, Form::DateTime, row.precision);
    EXPECT_EQ(moment ? moment->to_string() : "", row.text);
  }
}

TEST(Moment, ChangesItsForm) {
  const Moment moment = *read("2025-03-27T11:59:59.5+01:00");
  EXPECT_EQ(moment.as(Form::Date).to_string(), "2025-03-27");
  EXPECT_EQ(moment.as(Form::Time).to_string(), "11:59:59.500");
  EXPECT_EQ(moment.as(Form::DateTime).to_string(), "2025-03-27T11:59:59.500+01:00");
  EXPECT_EQ(read("2025-03")->as(Form::Date).to_string(), "2025-03");
  EXPECT_EQ(read("1969-12-31T23:00:00Z")->as(Form::Date).to_string(), "1969-12-31");
  EXPECT_EQ(read("1969-12-31T23:00:00Z")->as(Form::Time).to_string(), "23:00:00");
}

TEST(Moment, SaysItsParts) {
  const Moment moment = *read("1969-12-31T23:58:57.056+01:00");
  const std::array<int, 7> parts{1969, 12, 31, 23, 58, 57, 56};
  for (std::size_t at = 0; at < parts.size(); ++at) EXPECT_EQ(moment.part(static_cast<Precision>(at)), parts[at]);
  EXPECT_EQ(moment.digits(), 17);
  EXPECT_EQ(moment.as(Form::Time).digits(), 9);
  EXPECT_EQ(read("2025-03")->digits(), 6);
}

TEST(Moment, IsMadeOfATimeOfDayInAZone) {
  const WallTime at{std::chrono::milliseconds(1'743'073'199'120)};
  EXPECT_EQ(Moment::of(at, 0).to_string(), to_instant(at));
  EXPECT_EQ(Moment::of(at, 60).to_string(), "2025-03-27T11:59:59.120+01:00");
  EXPECT_EQ(Moment::of(at, -570).to_string(), "2025-03-27T01:29:59.120-09:30");
  EXPECT_EQ(Moment::of(at, -570).period().first, at);
}

TEST(Moment, WritesOffsets) {
  EXPECT_EQ(offset_text(0), "+00:00");
  EXPECT_EQ(offset_text(60), "+01:00");
  EXPECT_EQ(offset_text(-570), "-09:30");
  EXPECT_EQ(offset_text(840), "+14:00");
}

Moment any_moment(Random& random) {
  const Form form = static_cast<Form>(random.below(3));
  const std::uint64_t least = form == Form::Time ? 3 : 0, most = form == Form::Date ? 2 : 6;
  const Precision precision = static_cast<Precision>(least + random.below(most - least + 1));
  const Moment::Parts parts{1 + int(random.below(9999)), 1 + int(random.below(12)), 1 + int(random.below(28)),
                            int(random.below(24)),       int(random.below(60)),     int(random.below(60)),
                            int(random.below(1000))};
  Moment moment = *Moment::of(parts, form, precision);
  if (form == Form::DateTime && precision >= Precision::Hour && random.below(2) == 0) {
    moment.has_zone = true;
    moment.zone_minutes = static_cast<std::int16_t>(int(random.below(1681)) - 840);
  }
  return moment;
}

bool same(const Moment& left, const Moment& right) {
  return left.wall_ms == right.wall_ms && left.form == right.form && left.precision == right.precision &&
         left.has_zone == right.has_zone && left.zone_minutes == right.zone_minutes;
}

TEST(Moment, ReadsBackWhatItWrote) {
  SeededRandom random(8601);
  for (int round = 0; round < 20'000; ++round) {
    const Moment moment = any_moment(random);
    const std::string text = moment.to_string();
    const std::optional<Moment> again = Moment::parse(text, moment.form, fhirpath_text);
    ASSERT_TRUE(again) << text;
    ASSERT_TRUE(same(*again, moment)) << text << " came back as " << again->to_string();
    // What FHIR takes too means the same there.
    if (const std::optional<Moment> of_fhir = Moment::parse(text, moment.form, fhir_text))
      ASSERT_TRUE(same(*of_fhir, moment)) << text;
  }
}

// The separators carry nothing.
TEST(Moment, MeansTheSameWithoutSeparators) {
  SeededRandom random(2003);
  for (int round = 0; round < 10'000; ++round) {
    const Moment moment = any_moment(random);
    const std::string text = moment.to_string();
    if (text.ends_with('Z')) continue;  // the basic form of HL7 has none
    const std::string zone = moment.has_zone ? text.substr(text.size() - 6) : "";
    std::string plain = text.substr(0, text.size() - zone.size());
    std::erase_if(plain, [](char letter) { return letter == '-' || letter == ':' || letter == 'T'; });
    if (!zone.empty()) plain += zone.substr(0, 3) + zone.substr(4);
    const std::optional<Moment> read_plain = Moment::parse(plain, moment.form, basic_text);
    ASSERT_TRUE(read_plain) << plain;
    ASSERT_TRUE(same(*read_plain, moment)) << plain;
  }
}

// A text that is cut off is refused or says less, never something else.
TEST(Moment, SaysLessWhenItIsCutOff) {
  SeededRandom random(1970);
  for (int round = 0; round < 5'000; ++round) {
    Moment whole = any_moment(random);
    if (whole.form == Form::Time) continue;
    const std::string text = whole.to_string();
    whole.has_zone = false;
    for (std::size_t size = 0; size < text.size(); ++size) {
      std::optional<Moment> part = Moment::parse(text.substr(0, size), whole.form, fhirpath_text);
      if (!part) continue;
      EXPECT_FALSE(part->has_zone) << text.substr(0, size);
      ASSERT_LE(part->period().first, whole.period().first) << text.substr(0, size);
      const std::chrono::milliseconds cut_off(part->precision == Precision::Millisecond ? 99 : 0);
      ASSERT_GE(part->period().last + cut_off, whole.period().first) << text.substr(0, size);
    }
  }
}

// Any letters: no standard reads what it would write in another way, but for what is finer than a millisecond.
TEST(Moment, IsNeverReadOutOfOtherLetters) {
  SeededRandom random(42);
  constexpr std::string_view letters = "0123456789-:T.Z+";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = any_moment(random).to_string();
    for (std::uint64_t change = 0; change <= random.below(2); ++change)
      text[random.below(text.size())] = letters[random.below(16)];
    for (const TextRules* rules : {&fhir_text, &minutes_text}) {
      const std::optional<Moment> moment = read(text, *rules);
      if (!moment) continue;
      const std::string again = moment->to_string();
      const bool is_shown_in_another_way =
          text.find('.') != std::string::npos || text.find(":60") != std::string::npos || text.ends_with("00:00");
      ASSERT_TRUE(again == text || is_shown_in_another_way) << text << " and " << again;
    }
  }
}

TEST(Moment, CountsALeapSecondOfDataAsTheSecondAfterIt) {
  EXPECT_FALSE(read("2016-12-31T23:59:60Z"));
  const std::optional<Moment> leap = read("2016-12-31T23:59:60Z", fhirpath_data);
  ASSERT_TRUE(leap);
  EXPECT_EQ(Moment::compare(*leap, *read("2016-12-31T23:59:59Z")), 1);
  EXPECT_EQ(Moment::compare(*leap, *read("2017-01-01T00:00:01Z")), -1);
  EXPECT_EQ(Moment::parse("23:59:60", Form::Time, fhirpath_data)->to_string(), "23:59:59");
  EXPECT_EQ(Moment::parse("10:59:60", Form::Time, fhirpath_data)->to_string(), "11:00:00");
  EXPECT_EQ(read("2016-12-31T23:59:60Z", fhir_text)->to_string(), "2016-12-31T23:59:59Z");
  EXPECT_FALSE(read("2016-12-31T23:59:61Z", fhirpath_data));
}

}  // namespace
}  // namespace vardbron::time
