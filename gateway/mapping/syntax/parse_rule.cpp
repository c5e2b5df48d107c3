#include "gateway/mapping/syntax/parse_rule.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace vardbron::mapping {

using syntax::Expression;
using syntax::Name;

Failure RuleParser::fail_at(syntax::Offset offset, std::string says) const {
  return Failure{Cause::Invalid, std::move(says), map_.where(offset)};
}

Failure RuleParser::fail(std::string says) const { return fail_at(lexer_.peek().offset, std::move(says)); }

Failure RuleParser::expected(std::string_view what) const {
  const Token& token = lexer_.peek();
  std::string found = token.kind == Token::Kind::End        ? "the text ends"
                      : token.kind == Token::Kind::Unclosed ? "a quote is never closed"
                                                            : "found '" + std::string(token.text.substr(0, 40)) + "'";
  return fail("expected " + std::string(what) + ", but " + found);
}

Result<Name> RuleParser::word(std::string_view what) {
  const bool delimited = lexer_.peek().kind == Token::Kind::Delimited;
  if (lexer_.peek().kind != Token::Kind::Word && !delimited) return expected(what);
  Token token = lexer_.take();
  return Name{delimited ? unquoted(token.text) : std::string(token.text), token.offset};
}

Result<Name> RuleParser::quoted(std::string_view what) {
  const Token::Kind kind = lexer_.peek().kind;  // back-ticks: R4's grammar
  if (kind != Token::Kind::Single && kind != Token::Kind::Double && kind != Token::Kind::Delimited) return expected(what);
  Token token = lexer_.take();
  return Name{unquoted(token.text), token.offset};
}

Result<Name> RuleParser::name(std::string_view what) {
  return lexer_.peek().kind == Token::Kind::Word ? word(what) : quoted(what);
}

Result<Name> RuleParser::type_name() {
  const Token& token = lexer_.peek();
  if (token.kind == Token::Kind::Delimited || token.kind == Token::Kind::Single || token.kind == Token::Kind::Double) {
    Token taken = lexer_.take();
    return Name{unquoted(taken.text), taken.offset};
  }
  Result<Name> first = word("a type");
  if (!first) return first;
  while (lexer_.peek().is(".")) {  // Bundle.entry, FHIR.Patient
    lexer_.take();
    Result<Name> next = word("a name after '.'");
    if (!next) return next;
    first->text += "." + next->text;
  }
  return first;
}

Result<std::vector<Name>> RuleParser::path() {
  std::vector<Name> out;
  do {
    const Token& token = lexer_.peek();
    if (token.kind != Token::Kind::Word && token.kind != Token::Kind::Delimited) return expected("a name");
    Token taken = lexer_.take();
    bool delimited = taken.kind == Token::Kind::Delimited;
    Name name{delimited ? unquoted(taken.text) : std::string(taken.text), taken.offset};
    if (lexer_.peek().is("[")) {  // R4 texts write value[x]
      lexer_.take();
      if (!lexer_.take_if("x") || !lexer_.take_if("]")) return expected("'[x]'");
    }
    out.push_back(std::move(name));
  } while (lexer_.take_if("."));
  return out;
}

Result<void> RuleParser::read_block(std::vector<syntax::Rule>& out, syntax::Offset& close, std::size_t depth) {
  if (depth > limits::expression_depth_max) return fail("rules stand inside rules deeper than expression_depth_max");
  if (!lexer_.take_if("{")) return expected("'{' and rules");
  while (!lexer_.peek().is("}")) {
    Result<void> rule = read_rule(out, depth);
    if (!rule) return rule;
  }
  close = lexer_.take().offset;
  return done();
}

Result<void> RuleParser::read_rule(std::vector<syntax::Rule>& out, std::size_t depth) {
  syntax::Rule rule;
  rule.offset = lexer_.peek().offset;
  skip_for();
  do {
    Result<void> source = read_source(rule.sources.emplace_back());
    if (!source) return source;
  } while (lexer_.take_if(","));
  if (lexer_.take_if("->")) {
    Result<void> targets = read_targets(rule);
    if (!targets) return targets;
    if (lexer_.peek().is(":")) return read_batch(rule, out);
  }
  if (lexer_.take_if("then")) {
    Result<void> dependents = read_then(rule, depth);
    if (!dependents) return dependents;
  }
  read_rule_name(rule);
  if (!lexer_.take_if(";")) return expected("';' at the end of the rule");
  const bool bare_source = rule.sources.size() == 1 && !rule.sources.front().alias;
  bool bare_target = rule.targets.size() == 1 && rule.targets[0].kind == syntax::Target::Kind::Create && !rule.targets[0].alias &&
                     rule.targets[0].list == syntax::TargetList::None;
  rule.is_identity = bare_source && bare_target && rule.calls.empty() && rule.rules.empty();
  out.push_back(std::move(rule));
  return done();
}

