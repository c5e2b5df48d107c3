#include "gateway/sweden/personnummer.h"

#include "gateway/base/random.h"
#include "gateway/sweden/luhn.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace vardbron::sweden {
namespace {

using namespace std::chrono_literals;
using std::chrono::year_month_day;

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

constexpr year_month_day today = 2026y / 11 / 22;

struct Official {
  std::string_view number;
  year_month_day born;
};

// Skatteverket's published test numbers.
constexpr Official official[] = {
    {"195009072553", 1950y / 9 / 7}, {"196101182803", 1961y / 1 / 18}, {"189002029800", 1890y / 2 / 2},
    {"200302022389", 2003y / 2 / 2}, {"199002222397", 1990y / 2 / 22}, {"200001252386", 2000y / 1 / 25},
    {"189602029812", 1896y / 2 / 2},
};

TEST(Personnummer, ReadsTheOfficialTestNumbersAndTheirBirthDates) {
  for (const Official& one : official) {
    Result<Personnummer> number = parse_personnummer(one.number);

    ASSERT_TRUE(number) << one.number << ": " << number.failure().says;
    EXPECT_EQ(number->birth_date(), one.born);
    EXPECT_EQ(number->twelve_digits(), one.number);
  }
}

TEST(Personnummer, IsShownMaskedOnly) {
  Personnummer number = *parse_personnummer("195009072553");

  EXPECT_EQ(number.masked(), "19500907-****");
  EXPECT_FALSE(Printable<Personnummer>);
}

TEST(Personnummer, ReadsASeparatorBeforeTheLastFour) {
  EXPECT_EQ(parse_personnummer("19500907-2553")->twelve_digits(), "195009072553");
  EXPECT_EQ(parse_personnummer("18900202+9800")->twelve_digits(), "189002029800");
}

struct Short {
  std::string_view text, digits;
};

TEST(Personnummer, FindsTheCenturyOfTheShortForm) {
  constexpr Short table[] = {
      {"500907-2553", "195009072553"},  // 2050 has not come yet
      {"030202-2389", "200302022389"}, {"900222-2397", "199002222397"},
      {"900202+9800", "189002029800"},  // a hundred years or more
      {"960202+9812", "189602029812"}, {"090121+9931", "190901219931"},
  };
  for (const Short& row : table) {
    Result<Personnummer> number = parse_personnummer(row.text, today);

    ASSERT_TRUE(number) << row.text << ": " << number.failure().says;
    EXPECT_EQ(number->twelve_digits(), row.digits);
  }
}

TEST(Personnummer, AsksForACenturyWhenThereIsNoSeparator) { EXPECT_FALSE(parse_personnummer("5009072553", today)); }

// The year of the hundredth birthday, from its first day (folkbokföringslagen 18 §): once 1826.
TEST(Personnummer, HasAPlusFromTheFirstDayOfTheYearOfTheHundred) {
  EXPECT_EQ(with_century("2612150000", true, 2026y / 11 / 29), "192612150000");
  EXPECT_EQ(with_century("2612150000", true, 2026y / 1 / 1), "192612150000");
  EXPECT_EQ(with_century("2701010000", true, 2026y / 11 / 29), "182701010000");
  EXPECT_EQ(with_century("2701010000", false, 2026y / 11 / 29), "192701010000");
  EXPECT_EQ(with_century("2601010000", false, 2026y / 11 / 29), "202601010000");
  // Not born yet: the sender did not change to '+'.
  EXPECT_EQ(with_century("2612150000", false, 2026y / 11 / 29), "192612150000");
  EXPECT_EQ(with_century("0001010000", false, 2026y / 11 / 29), "200001010000");
  EXPECT_EQ(with_century("0001010000", true, 2026y / 11 / 29), "190001010000");
  EXPECT_EQ(with_century("2611890000", false, 2026y / 11 / 29), "202611890000");
}

struct Refused {
  std::string_view text, why;
};

TEST(Personnummer, RefusesWhatIsNone) {
  constexpr Refused table[] = {
      {"", "empty"},
      {"195009072554", "check digit"},
      {"195013072553", "month 13"},
      {"200302302389", "30 February"},
      {"195000072553", "month 0"},
      {"19500907255", "eleven digits"},
      {"1950090725531", "thirteen digits"},
      {"1950-09072553", "separator in another place"},
      {"19500907 2553", "space as separator"},
      {"20000101T220", "an interim number"},
      {"١٩٥٠٠٩٠٧٢٥٥٣", "digits of another script"},
      {"196109732393", "a samordningsnummer"},
      {"162321000016", "an organisationsnummer with its prefix"},
  };
  for (const Refused& row : table) {
    Result<Personnummer> number = parse_personnummer(row.text);

    ASSERT_FALSE(number) << row.why;
    EXPECT_EQ(number.failure().cause, Cause::Invalid);
  }
}

TEST(Personnummer, RefusesAnOrganisationsnummerThatLooksLikeAPerson) {
  Result<Personnummer> number = parse_personnummer("857209-0606", today);

  ASSERT_FALSE(number);
  EXPECT_NE(number.failure().says.find("organisationsnummer"), std::string::npos);
}

TEST(Personnummer, NeverRepeatsTheNumberInAFailure) {
  for (std::string_view text : {"195009072554", "19500907255", "200302302389"}) {
    Failure failure = parse_personnummer(text).failure();

    EXPECT_EQ(failure.says.find(text.substr(0, 6)), std::string::npos) << failure.says;
    EXPECT_TRUE(failure.where.empty());
  }
}

TEST(Personnummer, ReadsEveryDayWithARightCheckDigitAndNoneWithAWrongOne) {
  SeededRandom random(12);
  for (int round = 0; round < 2'000; ++round) {
    std::chrono::sys_days day(std::chrono::days(-29'000 + std::int64_t(random.below(49'000))));
    year_month_day date(day);
    std::string ten;
    for (int part : {int(date.year()) % 100, int(unsigned(date.month())), int(unsigned(date.day()))})
      ten += {char('0' + part / 10), char('0' + part % 10)};
    for (int serial = 0; serial < 3; ++serial) ten += char('0' + random.below(10));
    std::string good = std::to_string(int(date.year()) / 100) + ten + char('0' + luhn_digit(ten));
    std::string bad = good;
    bad.back() = bad.back() == '9' ? '0' : char(bad.back() + 1);

    Result<Personnummer> number = parse_personnummer(good);

    ASSERT_TRUE(number);
    EXPECT_EQ(number->birth_date(), date);
    EXPECT_FALSE(parse_personnummer(bad));
  }
}

}  // namespace
}  // namespace vardbron::sweden
