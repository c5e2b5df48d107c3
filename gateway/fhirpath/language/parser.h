#pragma once

// Tested by tests/fhirpath/edges_test.cpp, tests/fhirpath/errors_test.cpp and tests/fhirpath/limits_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhirpath/language/code.h"
#include "gateway/fhirpath/language/lexer.h"

namespace vardbron::fhirpath {

/// Parses an expression by precedence climbing (N1 grammar, 10.3) into the nodes of a program.
class Parser {
 public:
  explicit Parser(Program::Code& code) : code_(code), lexer_(code.text) { token_ = lexer_.next(); }

  Result<NodeIndex> parse_all();

 private:
  struct Depth;

  void advance();
  NodeIndex fail(std::string says);
  NodeIndex fail_at_token(std::string_view expected);
  NodeIndex add(Node node);
  NodeIndex chain(NodeIndex node, NodeIndex left);

  NodeIndex expression(int precedence);
  NodeIndex binary(NodeIndex left, Operator op, int precedence);
  NodeIndex type_test(NodeIndex left);
  NodeIndex unary();
  NodeIndex postfix(NodeIndex node);
  NodeIndex indexer(NodeIndex node);
  bool is_type_path(NodeIndex node) const;
  NodeIndex instance(NodeIndex type);
  bool instance_elements(Node& node);
  NodeIndex term();
  NodeIndex parenthesized();
  NodeIndex symbol_term();
  NodeIndex environment();
  NodeIndex invocation(NodeIndex input);
  NodeIndex call(NodeIndex input, std::string name, std::size_t at);
  bool arguments(Node& node);
  NodeIndex number();
  NodeIndex literal(Value value);
  NodeIndex text_literal();
  NodeIndex moment();
  bool type_name(std::string& name);

  Program::Code& code_;
  Lexer lexer_;
  Token token_;
  std::size_t depth_ = 0;
  std::vector<std::uint32_t> heights_;  // height of the tree below each node
  std::optional<Failure> failure_;
};

}  // namespace vardbron::fhirpath