/// The standard's older examples begin a rule with `for`: `for src.row as row -> ..`. It may also be a variable's name.
void RuleParser::skip_for() {
  const syntax::Offset start = lexer_.peek().offset;
  if (!lexer_.take_if("for")) return;
  const Token& next = lexer_.peek();
  static constexpr std::array<std::string_view, 12> clauses{"as",    "where", "check",     "log",      "default",  "then",
                                                            "first", "last",  "not_first", "not_last", "only_one", ""};
  const bool is_clause = std::find(clauses.begin(), clauses.end(), next.text) != clauses.end();
  const bool is_name = next.kind == Token::Kind::Word || next.kind == Token::Kind::Delimited;
  if (!is_name || is_clause) lexer_.rewind(start);
}

/// In quotes (R4, the guide) or a word (R5's grammar). A word is one only before the rule's end, so that a list mode stays a list
/// mode and a missing semicolon is reported where it is missing.
bool RuleParser::is_rule_name() {
  const Token token = lexer_.peek();
  if (token.kind == Token::Kind::Double || token.kind == Token::Kind::Single || token.kind == Token::Kind::Delimited) return true;
  if (token.kind != Token::Kind::Word) return false;
  lexer_.take();
  const bool is_last = lexer_.peek().is(";");
  lexer_.rewind(token.offset);
  return is_last;
}

void RuleParser::read_rule_name(syntax::Rule& out) {
  if (!is_rule_name()) return;
  const Token token = lexer_.take();
  out.name = token.kind == Token::Kind::Word ? std::string(token.text) : unquoted(token.text);
}

Result<void> RuleParser::read_batch(const syntax::Rule& head, std::vector<syntax::Rule>& out) {
  bool plain = head.sources.size() == 1 && head.targets.size() == 1 && head.targets[0].kind == syntax::Target::Kind::Create;
  if (!plain) return fail("the batch form is `source -> target: element, element;` with one source and one target");
  lexer_.take();
  std::size_t first = out.size();
  do {
    Result<std::vector<Name>> element = path();
    if (!element) return std::move(element).failure();
    syntax::Rule rule = head;
    rule.is_identity = true;
    rule.offset = element->front().offset;
    for (const Name& name : *element) {
      rule.sources[0].path.push_back(name);
      rule.targets[0].path.push_back(name);
    }
    out.push_back(std::move(rule));
  } while (lexer_.take_if(","));
  syntax::Rule named;
  read_rule_name(named);
  for (std::size_t i = first; i < out.size() && !named.name.empty(); ++i)
    out[i].name = named.name + "." + out[i].sources[0].path.back().text;
  if (!lexer_.take_if(";")) return expected("',' or ';' after the element");
  return done();
}

Result<void> RuleParser::read_source(syntax::Source& out) {
  out.offset = lexer_.peek().offset;
  Result<std::vector<Name>> names = path();
  if (!names) return std::move(names).failure();
  out.path = std::move(*names);
  while (true) {
    Result<bool> more = read_source_part(out);
    if (!more) return std::move(more).failure();
    if (!*more) return done();
  }
}

Result<bool> RuleParser::read_source_part(syntax::Source& out) {
  Result<void> read = done();
  if (lexer_.peek().kind == Token::Kind::Integer) {
    read = read_cardinality(out);
  } else if (lexer_.take_if(":")) {
    Result<Name> type = type_name();
    if (!type) return std::move(type).failure();
    out.type = std::move(*type);
  } else if (lexer_.take_if("default")) {
    read = read_default(out);
  } else if (lexer_.take_if("as")) {
    Result<Name> alias = word("a variable's name after 'as'");
    if (!alias) return std::move(alias).failure();
    out.alias = std::move(*alias);
  } else if (lexer_.take_if("where")) {
    read = read_clause(out.where);
  } else if (lexer_.take_if("check")) {
    read = read_clause(out.check);
  } else if (lexer_.take_if("log")) {
    read = read_clause(out.log);
  } else if (!read_source_list(out)) {
    return false;
  }
  if (!read) return std::move(read).failure();
  return true;
}

