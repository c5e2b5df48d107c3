#pragma once

// Tested by tests/workbench/generate_test.cpp.

#include "gateway/base/random.h"
#include "gateway/fhir/definitions.h"

#include <string>
#include <string_view>

namespace vardbron::workbench {

/// A random text of a primitive type, in its form. `element` is the element's name: it selects person numbers, towns ...
std::string random_value(std::string_view type, std::string_view element, Random& random);

/// One of a few Swedish words or invented names.
std::string random_words(std::string_view element, Random& random);

/// One of Skatteverket's official test numbers.
std::string random_person_number(Random& random);

}  // namespace vardbron::workbench
