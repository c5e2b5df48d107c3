#include "gateway/fhirpath/language/parser.h"

#include "gateway/base/limits.h"
#include "gateway/fhirpath/values/arena.h"

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

struct OperatorInfo {
  std::string_view symbol;
  Operator op;
  int precedence;
};

constexpr int type_precedence = 8;
constexpr int unary_precedence = 11;

constexpr OperatorInfo operators[] = {{"implies", Operator::Implies, 1},
                                      {"or", Operator::Or, 2},
                                      {"xor", Operator::Xor, 2},
                                      {"and", Operator::And, 3},
                                      {"in", Operator::In, 4},
                                      {"contains", Operator::Contains, 4},
                                      {"=", Operator::Equal, 5},
                                      {"~", Operator::Equivalent, 5},
                                      {"!=", Operator::NotEqual, 5},
                                      {"!~", Operator::NotEquivalent, 5},
                                      {"<=", Operator::LessOrEqual, 6},
                                      {"<", Operator::Less, 6},
                                      {">", Operator::Greater, 6},
                                      {">=", Operator::GreaterOrEqual, 6},
                                      {"|", Operator::Union, 7},
                                      {"is", Operator::Is, type_precedence},
                                      {"as", Operator::As, type_precedence},
                                      {"+", Operator::Add, 9},
                                      {"-", Operator::Subtract, 9},
                                      {"&", Operator::Concatenate, 9},
                                      {"*", Operator::Multiply, 10},
                                      {"/", Operator::Divide, 10},
                                      {"div", Operator::WholeDivide, 10},
                                      {"mod", Operator::Modulo, 10}};

const OperatorInfo* find_operator(const Token& token) {
  if (token.kind != TokenKind::Symbol && token.kind != TokenKind::Word) return nullptr;
  for (const OperatorInfo& known : operators) {
    if (token.text == known.symbol) return &known;
  }
  return nullptr;
}

bool is_reserved(const Token& token) {
  static constexpr std::string_view words[] = {"and", "or", "xor", "implies", "div", "mod"};
  return token.kind == TokenKind::Word && std::find(std::begin(words), std::end(words), token.text) != std::end(words);
}

std::string shown(const Token& token) {
  if (token.kind == TokenKind::End) return "the expression ends";
  if (token.kind == TokenKind::Broken) return token.text;
  if (token.kind == TokenKind::String) return "a text stands here";
  return "'" + token.text + "' stands here";
}

}  // namespace

/// Counts the recursion depth of the parser.
struct Parser::Depth {
  explicit Depth(Parser& parser) : parser_(parser) { ++parser_.depth_; }
  ~Depth() { --parser_.depth_; }
  bool is_too_deep() const { return parser_.depth_ > limits::expression_depth_max; }
  Parser& parser_;
};

Result<NodeIndex> Parser::parse_all() {
  NodeIndex node = expression(0);
  if (!failure_ && token_.kind != TokenKind::End) fail_at_token("an operator or the end");
  if (failure_) return *std::move(failure_);
  return node;
}

void Parser::advance() { token_ = lexer_.next(); }

NodeIndex Parser::fail(std::string says) {
  if (!failure_) failure_ = Failure{Cause::Invalid, std::move(says), code_.where(token_.begin)};
  return no_index;
}

NodeIndex Parser::fail_at_token(std::string_view expected) {
  return fail("Expected " + std::string(expected) + ", but " + shown(token_) + ".");
}

NodeIndex Parser::add(Node node) {
  std::uint32_t height = 0;
  if (node.input != no_index) height = heights_[node.input] + 1;
  for (NodeIndex argument : node.arguments) height = std::max(height, heights_[argument] + 1);
  if (height > limits::expression_chain_max) {
    fail("This expression is nested or chained more than " + std::to_string(limits::expression_chain_max) + " deep.");
    return no_index;
  }
  heights_.push_back(height);
  code_.nodes.push_back(std::move(node));
  return static_cast<NodeIndex>(code_.nodes.size() - 1);
}

NodeIndex Parser::expression(int precedence) {
  Depth depth(*this);
  if (depth.is_too_deep())
    return fail("This expression is nested more than " + std::to_string(limits::expression_depth_max) + " deep.");
  NodeIndex left = unary();
  while (!failure_) {
    const OperatorInfo* found = find_operator(token_);
    if (found == nullptr || found->precedence <= precedence) break;
    left = found->precedence == type_precedence ? type_test(left) : binary(left, found->op, found->precedence);
  }
  return left;
}

NodeIndex Parser::binary(NodeIndex left, Operator op, int precedence) {
  Node node;
  node.form = Form::Binary;
  node.op = op;
  node.at = static_cast<std::uint32_t>(token_.begin);
  advance();
  NodeIndex right = expression(precedence);
  if (failure_) return no_index;
  node.arguments = {left, right};
  return add(std::move(node));
}

