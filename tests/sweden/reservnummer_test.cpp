#include "gateway/sweden/reservnummer.h"

#include <gtest/gtest.h>

namespace vardbron::sweden {
namespace {

using enum ReservnummerIssuer;

struct Example {
  ReservnummerIssuer issuer;
  std::string_view text, value;
};

TEST(Reservnummer, ReadsThePublishedExamplesOfEveryIssuer) {
  constexpr Example table[] = {
      {Nationellt, "22950606-FH20", "22950606FH20"},
      {Nationellt, "98240301AA06", "98240301AA06"},
      {Stockholm, "991981000010", "991981000010"},
      {VastraGotaland, "19810829M071", "19810829M071"},
      {VastraGotaland, "20210325k069", "20210325K069"},
      {Varmland, "19810829SU3A", "19810829SU3A"},
      {Inera, "198108320014", "198108320014"},
      {Orebro, "19810829TB1F", "19810829TB1F"},
      {Skane, "810829DA1B", "810829DA1B"},
      {Blekinge, "20200501-AA8A", "20200501AA8A"},
      {Vasternorrland, "20100101014R", "20100101014R"},
      {Sormland, "19600606AA1G", "19600606AA1G"},
      {Sormland, "18500101N123", "18500101N123"},
      {Migrationsverket, "50-123456", "50123456"},
  };
  for (const Example& row : table) {
    Result<Reservnummer> number = parse_reservnummer(row.issuer, row.text);

    ASSERT_TRUE(number) << row.text << ": " << number.failure().says;
    EXPECT_EQ(number->value, row.value);
    EXPECT_EQ(number->issuer, row.issuer);
  }
}

TEST(Reservnummer, RefusesAWrongCheckOrForm) {
  constexpr Example table[] = {
      {Stockholm, "991981000011", "check"},
      {Stockholm, "981981000010", "does not begin with 99"},
      {VastraGotaland, "19810829M072", "check"},
      {VastraGotaland, "19810829B071", "letter that is none of K, M, X"},
      {VastraGotaland, "19810829M057", "05 is below the range"},
      {Inera, "198108320015", "check"},
      {Inera, "198108310015", "31 is a day"},
      {Nationellt, "22950606FH2", "too short"},
      {Nationellt, "22950606FH2A", "letter for a digit"},
      {Skane, "19810829DA1B", "twelve instead of ten"},
      {Vasternorrland, "201001010144", "digit for the letter"},
      {Migrationsverket, "50/123456", "a sign"},
      {Migrationsverket, "12", "too short"},
  };
  for (const Example& row : table) EXPECT_FALSE(parse_reservnummer(row.issuer, row.text)) << row.value;
}

TEST(Reservnummer, KnowsWhichNumbersAreLocal) {
  EXPECT_FALSE(is_local(Nationellt));
  EXPECT_FALSE(is_local(Migrationsverket));
  EXPECT_TRUE(is_local(Stockholm));
  EXPECT_TRUE(is_local(Sormland));
}

}  // namespace
}  // namespace vardbron::sweden
