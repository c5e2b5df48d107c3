#pragma once

#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

/// True if a text has the form of its primitive type. Unknown types accept any text. Source: the regular expressions of FHIR R4
/// datatypes.html#primitive; dates must also exist in the calendar, integers must fit 32 bits.
bool has_form_of(std::string_view primitive_type, std::string_view text);

/// That form for messages: "YYYY-MM-DD, YYYY-MM or YYYY"; "" if the type's name is enough.
std::string_view form_in_words(std::string_view primitive_type);

/// True if a text can be a JSON value of that kind: a number (RFC 8259, section 6, which is also FHIR's decimal), true or false.
/// True for all other kinds.
bool fits_kind(tree::Kind kind, std::string_view text);

}  // namespace vardbron::fhir
