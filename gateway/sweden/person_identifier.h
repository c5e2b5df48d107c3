#pragma once

#include "gateway/base/result.h"
#include "gateway/sweden/identifier_system.h"

#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A patient's identifier in the gateway's one form: system in its internal spelling, value without separators.
struct PersonIdentifier {
  IdentifierSystem system = IdentifierSystem::Foreign;
  std::string uri, value;
  bool operator==(const PersonIdentifier&) const = default;
};

/// Reads and checks by the system's own rules. A foreign system's value is kept as it came, only not empty. A samordningsnummer
/// sent under the personnummer's system (and the other way round) is put where it belongs. Invalid: the number breaks its rules,
/// or the system names an organisation. Failures never repeat the number.
Result<PersonIdentifier> parse_person_identifier(std::string_view system, std::string_view value);

}  // namespace vardbron::sweden
