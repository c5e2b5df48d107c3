#pragma once

#include "gateway/base/result.h"
#include "gateway/sweden/identifier_system.h"

#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A reserve number - given to a patient because nobody knew a better one - in its issuer's form: upper case, no separators.
/// `issuer` is one of the reserve number systems, or LmaNummer. Invalid: not the issuer's pattern, or its check fails where the
/// issuer has one.
Result<std::string> parse_reservnummer(IdentifierSystem issuer, std::string_view text);

/// The register whose form and check the number keeps; where several share the form, ReservnummerOfUnknownRegister. The national
/// one's form (two letters, two digits) counts before the regions' that it overlaps. Invalid: no register has it.
struct Reservnummer {
  IdentifierSystem issuer;
  std::string value;
};
Result<Reservnummer> find_reservnummer(std::string_view text);

}  // namespace vardbron::sweden
