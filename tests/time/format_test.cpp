#include "gateway/time/format.h"

#include "gateway/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace vardbron::time {
namespace {

using Form = Moment::Form;
using Precision = Moment::Precision;

constexpr FormatDialect dialects[] = {FormatDialect::Fhirpath, FormatDialect::Maps};

std::string read(std::string_view text, std::string_view format, FormatDialect dialect, Form form = Form::DateTime) {
  const std::optional<FormatParts> parts = read_format(text, format, dialect);
  if (!parts) return "no fit";
  const std::optional<Moment> moment = to_moment(*parts, form);
  return moment ? moment->to_string() : "no such";
}

TEST(Format, ReadsEachCode) {
  struct Row {
    std::string_view text, format, moment;
  };
  for (const Row& row : {Row{"20260131", "yyyyMMdd", "2026-01-31"},
                         Row{"31.1.2026", "d.M.yyyy", "2026-01-31"},
                         Row{"31.12.2026", "d.M.yyyy", "2026-12-31"},
                         Row{"490131", "yyMMdd", "2049-01-31"},
                         Row{"500131", "yyMMdd", "1950-01-31"},
                         Row{"2026", "yyyy", "2026"},
                         Row{"2026-01", "yyyy-MM", "2026-01"},
                         Row{"3 Jun 2024", "d MMM yyyy", "2024-06-03"},
                         Row{"03 DECEMBER 2024", "dd MMMM yyyy", "2024-12-03"},
                         Row{"may 2024", "MMMM yyyy", "2024-05"},
                         Row{"2024-06-03 9:5", "yyyy-MM-dd H:m", "2024-06-03T09:05"},
                         Row{"2024-06-03 09", "yyyy-MM-dd HH", "2024-06-03T09"},
                         Row{"20240603100530.1", "yyyyMMddHHmmss.S", "2024-06-03T10:05:30.100"},
                         Row{"20240603100530.1239", "yyyyMMddHHmmss.SSSS", "2024-06-03T10:05:30.123"},
                         Row{"20240603100530+0100", "yyyyMMddHHmmssZ", "2024-06-03T10:05:30+01:00"},
                         Row{"20240603100530-05:30", "yyyyMMddHHmmssZ", "2024-06-03T10:05:30-05:30"},
                         Row{"20240603100530Z", "yyyyMMddHHmmssZ", "2024-06-03T10:05:30Z"},
                         Row{"20240603Z", "yyyyMMddZ", "2024-06-03"},
                         Row{"no 3 of 6/2024", "no d of M/yyyy", "2024-06-03"},
                         Row{"[2024]", "[yyyy]", "2024"}}) {
    for (FormatDialect dialect : dialects) EXPECT_EQ(read(row.text, row.format, dialect), row.moment) << row.text;
  }
}

TEST(Format, IsRefusedWhereTheTextDoesNotFit) {
  struct Row {
    std::string_view text, format, why;
  };
  for (const Row& row :
       {Row{"2026013", "yyyyMMdd", "a digit is missing"}, Row{"202601310", "yyyyMMdd", "a digit is left"},
        Row{"", "yyyy", "empty"}, Row{"2026-01-31", "yyyy/MM/dd", "another separator"},
        Row{"2026-1-31", "yyyy-MM-dd", "two letters are two digits"}, Row{"x026", "yyyy", "no digit"},
        Row{"+026", "yyyy", "a sign"}, Row{"15 J 2024", "dd MMM yyyy", "no month's name"},
        Row{"15 Thermidor 2024", "dd MMMM yyyy", "no month's name"}, Row{"10 x", "hh a", "no half of the day"},
        Row{"10", "hh a", "the half of the day is missing"}, Row{"10:00+1", "HH:mmZ", "half an offset"},
        Row{"10:00+1460", "HH:mmZ", "an offset's minute 60"}, Row{"10:00+1401", "HH:mmZ", "an offset of more than 14 hours"},
        Row{"10:00z", "HH:mmZ", "a small z"}, Row{"30.12", "ss.SSS", "a digit of the fraction is missing"},
        Row{"30.1x3", "ss.SSS", "no digit in the fraction"}}) {
    for (FormatDialect dialect : dialects)
      EXPECT_FALSE(read_format(row.text, row.format, dialect)) << row.text << ": " << row.why;
  }
}

TEST(Format, NamesOnlyMomentsThatExistAndHaveNoGap) {
  struct Row {
    std::string_view text, format, why;
    Form form = Form::DateTime;
  };
  for (const Row& row :
       {Row{"20260229", "yyyyMMdd", "no leap year"}, Row{"20261301", "yyyyMMdd", "month 13"},
        Row{"20260001", "yyyyMMdd", "month 0"}, Row{"2026013124", "yyyyMMddHH", "hour 24"},
        Row{"2026 31", "yyyy dd", "a day without a month"}, Row{"202601 10", "yyyyMM HH", "a time without a day"},
        Row{"20260131 10 30", "yyyyMMdd HH ss", "a second without a minute"},
        Row{"20260131 10:30.5", "yyyyMMdd HH:mm.S", "a fraction without a second"}, Row{"01-31", "MM-dd", "no year"},
        Row{"0000", "yyyy", "year 0"}, Row{"30", "mm", "no hour", Form::Time}, Row{"2026", "yyyy", "no hour", Form::Time},
        Row{"10:30", "HH:mm", "no year", Form::Date}}) {
    for (FormatDialect dialect : dialects) EXPECT_EQ(read(row.text, row.format, dialect, row.form), "no such") << row.why;
  }
}

TEST(Format, ReadsDatesAndTimesOfDayAlone) {
  for (FormatDialect dialect : dialects) {
    EXPECT_EQ(read("2026-01-31 10:30", "yyyy-MM-dd HH:mm", dialect, Form::Date), "2026-01-31");
    EXPECT_EQ(read("2026-01-31 10:30", "yyyy-MM-dd HH:mm", dialect, Form::Time), "10:30");
    EXPECT_EQ(read("103005Z", "HHmmssZ", dialect, Form::Time), "10:30:05");
  }
}

TEST(Format, HasCodesForMapsThatFhirpathHasNot) {
  struct Row {
    std::string_view text, format, fhirpath, maps;
  };
  for (const Row& row :
       {Row{"day 3 of 6/2024", "'day' d of M/yyyy", "no fit", "2024-06-03"},
        Row{"3 juni 2024", "d MMMM yyyy", "no fit", "2024-06-03"}, Row{"3 AUGUSTI 2024", "d MMMM yyyy", "no fit", "2024-08-03"},
        Row{"3 okt. 2024", "d MMM yyyy", "no fit", "2024-10-03"}, Row{"3 Sept 2024", "d MMM yyyy", "no fit", "2024-09-03"},
        Row{"September 2024", "MMM yyyy", "no fit", "2024-09"}, Row{"Sep 2024", "MMMM yyyy", "no fit", "2024-09"},
        Row{"2024-06-03T10:00Z", "yyyy-MM-dd'T'HH:mmZ", "no fit", "2024-06-03T10:00Z"},
        Row{"2024-06-03x10:00Z", "yyyy-MM-dd'T'HH:mmZ", "no fit", "no fit"}, Row{"'2024'", "'yyyy'", "2024", "2024"},
        Row{"2024-06-03 10:00 CET", "yyyy-MM-dd HH:mm z", "no fit", "2024-06-03T10:00+01:00"},
        Row{"2024-06-03 10:00 PDT", "yyyy-MM-dd HH:mm z", "no fit", "2024-06-03T10:00-07:00"},
        Row{"2024-06-03 10:00 UTC", "yyyy-MM-dd HH:mm z", "no fit", "2024-06-03T10:00Z"},
        Row{"2024-06-03 10:00 +02:00", "yyyy-MM-dd HH:mm z", "no fit", "2024-06-03T10:00+02:00"},
        Row{"2024-06-03 10:00 (JST)", "yyyy-MM-dd HH:mm (z)", "no fit", "2024-06-03T10:00+09:00"},
        Row{"2024-06-03 10:00 Mars", "yyyy-MM-dd HH:mm z", "no fit", "no fit"}, Row{"2024z", "yyyyz", "2024", "no fit"}}) {
    EXPECT_EQ(read(row.text, row.format, FormatDialect::Fhirpath), row.fhirpath) << row.text;
    EXPECT_EQ(read(row.text, row.format, FormatDialect::Maps), row.maps) << row.text;
  }
}

TEST(Format, KeepsWhatOnlyItsCallerCanDecide) {
  const FormatParts parts = *read_format("11:59 pM 5.123456 Europe/Stockholm", "hh:mm a s.SSSSSS z", FormatDialect::Maps);
  EXPECT_EQ(parts.hour, 11);
  EXPECT_TRUE(parts.has_half_day_hour);
  EXPECT_EQ(parts.is_afternoon, true);
  EXPECT_EQ(parts.fraction, "123456");
  EXPECT_EQ(parts.place, "Europe/Stockholm");
  EXPECT_FALSE(parts.offset);
  EXPECT_EQ(parts.year, -1);
  EXPECT_EQ(read_format("11 A", "H a", FormatDialect::Fhirpath)->is_afternoon, false);
  EXPECT_FALSE(read_format("11", "H", FormatDialect::Fhirpath)->has_half_day_hour);
}

TEST(Offset, IsTakenFromTheFrontAsItIsWritten) {
  struct Row {
    std::string_view text, offset, rest;  // "" is refused
  };
  for (const Row& row :
       {Row{"Z", "Z", ""}, Row{"+01:00x", "+01:00", "x"}, Row{"-0930", "-09:30", ""}, Row{"+0000", "+00:00", ""},
        Row{"-14:00", "-14:00", ""}, Row{"+14:01", "", ""}, Row{"1", "", ""}, Row{"", "", ""}, Row{"+", "", ""}}) {
    std::string_view text = row.text;
    const std::optional<Offset> offset = take_offset(text);
    EXPECT_EQ(offset ? offset->text() : "", row.offset) << row.text;
    if (offset) EXPECT_EQ(text, row.rest);
  }
}

// A moment that is written by codes, in any order and with any separators, is read by the same codes.
TEST(Format, ReadsWhatWasWrittenByIt) {
  SeededRandom random(11);
  constexpr std::array<std::string_view, 4> separators{" ", ".", "/", "_"};
  for (int round = 0; round < 10'000; ++round) {
    const Moment moment =
        *Moment::of({1 + int(random.below(9999)), 1 + int(random.below(12)), 1 + int(random.below(28)), int(random.below(24)),
                     int(random.below(60)), int(random.below(60)), int(random.below(1000))},
                    Form::DateTime, Precision::Millisecond);
    const std::string iso = moment.to_string();
    std::array<std::pair<std::string, std::string>, 7> pieces{{{iso.substr(0, 4), "yyyy"},
                                                               {iso.substr(5, 2), "MM"},
                                                               {iso.substr(8, 2), "dd"},
                                                               {iso.substr(11, 2), "HH"},
                                                               {iso.substr(14, 2), "mm"},
                                                               {iso.substr(17, 2), "ss"},
                                                               {iso.substr(20, 3), "SSS"}}};
    for (std::size_t at = pieces.size(); at > 1; --at) std::swap(pieces[at - 1], pieces[random.below(at)]);
    std::string text, format;
    for (const auto& [digits, code] : pieces) {
      const std::string_view separator = separators[random.below(separators.size())];
      text.append(digits).append(separator);
      format.append(code).append(separator);
    }
    for (FormatDialect dialect : dialects) {
      ASSERT_EQ(read(text, format, dialect), iso) << text << " by " << format;
      ASSERT_FALSE(read_format(text.substr(0, random.below(text.size())), format, dialect)) << text << " by " << format;
    }
  }
}

}  // namespace
}  // namespace vardbron::time
