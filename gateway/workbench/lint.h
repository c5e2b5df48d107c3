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
  Note,     ///< works here; a reader or another engine may stumble
  Warning,  ///< most likely not what was meant
  Error     ///< does not compile
};

std::string_view to_string(LintLevel level);

/// One thing to stumble over.
struct Lint {
  LintLevel level = LintLevel::Note;
  std::string rule;  ///< "unused-group"
  std::string file;
  tree::Position position;
  std::string says;  ///< one sentence; what to do
};

/// What is known about a rule of the linter, for --help and the documentation.
struct LintRule {
  std::string_view id;
  LintLevel level;
  std::string_view says;
};
std::span<const LintRule> lint_rules();

struct LintInput {
  std::span<const mapping::syntax::Map* const> maps;
  const fhir::Definitions& definitions;
  std::span<const mapping::Map* const> compiled;  ///< their own lints are told too
  std::span<const Failure> failures;              ///< of parsing and compiling
};

/// By file and place.
std::vector<Lint> lint(const LintInput& input);

}  // namespace vardbron::workbench
