#pragma once

#include <string>
#include <string_view>

namespace vardbron::fhir {

/// Why a text is no narrative of FHIR; "" when it is one: a single well-formed <div> in XHTML's namespace, with the elements
/// and attributes of formatting, links and images only, no entities but XML's own, and nothing that runs or loads a program.
/// Says where in the text, and quotes nothing of it. Source: FHIR R4 narrative.html, invariant txt-1.
std::string narrative_fault(std::string_view div);

/// The same, and that there is something to read in it: txt-2, which some of HL7's own instances do not keep.
std::string narrative_or_emptiness_fault(std::string_view div);

/// Why a text is not one well-formed XML element without DOCTYPE and processing instructions; "" when it is. For the markup of
/// other models.
std::string markup_fault(std::string_view element);

}  // namespace vardbron::fhir