NodeIndex Parser::type_test(NodeIndex left) {
  Node node;
  node.form = Form::TypeTest;
  node.op = token_.text == "is" ? Operator::Is : Operator::As;
  node.at = static_cast<std::uint32_t>(token_.begin);
  node.arguments = {left};
  advance();
  if (!type_name(node.text)) return fail_at_token("the name of a type");
  return add(std::move(node));
}

bool Parser::type_name(std::string& name) {
  for (;;) {
    if (token_.kind != TokenKind::Word && token_.kind != TokenKind::Delimited) return false;
    name += token_.text;
    advance();
    if (!token_.is(".")) return true;
    advance();
    name += '.';
  }
}

NodeIndex Parser::unary() {
  if (!token_.is("+") && !token_.is("-")) return postfix(term());
  Node node;
  node.form = Form::Polarity;
  node.op = token_.is("-") ? Operator::Subtract : Operator::Add;
  node.at = static_cast<std::uint32_t>(token_.begin);
  advance();
  NodeIndex operand = expression(unary_precedence);
  if (failure_) return no_index;
  node.arguments = {operand};
  return add(std::move(node));
}

NodeIndex Parser::postfix(NodeIndex node) {
  while (!failure_) {
    if (token_.is(".")) {
      advance();
      node = invocation(node);
    } else if (token_.is("[")) {
      node = indexer(node);
    } else if (token_.is("{") && is_type_path(node)) {
      node = instance(node);
    } else {
      break;
    }
  }
  return node;
}

NodeIndex Parser::indexer(NodeIndex node) {
  Node indexed;
  indexed.form = Form::Indexer;
  indexed.at = static_cast<std::uint32_t>(token_.begin);
  indexed.input = node;
  advance();
  NodeIndex index = expression(0);
  if (failure_) return no_index;
  if (!token_.is("]")) return fail_at_token("']'");
  advance();
  indexed.arguments = {index};
  return add(std::move(indexed));
}

bool Parser::is_type_path(NodeIndex node) const {
  const Node& name = code_.nodes[node];
  return name.form == Form::Member && (name.input == no_index || is_type_path(name.input));
}

/// Coding { system: 'x', code: 'y' } creates an element (FHIRPath 3, Instance Selector); the type was parsed as a path.
NodeIndex Parser::instance(NodeIndex type) {
  Node node;
  node.form = Form::Instance;
  for (NodeIndex part = type; part != no_index; part = code_.nodes[part].input)
    node.text = node.text.empty() ? code_.nodes[part].text : code_.nodes[part].text + "." + node.text;
  node.at = code_.nodes[type].at;
  advance();
  if (token_.is(":")) {  // {:} has no elements
    advance();
  } else if (!instance_elements(node)) {
    return no_index;
  }
  if (!token_.is("}")) return fail_at_token("'}' or ','");
  advance();
  return add(std::move(node));
}

bool Parser::instance_elements(Node& node) {
  for (;;) {
    if (token_.kind != TokenKind::Word && token_.kind != TokenKind::Delimited) {
      fail_at_token("the name of an element");
      return false;
    }
    node.members.push_back(token_.text);
    advance();
    if (!token_.is(":")) {
      fail_at_token("':'");
      return false;
    }
    advance();
    NodeIndex value = expression(0);
    if (failure_) return false;
    node.arguments.push_back(value);
    if (!token_.is(",")) return true;
    advance();
  }
}

NodeIndex Parser::term() {
  switch (token_.kind) {
    case TokenKind::Integer:
    case TokenKind::Long:
    case TokenKind::Decimal: return number();
    case TokenKind::String: return text_literal();
    case TokenKind::Date:
    case TokenKind::DateTime:
    case TokenKind::Time: return moment();
    case TokenKind::Symbol: return symbol_term();
    case TokenKind::Delimited: return invocation(no_index);
    case TokenKind::Word: break;
    case TokenKind::End:
    case TokenKind::Broken: return fail_at_token("a value, a name or a function");
  }
  if (token_.is_word("true") || token_.is_word("false")) {
    Value value(token_.is_word("true"));
    return literal(value);
  }
  if (is_reserved(token_)) return fail_at_token("a value, a name or a function");
  return invocation(no_index);
}

NodeIndex Parser::symbol_term() {
  if (token_.is("(")) return parenthesized();
  if (token_.is("%")) return environment();
  if (token_.text[0] == '$') return invocation(no_index);
  if (!token_.is("{")) return fail_at_token("a value, a name or a function");
  Node empty;
  empty.at = static_cast<std::uint32_t>(token_.begin);
  advance();
  if (!token_.is("}")) return fail_at_token("'}'");
  advance();
  return add(std::move(empty));
}

