#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"

#include <string>

namespace vardbron::mapping {

/// Reads a StructureMap resource of R4, R4B or R5 to the tree of a parsed text. `text` is the JSON or XML of the resource;
/// positions are set if the document keeps them. XML must be converted by fhir/plain_shape. Invalid: no StructureMap, or one
/// without required elements; `where` is file:line:column.
Result<syntax::Map> from_structure_map(std::string file, std::string text, const tree::Document& resource);

/// Writes the resource in the release of the definitions (R4 or R5). What the resource cannot express is rewritten: a nested
/// transform becomes a variable, a rule without a name is named by its number. R5's constants and call arguments are extensions
/// in R4 (FHIR R5 versions.html#extensions). Invalid: a metadata line whose path is not in StructureMap; `where` is the map's
/// file.
Result<tree::Document> to_structure_map(const syntax::Map& map, const fhir::Definitions& definitions);

}  // namespace vardbron::mapping
