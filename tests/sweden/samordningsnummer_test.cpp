#include "gateway/sweden/samordningsnummer.h"

#include "gateway/sweden/luhn.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::sweden {
namespace {

/// Eight digits and a serial of three, with check digit.
std::string checked(std::string eight_and_serial) {
  return eight_and_serial + char('0' + luhn_digit(std::string_view(eight_and_serial).substr(2)));
}

TEST(Samordningsnummer, ReadsTheOfficialExample) {
  Result<Samordningsnummer> number = parse_samordningsnummer("196109732393");

  ASSERT_TRUE(number) << number.failure().says;
  EXPECT_EQ(number->birth_date(), "1961-09-13");
  EXPECT_EQ(number->masked(), "19610973-****");
  EXPECT_EQ(parse_samordningsnummer("19610973-2393")->twelve_digits(), "196109732393");
}

struct Known {
  std::string number, birth_date;
};

// Concern: one in twelve of the official test numbers is no calendar date after minus 60.
TEST(Samordningsnummer, TellsAsMuchOfTheBirthDateAsItKnows) {
  const Known table[] = {
      {checked("19610973239"), "1961-09-13"}, {checked("19610960239"), "1961-09"},  // day 60: unknown
      {checked("19610073239"), "1961"},                                             // month 00: unknown, whatever the day
      {checked("19610060239"), "1961"},       {checked("19610991239"), "1961-09"},  // 31 September does not exist
      {checked("20000289239"), "2000-02-29"}, {checked("20010289239"), "2001-02"},
  };
  for (const Known& row : table) {
    Result<Samordningsnummer> number = parse_samordningsnummer(row.number);

    ASSERT_TRUE(number) << row.number << ": " << number.failure().says;
    EXPECT_EQ(number->birth_date(), row.birth_date) << row.number;
  }
}

TEST(Samordningsnummer, RefusesWhatIsNone) {
  const std::string table[] = {
      "",
      "195009072553",          // a personnummer
      "196109732394",          // check digit
      checked("19611373239"),  // month 13
      checked("19610992239"),  // day 32
      checked("19610959239"),  // day below 60
      "6109732393",            // ten digits
      "19610973T393",
  };
  for (const std::string& text : table) EXPECT_FALSE(parse_samordningsnummer(text)) << text;
}

TEST(Samordningsnummer, NeverRepeatsTheNumberInAFailure) {
  EXPECT_EQ(parse_samordningsnummer("196109732394").failure().says.find("1961"), std::string::npos);
}

}  // namespace
}  // namespace vardbron::sweden
