#pragma once

#include "gateway/base/result.h"
#include "gateway/sweden/identifier_system.h"

#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A reserve number, assigned to a patient without a known number, in its issuer's form: upper case, no separators. `issuer` is
/// one of the reserve number systems, or LmaNummer. Invalid: not the issuer's pattern, or its check digit is wrong.
Result<std::string> parse_reservnummer(IdentifierSystem issuer, std::string_view text);

/// The register with the number's form and check digit; ReservnummerOfUnknownRegister if several share the form. The national
/// form (two letters, two digits) precedes those of the regions that it overlaps. Invalid: no register has it.
struct Reservnummer {
  IdentifierSystem issuer;
  std::string value;
};
Result<Reservnummer> find_reservnummer(std::string_view text);

}  // namespace vardbron::sweden
