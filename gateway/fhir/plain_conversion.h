#pragma once

#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

/// A FHIR resource's plain XML (formats/xml) with the shape of its JSON, without asking any definitions: values leave their
/// `value` attributes, `contained` loses its wrapper, the root's name becomes resourceType. For resources that tell about other
/// things (StructureMap, StructureDefinition, ConceptMap) of whatever release; kinds and lists are not told apart, and nothing is
/// checked. `text` is what the XML was read from; the result's nodes stand at the same positions, where `xml` keeps them.
tree::Document from_plain_xml(const tree::Document& xml, std::string_view text, const tree::Names& names);

}  // namespace vardbron::fhir
