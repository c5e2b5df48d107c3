#pragma once

// Tested by tests/fhir/xsi_type_test.cpp and tests/fhir/narrative_test.cpp.

#include "gateway/tree/document.h"

#include <string>
#include <string_view>

/// Converts between the narrative block of CDA R2 (4.3.5) and FHIR's XHTML: paragraph is p, content is span, list and item are ul
/// or ol and li, linkHtml is a; tables, br, sub and sup have the same names. styleCode is class, ID is id, language is lang.
namespace vardbron::fhir {

/// The <div> for an element of plain XML (parsed with keep_mixed). Elements without a counterpart become spans.
std::string xhtml_of_narrative(const tree::Document& xml, tree::NodeId node);
/// The content of a <div> as the narrative element `name`. Elements without a counterpart become content.
std::string narrative_of_xhtml(std::string_view div, std::string_view name);

}  // namespace vardbron::fhir
