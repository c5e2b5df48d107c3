#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

inline constexpr std::string_view fhir_namespace = "http://hl7.org/fhir";
inline constexpr std::string_view instance_namespace = "http://www.w3.org/2001/XMLSchema-instance";  ///< xsi

/// A FHIR resource as plain XML (formats/xml) becomes a FHIR tree: values leave their attributes and get their kinds, lists are
/// marked, `contained` and `resource` lose their wrapper, the narrative stays as text. Comments are not in the plain tree; the
/// xsi:schemaLocation of older exports is dropped, everything else is kept.
/// Invalid: another namespace, an element or attribute FHIR does not know there, text where no text belongs; `where` is the path
/// and, if the document keeps positions, "at line:column". The result's names are the definitions'.
Result<tree::Document> from_xml(const tree::Document& xml, const Definitions& definitions);

/// The way back. Elements come in the order of the definitions, as XML wants it (FHIR R4 xml.html).
/// Invalid: no known resourceType, an element FHIR does not know, a list in a list.
Result<tree::Document> to_xml(const tree::Document& resource, const Definitions& definitions);

}  // namespace vardbron::fhir
