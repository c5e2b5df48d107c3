#pragma once

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// Codes that a map knows an element by, where the model itself names no code list. Key: "meddelande.typ", or "typ".
using CodeHints = std::map<std::string, std::vector<std::vector<std::string>>, std::less<>>;

/// The codes of the embedded concept maps that maps translate elements with.
CodeHints code_hints(std::span<const mapping::syntax::Map* const> maps);

struct GenerateOptions {
  std::size_t optional_percent = 50;  ///< how often an element stands that may be missing
  std::size_t repeats_max = 3;
  std::size_t depth_max = 6;  ///< below it only what must be there
  std::size_t nodes_max = 20'000;
  const CodeHints* codes = nullptr;
};

/// A random message of a FHIR type or a logical model: types, cardinalities, required code lists, the form of primitives, and
/// what a model fixes, its patterns and bounds are right; invariants are not looked at. The same numbers give the same message on
/// every machine. Person numbers come from Skatteverket's list of test numbers, names are invented. The root of a resource or
/// logical model carries its name as an XML root would. NotFound: type 0. Unsupported: an abstract type, a primitive, or one
/// without elements.
Result<tree::Document> generate(const fhir::Definitions& definitions, fhir::TypeId type, Random& random,
                                const GenerateOptions& options = {});

}  // namespace vardbron::workbench
