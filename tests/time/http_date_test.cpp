#include "gateway/time/http_date.h"

#include "gateway/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace vardbron::time {
namespace {

using namespace std::chrono_literals;

constexpr WallTime in_2026{std::chrono::sys_days{2026y / 11 / 30}};
constexpr WallTime example{std::chrono::seconds(784'111'777)};  // of RFC 9110, 5.6.7

WallTime at(std::chrono::year_month_day date) { return WallTime{std::chrono::sys_days{date}}; }

TEST(HttpDate, IsWrittenAsFixdate) {
  struct Row {
    WallTime time;
    std::string_view text;
  };
  for (const Row& row :
       {Row{example, "Sun, 06 Nov 1994 08:49:37 GMT"}, Row{WallTime{}, "Thu, 01 Jan 1970 00:00:00 GMT"},
        Row{example + 999ms, "Sun, 06 Nov 1994 08:49:37 GMT"}, Row{WallTime{} - 1ms, "Wed, 31 Dec 1969 23:59:59 GMT"},
        Row{at(2024y / 2 / 29) + 23h + 59min + 59s, "Thu, 29 Feb 2024 23:59:59 GMT"},
        Row{at(1y / 1 / 1), "Mon, 01 Jan 0001 00:00:00 GMT"}, Row{at(9999y / 12 / 31), "Fri, 31 Dec 9999 00:00:00 GMT"}})
    EXPECT_EQ(http_date(row.time), row.text);
}

TEST(HttpDate, IsReadInAllThreeForms) {
  for (std::string_view text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(text, in_2026), example) << text;
  EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", in_2026), example + 240h);
  EXPECT_EQ(parse_http_date("Mon, 06 Nov 1994 08:49:37 GMT", in_2026), example) << "the day's name is not held against the date";
}

TEST(HttpDate, TakesASecondSixtyAsTheNextMinute) {
  EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT", in_2026), at(2017y / 1 / 1));
}

// RFC 9110, 5.6.7: what seems to be more than 50 years ahead is the most recent year that ended with the same digits.
TEST(HttpDate, FindsTheCenturyOfAYearOfTwoDigits) {
  struct Row {
    int year_now;
    std::string_view digits;
    int year;
  };
  for (const Row& row : {Row{2026, "26", 2026}, Row{2026, "27", 2027}, Row{2026, "76", 2076}, Row{2026, "77", 1977},
                         Row{2026, "00", 2000}, Row{2026, "99", 1999}, Row{2099, "01", 2101}, Row{2099, "49", 2149},
                         Row{2099, "50", 2050}, Row{2000, "50", 2050}, Row{2000, "51", 1951}}) {
    const std::string text = "Sunday, 15-Jun-" + std::string(row.digits) + " 00:00:00 GMT";
    const std::chrono::year year(row.year), now(row.year_now);
    EXPECT_EQ(parse_http_date(text, at(now / 6 / 15)), at(year / 6 / 15)) << text << " in " << row.year_now;
  }
  EXPECT_FALSE(parse_http_date("Monday, 29-Feb-00 00:00:00 GMT", at(2099y / 1 / 1))) << "2100 has no leap day";
  EXPECT_TRUE(parse_http_date("Tuesday, 29-Feb-00 00:00:00 GMT", in_2026));
}

TEST(HttpDate, IsRefusedWithoutGuessing) {
  struct Row {
    std::string_view text, why;
  };
  for (const Row& row : {Row{"", "empty"},
                         Row{"yesterday", "no date"},
                         Row{"Sun, 6 Nov 1994 08:49:37 GMT", "a day of one digit"},
                         Row{"Sun, 06 Nov 1994 08:49:37 CET", "another zone"},
                         Row{"Sun, 06 Nov 1994 08:49:37", "no zone"},
                         Row{"Sun, 30 Feb 1994 08:49:37 GMT", "no such day"},
                         Row{"Sun, 29 Feb 1994 08:49:37 GMT", "no leap year"},
                         Row{"Sun, 00 Nov 1994 08:49:37 GMT", "day 0"},
                         Row{"Sun, 06 Nov 1994 24:49:37 GMT", "hour 24"},
                         Row{"Sun, 06 Nov 1994 08:60:37 GMT", "minute 60"},
                         Row{"Sun, 06 Nov 1994 08:49:61 GMT", "second 61"},
                         Row{"Sun, 06 Nob 1994 08:49:37 GMT", "no such month"},
                         Row{"Sun, 06 NOV 1994 08:49:37 GMT", "names have their case"},
                         Row{"Xun, 06 Nov 1994 08:49:37 GMT", "no such day's name"},
                         Row{"Sun, 06 Nov 1994 08:49:3x GMT", "no digit"},
                         Row{"Sun, 06 Nov 1994 08:49:37 GMT ", "a blank behind it"},
                         Row{" Sun, 06 Nov 1994 08:49:37 GMT", "a blank before it"},
                         Row{"Sun, 06-Nov-94 08:49:37 GMT", "a short name with RFC 850's date"},
                         Row{"Sunday, 06 Nov 1994 08:49:37 GMT", "a long name with a fixdate"},
                         Row{"Sunday, 06-Nov-1994 08:49:37 GMT", "RFC 850's date with four digits"},
                         Row{"Sunday, 06-Nov-94 08:49:37", "RFC 850's date without zone"},
                         Row{"Sun Nov 6 08:49:37 1994", "asctime without its blank"},
                         Row{"Sun Nov  6 08:49:37 94", "asctime with two digits"},
                         Row{"Sun Nov  6 08:49:37 1994 GMT", "asctime with a zone"},
                         Row{"Sun Nov  x 08:49:37 1994", "asctime without a day"},
                         Row{"Sun, 06 Nov +994 08:49:37 GMT", "a sign"},
                         Row{"Sun, 06 Nov 1994 -1:49:37 GMT", "a sign in the hour"}})
    EXPECT_FALSE(parse_http_date(row.text, in_2026)) << row.text << ": " << row.why;
}

TEST(HttpDate, IsRefusedWhereverItIsCutOff) {
  for (const std::string text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    for (std::size_t size = 0; size < text.size(); ++size)
      EXPECT_FALSE(parse_http_date(text.substr(0, size), in_2026)) << text.substr(0, size);
  }
}

TEST(HttpDate, ReadsBackWhatItWrote) {
  SeededRandom random(9110);
  const auto first = at(1y / 1 / 1).time_since_epoch() / 1s, last = at(9999y / 12 / 31).time_since_epoch() / 1s;
  for (int round = 0; round < 5'000; ++round) {
    const WallTime time{std::chrono::seconds(first + std::int64_t(random.below(std::uint64_t(last - first))))};
    const std::string text = http_date(time);
    ASSERT_EQ(parse_http_date(text, in_2026), time) << text;
    ASSERT_EQ(text.size(), 29u) << text;
  }
}

// The other two forms, made of the letters of the first one, say the same time.
TEST(HttpDate, MeansTheSameInEachForm) {
  SeededRandom random(850);
  constexpr std::array<std::string_view, 7> days{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  for (int round = 0; round < 2'000; ++round) {
    // 1977 to 2076, which are the years of two digits in 2026.
    const WallTime time{at(1977y / 1 / 1) + std::chrono::seconds(std::int64_t(random.below(36'524ULL * 86'400)))};
    const std::string text = http_date(time);
    const std::string clock = text.substr(17, 8), month = text.substr(8, 3);
    const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(time));
    const std::string rfc850 = std::string(days[day.c_encoding()]) + ", " + text.substr(5, 2) + "-" + month + "-" +
                               text.substr(14, 2) + " " + clock + " GMT";
    const std::string of_month = text[5] == '0' ? " " + text.substr(6, 1) : text.substr(5, 2);
    const std::string asctime = text.substr(0, 3) + " " + month + " " + of_month + " " + clock + " " + text.substr(12, 4);
    ASSERT_EQ(parse_http_date(rfc850, in_2026), time) << rfc850;
    ASSERT_EQ(parse_http_date(asctime, in_2026), time) << asctime;
  }
}

}  // namespace
}  // namespace vardbron::time
