#pragma once

// Tested by tests/workbench/lint_test.cpp.

#include "gateway/mapping/syntax/syntax.h"
#include "gateway/workbench/lint.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// Collects findings.
class Lints {
 public:
  void add(std::string_view rule, const mapping::syntax::Map& map, mapping::syntax::Offset offset, std::string says);
  std::vector<Lint>& all() { return all_; }

 private:
  std::vector<Lint> all_;
};

/// A word of a FHIRPath expression that may be a variable.
struct BareName {
  std::string_view name;
  std::size_t at = 0;      ///< in the expression's text
  bool is_marked = false;  ///< %name
};
/// Names at the head of a path: not after a dot, not a function's, not inside quotes.
std::vector<BareName> head_names(std::string_view expression);
/// True when `text` holds `word` as a word of its own.
bool has_word(std::string_view text, std::string_view word);
/// All texts of a rule and its nested rules that may contain names, joined by line ends.
std::string all_texts(const mapping::syntax::Rule& rule);

/// Unused groups, imports, uses, constants, concept maps and variables; names that hide others; names of rules.
void lint_names(std::span<const mapping::syntax::Map* const> maps, Lints& out);
/// Extensions of mappings/LANGUAGE.md, and what other engines cannot run.
void lint_engines(const mapping::syntax::Map& map, Lints& out);
/// Findings by types: variables that hide elements, rules that cannot fire, targets written twice, codes outside their set.
void lint_types(const mapping::syntax::Map& map, std::span<const mapping::syntax::Map* const> maps,
                const fhir::Definitions& definitions, Lints& out);

}  // namespace vardbron::workbench
