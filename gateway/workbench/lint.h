#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/map.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

enum class LintLevel : std::uint8_t {
  Note,     ///< works here; a problem for readers or other engines
  Warning,  ///< most likely a mistake
  Error     ///< does not compile
};

std::string_view to_string(LintLevel level);

/// One finding of the linter.
struct Lint {
  LintLevel level = LintLevel::Note;
  std::string rule;  ///< "unused-group"
  std::string file;
  tree::Position position;
  std::string says;  ///< one sentence; what to do
};

/// A rule of the linter, for --help and the documentation.
struct LintRule {
  std::string_view id;
  LintLevel level;
  std::string_view says;
};
std::span<const LintRule> lint_rules();

struct LintInput {
  std::span<const mapping::syntax::Map* const> maps;
  const fhir::Definitions& definitions;
  std::span<const mapping::Map* const> compiled;  ///< their own lints are included
  std::span<const Failure> failures;              ///< of parsing and compiling
};

/// Sorted by file and position.
std::vector<Lint> lint(const LintInput& input);

}  // namespace vardbron::workbench
