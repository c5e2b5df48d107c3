#pragma once

#include "gateway/fhir/table_builder.h"
#include "gateway/tree/document.h"

namespace vardbron::fhir {

/// Adds a ConceptMap of R4 or R5 to the table: one row per target, and one without target if the map has no equivalent.
void add_concept_map(const tree::Document& document, TableBuilder& builder);

}  // namespace vardbron::fhir
