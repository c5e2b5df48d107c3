#include "gateway/sweden/person_identifier.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::sweden {
namespace {

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
    Result<PersonIdentifier> identifier = parse_person_identifier(row.system, row.value);

    ASSERT_TRUE(identifier) << row.system << ": " << identifier.failure().says;
    EXPECT_EQ(identifier->uri, row.uri);
    EXPECT_EQ(identifier->value, row.plain);
  }
}

TEST(PersonIdentifier, PutsACoordinationNumberWhereItBelongs) {
  Result<PersonIdentifier> identifier = parse_person_identifier(http_personnummer, "196109732393");

  ASSERT_TRUE(identifier);
  EXPECT_EQ(identifier->system, IdentifierSystem::Samordningsnummer);
}

// Concern: a published example carries a regional number in the national system.
TEST(PersonIdentifier, PutsARegionalReserveNumberWhereItBelongs) {
  Result<PersonIdentifier> identifier =
      parse_person_identifier("http://electronichealth.se/identifier/nationelltReservnummer", "20210325K069");

  ASSERT_TRUE(identifier);
  EXPECT_EQ(identifier->uri, "urn:oid:1.2.752.113.11.0.2.1.1.1");
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
    Result<PersonIdentifier> identifier = parse_person_identifier(row.system, row.value);

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
