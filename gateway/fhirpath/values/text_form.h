#pragma once

// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/specification_functions_test.cpp.

#include "gateway/fhirpath/values/value.h"

#include <optional>
#include <string>

namespace vardbron::fhirpath {

/// The text of a System value by toString() (N1 5.5.8); nullopt for elements and type information.
std::optional<std::string> text_form(const Value& value);

}  // namespace vardbron::fhirpath
