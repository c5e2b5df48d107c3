#pragma once

// Tested by tests/mapping/parse_test.cpp and tests/mapping/concept_map_test.cpp.

#include "gateway/mapping/syntax/lex.h"
#include "gateway/mapping/syntax/parse_rule.h"
#include "gateway/mapping/syntax/syntax.h"

#include <string>
#include <vector>

namespace vardbron::mapping {

/// The part of the parser that reads embedded concept maps: `conceptmap "id" { .. }`.
class CodesParser {
 public:
  CodesParser(Lexer& lexer, RuleParser& words) : lexer_(lexer), words_(words) {}

  /// With the current token `conceptmap`.
  Result<void> read(std::vector<syntax::EmbeddedConceptMap>& out);

 private:
  Result<void> read_line(syntax::EmbeddedConceptMap& out);
  Result<void> read_prefix(syntax::EmbeddedConceptMap& out);
  Result<void> read_unmapped(syntax::EmbeddedConceptMap& out);
  Result<void> read_pair(syntax::EmbeddedConceptMap& out);
  Result<void> read_code(syntax::Name& prefix, syntax::Name& code);
  void read_rest_of_code(syntax::Name& code);
  void read_display(std::string& out);
  bool read_relation(syntax::CodePair& pair);
  bool is_alone(const syntax::CodePair& pair);

  Lexer& lexer_;
  RuleParser& words_;
};

}  // namespace vardbron::mapping
