#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

inline constexpr std::string_view fhir_namespace = "http://hl7.org/fhir";
inline constexpr std::string_view instance_namespace = "http://www.w3.org/2001/XMLSchema-instance";  ///< xsi

/// Converts a FHIR resource in plain XML (formats/xml) to a FHIR tree: `value` attributes become values with their kinds, lists
/// are marked, `contained` and `resource` lose their wrapper, the narrative stays text. Comments are not in the plain tree; the
/// xsi:schemaLocation of older exports is dropped, everything else is kept. Invalid: another namespace, an unknown element or
/// attribute, misplaced text; `where` is the path and, if the document keeps positions, "at line:column". The result uses the
/// definitions' names.
Result<tree::Document> from_xml(const tree::Document& xml, const Definitions& definitions);

/// The inverse. Elements are in the order of the definitions, as XML requires (FHIR R4 xml.html). Invalid: no known resourceType,
/// an unknown element, a nested list.
Result<tree::Document> to_xml(const tree::Document& resource, const Definitions& definitions);

}  // namespace vardbron::fhir
