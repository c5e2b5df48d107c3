#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"

#include <string>

/// FML's resource form. Source: FHIR R4 and R5 StructureMap.
namespace vardbron::mapping {

/// Reads a StructureMap resource of R4, R4B or R5 into what a parsed text is, so that all behind it is the same. `text` is the
/// JSON or XML the resource was read from; places in it are found where the resource keeps its positions. XML comes through
/// fhir/plain_shape. Invalid: no StructureMap, or one that lacks what it must say; `where` is file:line:column.
Result<syntax::Map> from_structure_map(std::string file, std::string text, const tree::Document& resource);

/// Writes the resource in the release of the definitions (R4 or R5). What the resource cannot say is said in another way that
/// means the same: a transform inside a transform gets a variable of its own, a rule without a name is called by its number. R5's
/// constants and call arguments stand in R4 as extensions (FHIR R5 versions.html#extensions).
/// Invalid: a metadata line that names nothing of a StructureMap; `where` is the map's file.
Result<tree::Document> to_structure_map(const syntax::Map& map, const fhir::Definitions& definitions);

}  // namespace vardbron::mapping