bool RuleParser::read_source_list(syntax::Source& out) {
  static constexpr std::array<std::string_view, 6> words{"", "first", "not_first", "last", "not_last", "only_one"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!lexer_.take_if(words[i])) continue;
    out.list = static_cast<syntax::SourceList>(i);
    return true;
  }
  return false;
}

Result<void> RuleParser::read_cardinality(syntax::Source& out) {
  auto bound = [this](std::uint32_t& value) {
    std::optional<std::int64_t> number = parse_int(lexer_.take().text);
    if (!number || *number > INT32_MAX) return false;
    value = static_cast<std::uint32_t>(*number);
    return true;
  };
  out.has_cardinality = true;
  if (!bound(out.min)) return fail("the cardinality is too large");
  if (!lexer_.take_if("..")) return expected("'..' and the upper bound");
  if (lexer_.take_if("*")) return done();
  if (lexer_.peek().kind != Token::Kind::Integer) return expected("a number or '*'");
  if (!bound(out.max)) return fail("the cardinality is too large");
  if (out.max < out.min) return fail("the upper bound is below the lower bound");
  return done();
}

Result<void> RuleParser::read_default(syntax::Source& out) {
  if (lexer_.peek().is("(")) {
    if (!lexer_.cut_parentheses(out.default_value)) return expected("')' after the default");
    if (!out.default_value) return fail("the default is empty");
    return done();
  }
  const syntax::Offset start = lexer_.peek().offset;
  const bool negative = lexer_.take_if("-");
  if (!lexer_.peek().is_literal()) return expected("'(' and a FHIRPath expression, or a literal");
  Token token = lexer_.take();
  out.default_value = Expression{(negative ? "-" : "") + std::string(token.text), start};
  if (token.kind != Token::Kind::Double) return done();
  lexer_.rewind(start);
  lexer_.cut_term(out.default_value);  // converts its quotes to FHIRPath's
  return done();
}

/// After the `)` of a clause: true if the FHIRPath expression ends there, unlike in R4's `where (a) and (b)`.
bool RuleParser::ends_clause() {
  static constexpr std::array<std::string_view, 15> symbols{".", "[", "*", "/", "+", "-",  "&", "|",
                                                            "<", ">", "=", "~", "!", "<=", ">="};
  static constexpr std::array<std::string_view, 9> words{"and", "or", "xor", "implies", "in", "contains", "div", "mod", "is"};
  const Token token = lexer_.peek();
  if (token.kind == Token::Kind::Symbol)
    return token.text != "!=" && std::find(symbols.begin(), symbols.end(), token.text) == symbols.end();
  return token.kind != Token::Kind::Word || std::find(words.begin(), words.end(), token.text) == words.end() || is_rule_name();
}

Result<void> RuleParser::read_clause(Expression& out) {
  syntax::Offset start = lexer_.peek().offset;
  if (lexer_.peek().is("(")) {
    if (!lexer_.cut_parentheses(out)) return fail_at(start, "this '(' is never closed");
    if (ends_clause()) return out ? done() : Result<void>(fail_at(start, "the FHIRPath expression is empty"));
    lexer_.rewind(start);  // R4: where (a) and (b)
  }
  lexer_.cut_clause(out);
  if (!out) return expected("a FHIRPath expression in parentheses");
  return done();
}

Result<void> RuleParser::read_then(syntax::Rule& out, std::size_t depth) {
  if (!lexer_.peek().is("{")) {
    do {
      syntax::Call call;
      Result<Name> group = name("a group's name or '{' after 'then'");
      if (!group) return std::move(group).failure();
      call.group = std::move(*group);
      if (!lexer_.peek().is("(")) return expected("'(' and the group's arguments");
      Result<void> arguments = read_arguments(call.arguments);
      if (!arguments) return arguments;
      out.calls.push_back(std::move(call));
    } while (lexer_.take_if(","));
    if (!lexer_.peek().is("{")) return done();
  }
  return read_block(out.rules, out.close, depth + 1);
}

}  // namespace vardbron::mapping
