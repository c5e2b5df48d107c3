#pragma once

#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

/// A FHIR resource's plain XML (formats/xml) with the shape of its JSON, without definitions: `value` attributes become values,
/// `contained` loses its wrapper, the root's name becomes resourceType. For conformance resources (StructureMap,
/// StructureDefinition, ConceptMap) of any release; kinds and lists are not distinguished, and nothing is validated. `text` is
/// the source of the XML; the result has the same positions, if `xml` keeps them.
tree::Document from_plain_xml(const tree::Document& xml, std::string_view text, const tree::Names& names);

}  // namespace vardbron::fhir
