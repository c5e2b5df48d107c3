#pragma once

#include "gateway/base/result.h"
#include "gateway/sweden/identifier_system.h"

#include <chrono>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A patient's identifier in normal form: system in its internal URI, value without separators.
struct PersonIdentifier {
  IdentifierSystem system = IdentifierSystem::Foreign;
  std::string uri, value;
  bool operator==(const PersonIdentifier&) const = default;
};

/// Parses and checks by the system's own rules, after trimming. A foreign system's value is kept as sent, but must not be empty.
/// A samordningsnummer sent under the personnummer's system (and the other way round) and a reserve number sent under another
/// register's get the system of their form. `today` gives the century of short numbers. Invalid: the number breaks its rules, a
/// short number's century would make the person older than `years_of_life_max`, or the system is one of organisations. Failures
/// never repeat the number.
Result<PersonIdentifier> parse_person_identifier(std::string_view system, std::string_view value,
                                                 std::chrono::year_month_day today);

/// Nobody is known to have lived longer than 122 years.
inline constexpr int years_of_life_max = 130;

/// The day in a personnummer, and as much of it as a samordningsnummer contains, as a FHIR date: "1950-09-07", "1961-09", "1961".
/// Empty for all others. The birth may have been on a day near it (folkbokföringslagen 18 §).
std::string birth_date(const PersonIdentifier& identifier);

}  // namespace vardbron::sweden