NodeIndex Parser::parenthesized() {
  advance();
  NodeIndex inside = expression(0);
  if (failure_) return no_index;
  if (!token_.is(")")) return fail_at_token("')'");
  advance();
  return inside;
}

NodeIndex Parser::environment() {
  Node node;
  node.form = Form::Environment;
  node.at = static_cast<std::uint32_t>(token_.begin);
  std::size_t behind = token_.end;
  advance();
  bool is_name = token_.kind == TokenKind::Word || token_.kind == TokenKind::Delimited || token_.kind == TokenKind::String;
  if (!is_name || token_.begin != behind) return fail_at_token("the name of a variable right behind %");
  node.text = token_.text;
  advance();
  return add(std::move(node));
}

NodeIndex Parser::invocation(NodeIndex input) {
  Node node;
  node.at = static_cast<std::uint32_t>(token_.begin);
  node.input = input;
  if (token_.kind == TokenKind::Symbol && token_.text[0] == '$') {
    node.form = token_.text == "$this" ? Form::This : token_.text == "$index" ? Form::Index : Form::Total;
    advance();
    return add(std::move(node));
  }
  if (token_.kind != TokenKind::Word && token_.kind != TokenKind::Delimited)
    return fail_at_token("the name of an element or function");
  std::string name = token_.text;
  advance();
  if (token_.is("(")) return call(input, std::move(name), node.at);
  node.form = Form::Member;
  node.text = std::move(name);
  return add(std::move(node));
}

NodeIndex Parser::call(NodeIndex input, std::string name, std::size_t at) {
  Node node;
  node.form = Form::Call;
  node.at = static_cast<std::uint32_t>(at);
  node.input = input;
  node.text = std::move(name);
  advance();
  if (!token_.is(")") && !arguments(node)) return no_index;
  if (!token_.is(")")) return fail_at_token("')' or ','");
  advance();
  return add(std::move(node));
}

bool Parser::arguments(Node& node) {
  for (;;) {
    bool minus = node.text == "sort" && token_.is("-");
    NodeIndex argument = expression(0);
    if (failure_) return false;
    Node& parsed = code_.nodes[argument];
    if (minus && parsed.form == Form::Polarity) {  // sort(-key): descending, also for values without negation
      argument = parsed.arguments[0];
      code_.nodes[argument].descending = code_.nodes[argument].minus_key = true;
    } else if (node.text == "sort" && (token_.is_word("asc") || token_.is_word("desc"))) {
      parsed.descending = token_.is_word("desc");
      advance();
    }
    node.arguments.push_back(argument);
    if (!token_.is(",")) return true;
    advance();
  }
}

NodeIndex Parser::number() {
  Token first = token_;
  advance();
  bool calendar = token_.kind == TokenKind::Word && is_calendar_unit(token_.text);
  if (token_.kind == TokenKind::String || calendar) {
    std::optional<Decimal> amount = Decimal::parse(first.text);
    if (!amount) return fail("This number has more than 38 digits.");
    Quantity quantity{*amount, code_.kept.arena().keep(token_.text), calendar || is_calendar_unit(token_.text), false};
    return literal(Value::of(code_.kept.arena().keep(quantity)));
  }
  Node node;
  node.form = Form::Literal;
  node.at = static_cast<std::uint32_t>(first.begin);
  std::optional<Decimal> value = Decimal::parse(first.text);
  if (!value) return fail("This number has more than 38 digits.");
  std::optional<std::int64_t> whole = first.kind == TokenKind::Decimal ? std::nullopt : value->to_integer();
  if (first.kind == TokenKind::Long && !whole) return fail("This number does not fit a Long.");
  if (whole && first.kind == TokenKind::Long) {
    node.constant = Value::of(*whole, ValueKind::Long);
  } else if (whole && *whole <= INT32_MAX) {
    node.constant = Value::of(*whole);
  } else {
    node.constant = Value::of(*value);  // an integer that does not fit becomes an exact Decimal
  }
  return add(std::move(node));
}

NodeIndex Parser::literal(Value value) {
  Node node;
  node.form = Form::Literal;
  node.at = static_cast<std::uint32_t>(token_.begin);
  node.constant = value;
  advance();
  return add(std::move(node));
}

NodeIndex Parser::text_literal() { return literal(Value::of(code_.kept.arena().keep(token_.text))); }

NodeIndex Parser::moment() {
  Moment::Form form = token_.kind == TokenKind::Date       ? Moment::Form::Date
                      : token_.kind == TokenKind::DateTime ? Moment::Form::DateTime
                                                           : Moment::Form::Time;
  std::optional<Moment> value = Moment::parse(token_.text, form, time::fhirpath_text);
  if (!value) return fail("This is no date or time of the calendar.");
  return literal(Value::of(*value));
}

}  // namespace vardbron::fhirpath
