#pragma once

// Tested by tests/fhir/models_test.cpp and tests/fhir/value_rules_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/structure.h"
#include "gateway/tree/document.h"

#include <span>
#include <vector>

namespace vardbron::fhir {

/// Reads one StructureDefinition. Invalid: it is none, it has no elements, or it is a profile.
Result<StructureDraft> read_structure(const tree::Document& document);

/// Reads StructureDefinition resources into drafts, bases before derived ones. Invalid: not a StructureDefinition, no elements,
/// two of one canonical, a structure that derives from itself, or one that is in the definitions already.
Result<std::vector<StructureDraft>> read_structures(std::span<const tree::Document> documents, const Definitions& known);

}  // namespace vardbron::fhir
