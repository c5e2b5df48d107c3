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
  fhir::TypeId source = 0, target = 0;  ///< 0 = unknown
};

/// A FHIRPath expression that must be true of an output. `%source` is the message that was mapped.
struct Assertion {
  std::string name;   ///< its comment, or the expression itself
  std::string where;  ///< file:line
  AssertionTypes types;
  fhirpath::Program program;
};

/// One expression per line; empty lines are skipped, a line that begins with // names the next expression, and text after ` // `
/// at the end of a line names that one. Invalid: an expression does not compile; `where` is file:line:column.
Result<std::vector<Assertion>> read_assertions(std::string_view file, std::string_view text, const fhir::Definitions& definitions,
                                               AssertionTypes types);

/// Why the assertion fails; nothing if it holds. An empty result fails.
std::optional<std::string> objection(const Assertion& assertion, tree::Item source, tree::Item output,
                                     const fhir::Definitions& definitions, WallTime now);

}  // namespace vardbron::workbench
