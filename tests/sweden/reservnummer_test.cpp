#include "gateway/sweden/reservnummer.h"

#include <gtest/gtest.h>

namespace vardbron::sweden {
namespace {

using enum IdentifierSystem;

struct Example {
  IdentifierSystem issuer;
  std::string_view text, value;
};

TEST(Reservnummer, ReadsThePublishedExamplesOfEveryIssuer) {
  constexpr Example table[] = {
      {NationelltReservnummer, "22950606-FH20", "22950606FH20"},
      {NationelltReservnummer, "98240301AA06", "98240301AA06"},
      {StockholmReservnummer, "991981000010", "991981000010"},
      {VastraGotalandReservnummer, "19810829M071", "19810829M071"},
      {VastraGotalandReservnummer, "20210325k069", "20210325K069"},
      {VarmlandReservnummer, "19810829SU3A", "19810829SU3A"},
      {IneraReservnummer, "198108320014", "198108320014"},
      {OrebroReservnummer, "19810829TB1F", "19810829TB1F"},
      {SkaneReservnummer, "810829DA1B", "810829DA1B"},
      {BlekingeReservnummer, "20200501-AA8A", "20200501AA8A"},
      {VasternorrlandReservnummer, "20100101014R", "20100101014R"},
      {SormlandReservnummer1, "19600606AA1G", "19600606AA1G"},
      {SormlandReservnummer1, "18500101N123", "18500101N123"},
      {SormlandReservnummer2, "19600606AA1G", "19600606AA1G"},
      {SormlandReservnummer2, "18500101N123", "18500101N123"},
      {LmaNummer, "50-123456", "50123456"},
  };
  for (const Example& row : table) {
    Result<std::string> number = parse_reservnummer(row.issuer, row.text);

    ASSERT_TRUE(number) << row.text << ": " << number.failure().says;
    EXPECT_EQ(*number, row.value);
  }
}

TEST(Reservnummer, RefusesAWrongCheckOrForm) {
  constexpr Example table[] = {
      {StockholmReservnummer, "991981000011", "check"},
      {StockholmReservnummer, "981981000010", "does not begin with 99"},
      {VastraGotalandReservnummer, "19810829M072", "check"},
      {VastraGotalandReservnummer, "19810829B071", "letter that is none of K, M, X"},
      {VastraGotalandReservnummer, "19810829M057", "05 is below the range"},
      {IneraReservnummer, "198108320015", "check"},
      {IneraReservnummer, "198108310015", "31 is a day"},
      {NationelltReservnummer, "22950606FH2", "too short"},
      {NationelltReservnummer, "22950606FH2A", "letter for a digit"},
      {SkaneReservnummer, "19810829DA1B", "twelve instead of ten"},
      {VasternorrlandReservnummer, "201001010144", "digit for the letter"},
      {LmaNummer, "50/123456", "a sign"},
      {LmaNummer, "12", "too short"},
  };
  for (const Example& row : table) EXPECT_FALSE(parse_reservnummer(row.issuer, row.text)) << row.value;
}

TEST(Reservnummer, KnowsNoFormOfSystemsThatGiveNone) {
  for (IdentifierSystem system : {Foreign, Personnummer, Samordningsnummer, HsaId, Organisationsnummer})
    EXPECT_FALSE(parse_reservnummer(system, "98240301AA06")) << int(system);
}

}  // namespace
}  // namespace vardbron::sweden
