#include "gateway/sweden/identifier_text.h"

#include <gtest/gtest.h>

namespace vardbron::sweden {
namespace {

TEST(IdentifierText, IsSpeltAsTheGatewayKeepsIt) {
  const std::string hsa = "urn:oid:1.2.752.29.4.19", person = "http://electronichealth.se/identifier/personnummer";
  struct Row {
    IdentifierText given, expected;
  };
  for (const Row& row :
       {Row{{hsa, "se2321990018-med5"}, {hsa, "SE2321990018-MED5"}},
        Row{{"1.2.752.29.4.19", " SE2321990018-med5 "}, {hsa, "SE2321990018-MED5"}},
        Row{{"http://electronichealth.se/identifier/hsaid", "SE2321990018-MED5"}, {hsa, "SE2321990018-MED5"}},
        Row{{"", "\xC2\xA0se2321990018-med5"}, {"", "SE2321990018-MED5"}}, Row{{"", " A-1 "}, {"", "A-1"}},
        Row{{"urn:test:cases", " se2321990018-med5 "}, {"urn:test:cases", "se2321990018-med5"}},
        Row{{person, "19500907-2553"}, {person, "195009072553"}},
        Row{{"urn:oid:1.2.752.129.2.1.3.1", " 195009072553"}, {person, "195009072553"}},
        Row{{person, "500907-2553"}, {person, "500907-2553"}}, Row{{person, "19500907-2554"}, {person, "19500907-2554"}},
        Row{{"urn:oid:2.5.4.97", "232100-0131"}, {"urn:oid:2.5.4.97", "2321000131"}}})
    EXPECT_EQ(normal_identifier(row.given.system, row.given.value), row.expected) << row.given.value;
}

TEST(IdentifierText, OfAShortNumberGetsItsCenturyFromTheDay) {
  using namespace std::chrono_literals;
  const std::string person = "http://electronichealth.se/identifier/personnummer";
  const std::string coordination = "http://electronichealth.se/identifier/samordningsnummer";
  EXPECT_EQ(normal_identifier(person, "500907-2553", 2026y / 11 / 29), (IdentifierText{person, "195009072553"}));
  EXPECT_EQ(normal_identifier(person, "090121+9931", 2026y / 11 / 29), (IdentifierText{person, "190901219931"}));
  EXPECT_EQ(normal_identifier(person, "610973-2393", 2026y / 11 / 29), (IdentifierText{coordination, "196109732393"}));
  EXPECT_EQ(normal_identifier(person, "500907-2554", 2026y / 11 / 29), (IdentifierText{person, "500907-2554"}));
}

}  // namespace
}  // namespace vardbron::sweden
