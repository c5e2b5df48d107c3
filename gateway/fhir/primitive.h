#pragma once

#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

/// Whether a text has the form its primitive type asks for. Unknown types take any text. Source: the regular expressions of FHIR
/// R4 datatypes.html#primitive; dates must also exist in the calendar, integers must fit 32 bits.
bool has_form_of(std::string_view primitive_type, std::string_view text);

/// That form as a person writes it: "YYYY-MM-DD, YYYY-MM or YYYY"; "" where the type's name says enough.
std::string_view form_in_words(std::string_view primitive_type);

/// Whether a text may stand in JSON as a value of that kind: a number (RFC 8259, section 6, which is FHIR's decimal too), true or
/// false. Texts of all other kinds may.
bool fits_kind(tree::Kind kind, std::string_view text);

}  // namespace vardbron::fhir
