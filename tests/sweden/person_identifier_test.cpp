#include "gateway/sweden/person_identifier.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::sweden {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::year_month_day today = 2026y / 11 / 29;
constexpr std::string_view http_personnummer = "http://electronichealth.se/identifier/personnummer";

struct Read {
  std::string_view system, value, uri, plain;
};

TEST(PersonIdentifier, ReadsEverySpellingIntoOneForm) {
  constexpr Read table[] = {
      {http_personnummer, "195009072553", http_personnummer, "195009072553"},
      {"urn:oid:1.2.752.129.2.1.3.1", "195009072553", http_personnummer, "195009072553"},
      {"1.2.752.129.2.1.3.1", "19500907-2553", http_personnummer, "195009072553"},
      {"urn:oid:1.2.752.129.2.1.3.3", "196109732393", "http://electronichealth.se/identifier/samordningsnummer", "196109732393"},
      {"urn:oid:1.2.752.74.9.1", "22950606-FH20", "http://electronichealth.se/identifier/nationelltReservnummer", "22950606FH20"},
      {"http://electronichealth.se/identifier/nationelltReservnumer", "98240301AA06",
       "http://electronichealth.se/identifier/nationelltReservnummer", "98240301AA06"},
      {"urn:oid:1.2.752.97.3.1.3", "991981000010", "urn:oid:1.2.752.97.3.1.3", "991981000010"},
      {"urn:oid:1.2.208.176.1.2", "2509479989", "urn:oid:1.2.208.176.1.2", "2509479989"},
  };
  for (const Read& row : table) {
    Result<PersonIdentifier> identifier = parse_person_identifier(row.system, row.value, today);

    ASSERT_TRUE(identifier) << row.system << ": " << identifier.failure().says;
    EXPECT_EQ(identifier->uri, row.uri);
    EXPECT_EQ(identifier->value, row.plain);
  }
}

TEST(PersonIdentifier, PutsACoordinationNumberWhereItBelongs) {
  Result<PersonIdentifier> identifier = parse_person_identifier(http_personnummer, "196109732393", today);

  ASSERT_TRUE(identifier);
  EXPECT_EQ(identifier->system, IdentifierSystem::Samordningsnummer);
}

// Concern: a published example carries a regional number in the national system.
TEST(PersonIdentifier, PutsARegionalReserveNumberWhereItBelongs) {
  Result<PersonIdentifier> identifier =
      parse_person_identifier("http://electronichealth.se/identifier/nationelltReservnummer", "20210325K069", today);

  ASSERT_TRUE(identifier);
  EXPECT_EQ(identifier->uri, "urn:oid:1.2.752.113.11.0.2.1.1.1");
}

// Once refused with 422, though the law allows this form.
TEST(PersonIdentifier, ReadsShortNumbersAndWhiteSpaceAroundThem) {
  constexpr Read table[] = {
      {http_personnummer, "500907-2553", http_personnummer, "195009072553"},
      {http_personnummer, "090121+9931", http_personnummer, "190901219931"},
      {http_personnummer, " 19500907-2553\n", http_personnummer, "195009072553"},
      {" urn:oid:1.2.752.129.2.1.3.1 ", "195009072553", http_personnummer, "195009072553"},
      {"urn:oid:1.2.752.129.2.1.3.3", "610973-2393", "http://electronichealth.se/identifier/samordningsnummer", "196109732393"},
      {http_personnummer, "610973-2393", "http://electronichealth.se/identifier/samordningsnummer", "196109732393"},
  };
  for (const Read& row : table) {
    Result<PersonIdentifier> identifier = parse_person_identifier(row.system, row.value, today);

    ASSERT_TRUE(identifier) << row.value << ": " << identifier.failure().says;
    EXPECT_EQ(identifier->uri, row.uri);
    EXPECT_EQ(identifier->value, row.plain);
  }
}

// Concern: exports have one type for all reserve numbers.
TEST(PersonIdentifier, PutsReserveNumbersIntoTheRegisterOfTheirForm) {
  constexpr std::string_view national = "http://electronichealth.se/identifier/nationelltReservnummer";
  constexpr Read table[] = {
      {national, "991981000010", "urn:oid:1.2.752.97.3.1.3", "991981000010"},
      {national, "198108320014", "urn:oid:1.2.752.129.2.1.3.2", "198108320014"},
      {national, "19810829m071", "urn:oid:1.2.752.113.11.0.2.1.1.1", "19810829M071"},
      {national, "810829DA1B", "urn:oid:1.2.752.219.1.10.10.1", "810829DA1B"},
      {national, "20100101014R", "urn:oid:1.2.752.269.1.1", "20100101014R"},
      {national, "22950606-FH20", national, "22950606FH20"},
      {"urn:oid:1.2.752.97.3.1.3", "198108320014", "urn:oid:1.2.752.129.2.1.3.2", "198108320014"},
      {"urn:oid:1.2.752.74.9.2", "19810829SU3A", "urn:oid:1.2.752.74.9.2", "19810829SU3A"},
      {http_personnummer, "19810829M071", "urn:oid:1.2.752.113.11.0.2.1.1.1", "19810829M071"},
      // Four regions share the form, and the type does not identify it.
      {national, "19810829TB1F", "https://vardbron.example/fhir/sid/reservnummer", "19810829TB1F"},
  };
  for (const Read& row : table) {
    Result<PersonIdentifier> identifier = parse_person_identifier(row.system, row.value, today);

    ASSERT_TRUE(identifier) << row.value << ": " << identifier.failure().says;
    EXPECT_EQ(identifier->uri, row.uri) << row.value;
    EXPECT_EQ(identifier->value, row.plain);
  }
  for (std::string_view none : {"991981000011", "195009072553", "198108310015", "x"})
    EXPECT_FALSE(parse_person_identifier(national, none, today)) << none;
}

