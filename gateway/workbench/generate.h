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

/// Codes that a map translates for an element whose model has no code list. Key: "meddelande.typ", or "typ".
using CodeHints = std::map<std::string, std::vector<std::vector<std::string>>, std::less<>>;

/// The codes of the embedded concept maps, by the elements that are translated with them.
CodeHints code_hints(std::span<const mapping::syntax::Map* const> maps);

struct GenerateOptions {
  std::size_t optional_percent = 50;  ///< how often an optional element is present
  std::size_t repeats_max = 3;
  std::size_t depth_max = 6;  ///< required elements only below it
  std::size_t nodes_max = 20'000;
  const CodeHints* codes = nullptr;
};

/// A random message of a FHIR type or a logical model, valid in types, cardinalities, required code lists, the form of
/// primitives, fixed values, patterns and bounds; invariants are ignored. The same random numbers give the same message on every
/// machine. Person numbers are from Skatteverket's list of test numbers, names are invented. The root of a resource or logical
/// model has its name, as in XML. NotFound: type 0. Unsupported: an abstract type, a primitive, or one without elements.
Result<tree::Document> generate(const fhir::Definitions& definitions, fhir::TypeId type, Random& random,
                                const GenerateOptions& options = {});

}  // namespace vardbron::workbench
