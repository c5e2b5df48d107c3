#pragma once

// Tested by tests/mapping/parse_test.cpp and tests/mapping/forms_test.cpp.

#include "gateway/base/result.h"
#include "gateway/mapping/syntax/lex.h"
#include "gateway/mapping/syntax/syntax.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::mapping {

/// The part of the parser that reads rules; parse.cpp reads the declarations with the same lexer.
class RuleParser {
 public:
  /// `nesting` counts transforms inside transforms.
  RuleParser(const syntax::Map& map, Lexer& lexer, std::size_t nesting = 0) : map_(map), lexer_(lexer), nesting_(nesting) {}

  /// `{ rules }`; `depth` counts nested rules, `close` is set to the offset of the `}`.
  Result<void> read_block(std::vector<syntax::Rule>& out, syntax::Offset& close, std::size_t depth);

  Result<syntax::Name> word(std::string_view what);
  /// A word, or quoted text of any kind: a name of a group, alias or map.
  Result<syntax::Name> name(std::string_view what);
  Result<syntax::Name> quoted(std::string_view what);
  Result<syntax::Name> type_name();
  Failure expected(std::string_view what) const;
  Failure fail(std::string says) const;
  Failure fail_at(syntax::Offset offset, std::string says) const;

 private:
  Result<void> read_rule(std::vector<syntax::Rule>& out, std::size_t depth);
  Result<void> read_source(syntax::Source& out);
  Result<bool> read_source_part(syntax::Source& out);
  Result<void> read_cardinality(syntax::Source& out);
  Result<void> read_default(syntax::Source& out);
  Result<void> read_clause(syntax::Expression& out);
  bool ends_clause();
  bool read_source_list(syntax::Source& out);
  Result<void> read_targets(syntax::Rule& out);
  Result<void> read_target(syntax::Target& out);
  Result<void> read_target_list(syntax::Target& out);
  Result<void> read_transform(syntax::Target& out);
  Result<void> read_batch(const syntax::Rule& head, std::vector<syntax::Rule>& out);
  Result<void> read_then(syntax::Rule& out, std::size_t depth);
  Result<void> read_arguments(std::vector<syntax::Argument>& out);
  Result<syntax::Argument> read_argument();
  void read_nested(syntax::Argument& argument, Lexer& inner);
  Result<std::vector<syntax::Name>> path();
  void skip_for();
  bool is_rule_name();
  void read_rule_name(syntax::Rule& out);
  bool read_term(syntax::Target& out);

  const syntax::Map& map_;
  Lexer& lexer_;
  std::size_t nesting_;
};

}  // namespace vardbron::mapping
