#include "gateway/sweden/luhn.h"
#include "tests/mappings/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

// Concern: the acceptance scenarios 69 to 72 on persons' numbers, from a hospital's message to the Patient.
namespace vardbron {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

void replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

struct Said {
  std::string number, kind = "PNR", born = "1950-09-07", made = "2026-03-10T09:12:00", extra{};
};

std::string admission(const Said& said) {
  std::string text = text_of_file(mappings_folder() / "cosmic-notice/cases/admission/input.xml");
  replace(text, "195009072553", said.number);
  replace(text, ">PNR<", ">" + said.kind + "<");
  replace(text, "2026-03-10T09:12:00", said.made);
  replace(text, "<fodelsedatum>1950-09-07</fodelsedatum>",
          said.extra + (said.born.empty() ? "" : "<fodelsedatum>" + said.born + "</fodelsedatum>"));
  return text;
}

/// Ten digits from nine, written with the separator.
std::string short_number(const std::string& nine, char separator) {
  const std::string ten = nine + static_cast<char>('0' + sweden::luhn_digit(nine));
  return ten.substr(0, 6) + separator + ten.substr(6);
}

/// Twelve digits from eleven.
std::string long_number(const std::string& eleven) {
  return eleven + static_cast<char>('0' + sweden::luhn_digit(std::string_view(eleven).substr(2)));
}

struct Number {
  std::string sent, made, digits;  // no digits: refused
};

class Scenario69 : public testing::TestWithParam<Number> {};

TEST_P(Scenario69, AShortNumberGetsItsCenturyFromTheLawAndTheDay) {
  const Number& row = GetParam();
  House house;
  const exchange::Receipt receipt = house.send("cosmic", admission({row.sent, "PNR", "", row.made}));

  if (row.digits.empty()) {
    EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
    EXPECT_THAT(receipt.text, AllOf(HasSubstr("more than 130 years ago"), HasSubstr("patient.personId")));
  } else {
    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_THAT(receipt.text, Not(HasSubstr("130 years")));
    EXPECT_THAT(house.resource("Patient"), HasSubstr("\"value\":\"" + row.digits + "\""));
  }
  EXPECT_THAT(receipt.text, Not(HasSubstr(row.sent.substr(0, 6)))) << "no answer repeats a number";
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, Scenario69,
    testing::Values(Number{"500907-2553", "2026-11-29T08:00:00", "195009072553"},
                    Number{"090121+9931", "2026-11-29T08:00:00", "190901219931"},
                    Number{short_number("261215238", '+'), "2026-11-29T08:00:00", long_number("19261215238")},
                    Number{short_number("261215238", '+'), "2026-01-01T00:00:00", long_number("19261215238")},
                    Number{short_number("261215238", '+'), "2025-12-31T23:59:59", ""}));

TEST(Scenario69, HL7v2SendsTheShortFormToo) {
  House house;
  std::string text = text_of_file(mappings_folder() / "hl7v2-adt/cases/admission/input.hl7");
  replace(text, "195009072553", "500907-2553");
  const exchange::Receipt receipt = house.send("adt", text);

  EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
  EXPECT_THAT(house.resource("Patient"), HasSubstr(R"("value":"195009072553")"));
}

// A number with its century is taken as it is written; the sender is asked to look at what can hardly be meant.
TEST(Scenario69, ABirthToComeOrMoreThan130YearsAgoIsAWarningToTheSender) {
  for (const auto& [eleven, says] :
       {std::pair("20400101238", "a birth that has not come"), std::pair("20261231238", "a birth that has not come"),
        std::pair("18000101238", "a birth more than 130 years ago"), std::pair("18951231238", "a birth more than 130 years ago"),
        std::pair("18960101238", ""), std::pair("20260309238", "")}) {
    House house;
    const exchange::Receipt receipt = house.send("cosmic", admission({long_number(eleven), "PNR", ""}));

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    if (*says == 0)
      EXPECT_THAT(receipt.text, Not(HasSubstr("The person's number"))) << eleven;
    else
      EXPECT_THAT(receipt.text, HasSubstr(std::string("The person's number names ") + says)) << eleven;
  }
}

TEST(Scenario70, ACoordinationNumberOfAnUnknownMonthOrDayIsTakenAndTellsWhatItKnowsOfTheBirth) {
  for (const auto& [eleven, born] :
       {std::pair("19610091238", "1961"), std::pair("19610960238", "1961-09"), std::pair("19610491238", "1961-04"),
        std::pair("19610060238", "1961"), std::pair("19610973239", "1961-09-13")}) {
    House house;
    const exchange::Receipt receipt = house.send("cosmic", admission({long_number(eleven), "SAM", ""}));

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_THAT(house.resource("Patient"),
                AllOf(HasSubstr("identifier/samordningsnummer"), HasSubstr("\"value\":\"" + long_number(eleven) + "\""),
                      HasSubstr("\"birthDate\":\"" + std::string(born) + "\"")));
    EXPECT_THAT(house.resource("Patient"), Not(HasSubstr("identitetsniva"))) << "nothing was said of it";
  }
}

TEST(Scenario70, TheLevelOfIdentityIsCarriedWhenItIsSaid) {
  for (const auto& [sent, code] :
       {std::pair("STYRKT", "styrkt"), std::pair("SANNOLIK", "sannolik"), std::pair("OSAKER", "osaker")}) {
    House house;
    const std::string level = "<identitetsniva>" + std::string(sent) + "</identitetsniva>";
    const exchange::Receipt receipt =
        house.send("cosmic", admission({"196109732393", "SAM", "1961-09", "2026-03-10T09:12:00", level}));

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_THAT(house.resource("Patient"),
                AllOf(HasSubstr("\"valueCode\":\"" + std::string(code) + "\""), HasSubstr(R"("birthDate":"1961-09")")));
  }
}

TEST(Scenario70, ALevelOfIdentityThatDoesNotBelongThereIsSaidToItsSender) {
  House house;
  const std::string level = "<identitetsniva>STYRKT</identitetsniva>";
  const exchange::Receipt receipt =
      house.send("cosmic", admission({"195009072553", "PNR", "1950-09-07", "2026-03-10T09:12:00", level}));
  EXPECT_EQ(receipt.outcome, store::Outcome::Stored);
  EXPECT_THAT(receipt.text, HasSubstr("no samordningsnummer"));
  EXPECT_THAT(house.resource("Patient"), Not(HasSubstr("identitetsniva")));

  House other;
  const exchange::Receipt refused = other.send(
      "cosmic", admission({"196109732393", "SAM", "", "2026-03-10T09:12:00", "<identitetsniva>KANSKE</identitetsniva>"}));
  EXPECT_EQ(refused.outcome, store::Outcome::Quarantined);
  EXPECT_THAT(refused.text, AllOf(HasSubstr("patient.identitetsniva"), HasSubstr("SANNOLIK")));
}

/// The next message of the case, by which the patient got another number.
std::string planning(const std::string& number, const std::string& kind) {
  std::string text = text_of_file(mappings_folder() / "cosmic-notice/cases/planning/input.xml");
  replace(text, "195009072553", number);
  replace(text, ">PNR<", ">" + kind + "<");
  return text;
}

TEST(Scenario71, AReserveNumberAndThenAPersonnummerAreOnePatient) {
  for (bool is_backwards : {false, true}) {
    House house;
    std::vector<std::string> sent = {admission({"991981000010", "RES", ""}), planning("195009072553", "PNR")};
    if (is_backwards) std::swap(sent[0], sent[1]);
    for (const std::string& message : sent) EXPECT_EQ(house.send("cosmic", message).outcome, store::Outcome::Stored);

    std::vector<std::string> patients = house.resources("Patient");
    std::erase_if(patients, [](const std::string& each) { return each.find(R"("active":false)") != std::string::npos; });
    ASSERT_EQ(patients.size(), 1u) << "that of the reserve number is replaced by it";
    EXPECT_THAT(patients.front(),
                AllOf(HasSubstr(R"({"use":"old","system":"urn:oid:1.2.752.97.3.1.3","value":"991981000010"})"),
                      HasSubstr(R"({"system":"http://electronichealth.se/identifier/personnummer","value":"195009072553"})")));
  }
}

TEST(Scenario71, TheChangeOfTheNumberIsSaidAndAnotherPersonnummerIsAnotherPerson) {
  House house;
  house.send("cosmic", admission({"991981000010", "RES", ""}));
  EXPECT_THAT(house.send("cosmic", planning("195009072553", "PNR")).text, HasSubstr("by a number that the case did not know"));

  std::string third = planning("196101182803", "PNR");
  replace(third, "<id>M-", "<id>M-9");
  EXPECT_THAT(house.send("cosmic", third).text, HasSubstr("about another patient"));
  EXPECT_THAT(house.resource("Patient"), Not(HasSubstr("196101182803")));
}

TEST(Scenario72, ABirthDateThatDiffersFromTheNumbersDateIsRight) {
  for (const char* born : {"1950-09-08", "1950-09", "1951-01-01"}) {
    House house;
    const exchange::Receipt plain = house.send("cosmic", admission({"195009072553"}));
    House other;
    const exchange::Receipt receipt = other.send("cosmic", admission({"195009072553", "PNR", born}));

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_THAT(other.resource("Patient"), HasSubstr("\"birthDate\":\"" + std::string(born) + "\""));
    EXPECT_EQ(std::count(receipt.text.begin(), receipt.text.end(), '{'), std::count(plain.text.begin(), plain.text.end(), '{'))
        << "no finding more than for the same date: " << receipt.text;
  }
}

// care-defects A5. The others are notified all the same, so neither is a reason to keep the notice aside.
TEST(DefectA5, AReceiverThatNoHsaIdNamesAndACodeThatNoMunicipalityHasAreSaidToTheSender) {
  for (const std::string& kommun : {"0899", "0899 ", "8800", "0800", "08800", "880", "Kalmar"}) {
    House house;
    std::string text = admission({"195009072553"});
    replace(text, "<hsaId>SE2120990011-HSV1<", "<hsaId>nonsens<");
    replace(text, "<kommun>0880<", "<kommun>" + kommun + "<");
    const exchange::Receipt receipt = house.send("cosmic", text);

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_THAT(receipt.text, AllOf(HasSubstr("is not named by an HSA-id"), HasSubstr("municipality of registration")));
    EXPECT_THAT(house.resource("Patient"), Not(HasSubstr("StructureDefinition/kommun"))) << kommun;
  }
}

// It would be the end of an URI; what is none is kept aside.
TEST(DefectA5, AReceiverWithABlankInItsHsaIdIsKeptAsideWithTheSendersElement) {
  House house;
  std::string text = admission({"195009072553"});
  replace(text, "<hsaId>SE2120990011-HSV1<", "<hsaId>nonsens å<");
  const exchange::Receipt receipt = house.send("cosmic", text);
  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
  EXPECT_THAT(receipt.text, AllOf(HasSubstr("mottagare[0].hsaId in line"), HasSubstr("no blanks")));
}

}  // namespace
}  // namespace vardbron
