#pragma once

#include "gateway/base/result.h"
#include "gateway/sweden/identifier_system.h"

#include <chrono>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A patient's identifier in the gateway's one form: system in its internal spelling, value without separators.
struct PersonIdentifier {
  IdentifierSystem system = IdentifierSystem::Foreign;
  std::string uri, value;
  bool operator==(const PersonIdentifier&) const = default;
};

/// Reads and checks by the system's own rules, without white space around the number. A foreign system's value is kept as it
/// came, only not empty. A samordningsnummer sent under the personnummer's system (and the other way round) and a reserve number
/// sent under another register's are put where their form says they belong. The short forms' century is that of `today`. Invalid:
/// the number breaks its rules, or the system names an organisation. Failures never repeat the number.
Result<PersonIdentifier> parse_person_identifier(std::string_view system, std::string_view value,
                                                 std::chrono::year_month_day today);

/// The year of birth that a personnummer or samordningsnummer names; 0 for all others.
int birth_year(const PersonIdentifier& identifier);

}  // namespace vardbron::sweden
