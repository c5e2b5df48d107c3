#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/fhirpath/program.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

struct AssertionTypes {
  fhir::TypeId source = 0, target = 0;  ///< 0 = not known
};

/// A FHIRPath expression that must be true of an output. `%source` in it is the message the output was made of.
struct Assertion {
  std::string name;   ///< its comment, or the expression itself
  std::string where;  ///< file:line
  AssertionTypes types;
  fhirpath::Program program;
};

/// One expression a line; an empty line is nothing, a line that begins with // names the next expression, and words behind
/// ` // ` at the end of a line name that one. Invalid: an expression does not compile; `where` is file:line:column.
Result<std::vector<Assertion>> read_assertions(std::string_view file, std::string_view text, const fhir::Definitions& definitions,
                                               AssertionTypes types);

/// Why the assertion does not hold; nothing when it does. An empty answer does not hold.
std::optional<std::string> objection(const Assertion& assertion, tree::Item source, tree::Item output,
                                     const fhir::Definitions& definitions, WallTime now);

}  // namespace vardbron::workbench