TEST(PersonIdentifier, TellsTheBirthDateOfRegisteredNumbersOnly) {
  EXPECT_EQ(birth_date(*parse_person_identifier(http_personnummer, "195009072553", today)), "1950-09-07");
  EXPECT_EQ(birth_date(*parse_person_identifier(http_personnummer, "196109732393", today)), "1961-09-13");
  EXPECT_EQ(birth_date(*parse_person_identifier("urn:oid:1.2.752.97.3.1.3", "991981000010", today)), "");
}

// A number with its century says what it says, and is a finding (read_person); of a short one the century was only concluded.
TEST(PersonIdentifier, RefusesAShortNumberThatWouldMakeSomebodyOlderThan130Years) {
  struct Row {
    std::string_view value;
    std::chrono::year_month_day today;
    bool is_taken;
  };
  for (const Row& row : {Row{"960202+9812", 2026y / 12 / 31, true}, Row{"960202+9812", 2027y / 1 / 1, false},
                         Row{"18960202+9812", 2027y / 1 / 1, true}, Row{"900202+9800", 2020y / 6 / 1, true},
                         Row{"900202+9800", 2026y / 6 / 1, false}, Row{"500907-2553", 2049y / 6 / 1, true}}) {
    const Result<PersonIdentifier> read = parse_person_identifier(http_personnummer, row.value, row.today);

    EXPECT_EQ(read.ok(), row.is_taken) << row.value;
    if (read || row.is_taken) continue;
    EXPECT_NE(read.failure().says.find("more than 130 years ago"), std::string::npos) << read.failure().says;
    EXPECT_EQ(read.failure().says.find(row.value.substr(0, 6)), std::string::npos);
  }
}

TEST(IdentifierSystem, KnowsWhichNumbersEndWhenAnotherIsGiven) {
  using enum IdentifierSystem;
  const std::vector<IdentifierSystem> for_a_time = {NationelltReservnummer, StockholmReservnummer, IneraReservnummer,
                                                    ReservnummerOfUnknownRegister};
  for (IdentifierSystem reserve : for_a_time) {
    EXPECT_TRUE(supersedes(Personnummer, reserve));
    EXPECT_TRUE(supersedes(Samordningsnummer, reserve));
    EXPECT_FALSE(supersedes(reserve, Personnummer));
    for (IdentifierSystem other : for_a_time) EXPECT_FALSE(supersedes(reserve, other));
  }
  EXPECT_TRUE(supersedes(Personnummer, Samordningsnummer));
  EXPECT_FALSE(supersedes(Samordningsnummer, Personnummer));
  for (IdentifierSystem apart : {Foreign, LmaNummer, HsaId, Organisationsnummer}) {
    EXPECT_FALSE(supersedes(Personnummer, apart));
    EXPECT_FALSE(supersedes(apart, NationelltReservnummer));
  }
}

TEST(PersonIdentifier, RefusesWrongNumbersAndOrganisations) {
  constexpr Read table[] = {
      {http_personnummer, "195009072554", "", ""},
      {http_personnummer, "7601011212", "", ""},  // RIV-TA's own test suite sends ten digits that fail the check
      {http_personnummer, "", "", ""},
      {"urn:oid:2.5.4.97", "232100-0016", "", ""},
      {"urn:oid:1.2.752.29.4.19", "SE2321000131-E1", "", ""},
      {"urn:oid:1.2.752.97.3.1.3", "991981000011", "", ""},
  };
  for (const Read& row : table) {
    Result<PersonIdentifier> identifier = parse_person_identifier(row.system, row.value, today);

    ASSERT_FALSE(identifier) << row.system;
    EXPECT_TRUE(row.value.empty() || identifier.failure().says.find(row.value) == std::string::npos);
  }
}

TEST(IdentifierSystem, HasOneInternalSpellingThatReadsAsItself) {
  for (int number = 1; number <= int(IdentifierSystem::Organisationsnummer); ++number) {
    auto system = IdentifierSystem(number);

    EXPECT_FALSE(system_uri(system).empty());
    EXPECT_EQ(find_system(system_uri(system)), system) << system_uri(system);
  }
  EXPECT_EQ(find_system("urn:oid:1.2.752.129.2.1.4.1"), IdentifierSystem::HsaId);
  EXPECT_EQ(find_system("urn:oid:1.2.3"), IdentifierSystem::Foreign);
}

}  // namespace
}  // namespace vardbron::sweden
