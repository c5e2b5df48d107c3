#pragma once

#include <string_view>

namespace vardbron::fhirpath {

/// True when a narrative's <div> keeps FHIR's rules: only the elements and attributes of formatting, links and images, no
/// scripts, and something to read in it. Source: FHIR R4 narrative.html, invariants txt-1 and txt-2.
bool is_narrative(std::string_view div);

}  // namespace vardbron::fhirpath
