#pragma once

#include <string>
#include <string_view>

namespace vardbron::fhir {

/// Why a text is no FHIR narrative; "" if it is one: a single well-formed <div> in XHTML's namespace, with the elements and
/// attributes of formatting, links and images only, no entities but XML's own, and no active content. The message has the
/// position and quotes nothing. Source: FHIR R4 narrative.html, invariant txt-1.
std::string narrative_fault(std::string_view div);

/// The same with txt-2: it must not be empty, which some of HL7's examples violate.
std::string narrative_or_emptiness_fault(std::string_view div);

/// Why a text is not one well-formed XML element without DOCTYPE and processing instructions; "" if it is. For the markup of
/// other models.
std::string markup_fault(std::string_view element);

}  // namespace vardbron::fhir
