#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/kommun.h"
#include "gateway/sweden/organisationsnummer.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::sweden {
namespace {

TEST(Organisationsnummer, ReadsTheFormsInUse) {
  for (std::string_view text : {"232100-0016", "2321000016", "162321000016", "16232100-0016"}) {
    Result<Organisationsnummer> number = parse_organisationsnummer(text);

    ASSERT_TRUE(number) << text << ": " << number.failure().says;
    EXPECT_EQ(number->ten_digits(), "2321000016");
  }
  EXPECT_TRUE(parse_organisationsnummer("232100-0131"));
  EXPECT_TRUE(parse_organisationsnummer("556559-4230"));
  EXPECT_TRUE(parse_organisationsnummer("857209-0606"));
}

TEST(Organisationsnummer, RefusesPersonsAndWrongChecks) {
  for (std::string_view text : {"", "232100-0017", "500907-2553", "195009072553", "23210-00016", "23210000160"})
    EXPECT_FALSE(parse_organisationsnummer(text)) << text;
}

TEST(HsaId, ReadsUnitsAndTellsWhoseTheyAre) {
  Result<HsaId> id = parse_hsa_id("SE2321000131-E000000000001");

  ASSERT_TRUE(id) << id.failure().says;
  EXPECT_EQ(id->organisation(), "2321000131");
  EXPECT_EQ(id->text(), "SE2321000131-E000000000001");
}

TEST(HsaId, RefusesOtherForms) {
  const std::string table[] = {
      "",
      "SE2321000131",
      "SE2321000131-",
      "NO2321000131-E1",
      "SE2321000132-E1",  // check digit of the owner
      "SE5009072553-E1",  // a person as owner
      "SE2321000131-E1å",
      "SE2321000131-E 1",
      "SE2321000131-a@b",
      "SE2321000131-" + std::string(19, 'A'),  // 32 characters
  };
  for (const std::string& text : table) EXPECT_FALSE(parse_hsa_id(text)) << text;
  EXPECT_TRUE(parse_hsa_id("SE2321000131-" + std::string(18, 'A')));
}

// Once a notice with a padded or lower-case HSA-id was answered with 200 and visible to nobody.
TEST(HsaId, IsReadWhateverItsCaseAndTheWhiteSpaceAroundIt) {
  for (std::string_view text :
       {"se2120990011-hsv1", " SE2120990011-HSV1 ", "\n    SE2120990011-HSV1\n  ", "\xC2\xA0SE2120990011-Hsv1\xE2\x80\x8B"}) {
    EXPECT_EQ(normal_hsa_id(text), "SE2120990011-HSV1") << text;
    EXPECT_TRUE(parse_hsa_id(text)) << text;
  }
  EXPECT_EQ(normal_hsa_id(" hemsjukvården "), "hemsjukvården");
  EXPECT_EQ(normal_hsa_id("urn:oid:1.2|abc"), "urn:oid:1.2|abc");
}

TEST(HsaId, IsShownShortAndWithoutWhatMayBeAPersonsNumber) {
  EXPECT_EQ(shown("SE2120990011-HSV7"), "SE2120990011-HSV7");
  EXPECT_EQ(shown("hemsjukvården"), "hemsjukvården");
  EXPECT_EQ(shown("19500907-2553"), "(a number)");
  EXPECT_EQ(shown("urn:oid:1.2.208.176.1.1|200000000000002"), "urn:oid:1.2.208.176.1.1|200000000000002");
  EXPECT_EQ(shown("urn:oid:1.3.88|5790000000012"), "urn:oid:1.3.88|5790000000012");
  EXPECT_EQ(shown("urn:oid:1.2.208.176.1.1|195009072553"), "(a number)") << "a person's, whatever register it is said to be of";
  EXPECT_EQ(shown("urn:oid:1.2.208.176.1.1|0709501234"), "(a number)");
  EXPECT_EQ(shown("urn:oid:1.2.208.176.1.2|200000000000002"), "(a number)")
      << "a register that is not known to be one of organisations";
  EXPECT_EQ(shown("a\x1B[2J\xC2\x9B"), "a\\u001B[2J\\u009B");
  EXPECT_LE(shown(std::string(500, 'x')).size(), 70u);
}

TEST(HsaId, KnowsUnitsOfOneBody) {
  EXPECT_TRUE(same_body("SE2321000131-E1", "SE2321000131-F2"));
  EXPECT_FALSE(same_body("SE2321000131-E1", "SE2321000016-E1"));
  EXPECT_FALSE(same_body("urn:oid:1.2|1", "urn:oid:1.2|1"));
}

TEST(Kommunkod, KeepsTheLeadingZero) {
  Result<Kommunkod> kalmar = parse_kommunkod("0880");

  ASSERT_TRUE(kalmar);
  EXPECT_EQ(kalmar->text(), "0880");
}

TEST(Kommunkod, RefusesCountiesThatDoNotExist) {
  for (std::string_view text :
       {"", "880", "00880", "0280", "1180", "1580", "1680", "2680", "0000", "0800", "08A0", "0899", "0101", "1999"})
    EXPECT_FALSE(parse_kommunkod(text)) << text;
}

TEST(Kommunkod, Knows290MunicipalitiesInTheCountiesThereAre) {
  EXPECT_EQ(kommun_codes().size(), 290u);
  for (std::string_view code : kommun_codes()) {
    EXPECT_TRUE(parse_kommunkod(code)) << code;
    EXPECT_TRUE(is_lan_code(code.substr(0, 2))) << code;
  }
  for (std::string_view code : {"0114", "0180", "0880", "1480", "2584"}) EXPECT_TRUE(parse_kommunkod(code)) << code;
}

TEST(Kommunkod, KnowsTwentyOneCounties) {
  int counties = 0;
  for (int code = 0; code < 100; ++code) {
    std::string text = {char('0' + code / 10), char('0' + code % 10)};
    counties += is_lan_code(text) ? 1 : 0;
  }
  EXPECT_EQ(counties, 21);
}

}  // namespace
}  // namespace vardbron::sweden
