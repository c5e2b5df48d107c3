// Tested by tests/mapping/parse_test.cpp and tests/mapping/forms_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/mapping/syntax/parse_rule.h"
#include "gateway/mapping/syntax/transform_table.h"

#include <algorithm>
#include <array>

namespace vardbron::mapping {

using syntax::Argument;
using syntax::Expression;
using syntax::LiteralKind;
using syntax::Name;

namespace {

Argument literal(const Token& token) {
  Argument argument;
  argument.offset = token.offset;
  argument.text = token.text;
  switch (token.kind) {
    case Token::Kind::Integer: argument.literal = LiteralKind::Integer; break;
    case Token::Kind::Decimal: argument.literal = LiteralKind::Decimal; break;
    case Token::Kind::Date: argument.literal = LiteralKind::Date; break;
    case Token::Kind::DateTime: argument.literal = LiteralKind::DateTime; break;
    case Token::Kind::Time: argument.literal = LiteralKind::Time; break;
    case Token::Kind::Word: argument.literal = LiteralKind::Boolean; break;
    default: argument.literal = LiteralKind::String; argument.text = unquoted(token.text);
  }
  // FHIRPath writes moments as @2015-02-04, @2015T, @T14:30; the value is the rest.
  if (argument.literal == LiteralKind::Date || argument.literal == LiteralKind::DateTime) argument.text.erase(0, 1);
  if (argument.literal == LiteralKind::Time) argument.text.erase(0, 2);
  if (argument.literal == LiteralKind::DateTime && argument.text.back() == 'T') argument.text.pop_back();
  if (argument.literal == LiteralKind::Integer && argument.text.back() == 'L') argument.text.pop_back();
  if (argument.literal == LiteralKind::Decimal && argument.text.front() == '.') argument.text.insert(0, "0");
  return argument;
}

}  // namespace

Result<void> RuleParser::read_targets(syntax::Rule& out) {
  do {
    Result<void> target = read_target(out.targets.emplace_back());
    if (!target) return target;
  } while (lexer_.take_if(","));
  return done();
}

Result<void> RuleParser::read_target(syntax::Target& out) {
  out.offset = lexer_.peek().offset;
  if (lexer_.peek().is("(")) {
    out.kind = syntax::Target::Kind::Expression;
    if (!lexer_.cut_parentheses(out.expression)) return fail_at(out.offset, "this '(' is never closed");
  } else {
    Result<std::vector<Name>> names = path();
    if (!names) return std::move(names).failure();
    if (lexer_.peek().is("(")) {
      if (names->size() != 1) return expected("'=' and a transform");
      out.kind = syntax::Target::Kind::Call;
      out.function = std::move(names->front());
      Result<void> arguments = read_arguments(out.arguments);
      if (!arguments) return arguments;
    } else {
      out.path = std::move(*names);
      if (lexer_.take_if("=")) {
        Result<void> transform = read_transform(out);
        if (!transform) return transform;
      }
    }
  }
  return read_target_list(out);
}

Result<void> RuleParser::read_target_list(syntax::Target& out) {
  while (true) {
    const Token token = lexer_.peek();
    if (lexer_.take_if("as")) {
      Result<Name> alias = word("a variable's name after 'as'");
      if (!alias) return std::move(alias).failure();
      out.alias = std::move(*alias);
      continue;
    }
    const syntax::TargetList before = out.list;
    if (lexer_.take_if("first")) {
      out.list = syntax::TargetList::First;
    } else if (lexer_.take_if("last")) {
      out.list = syntax::TargetList::Last;
    } else if (lexer_.take_if("single") || lexer_.take_if("collate")) {
      out.list = syntax::TargetList::Single;
    } else if (lexer_.take_if("share")) {
      out.list = syntax::TargetList::Share;
      Result<Name> share = word("a name after 'share'");
      if (!share) return std::move(share).failure();
      out.share = std::move(*share);
    } else {
      return done();
    }
    if (before != syntax::TargetList::None) return fail_at(token.offset, "a target has one list mode, and this is its second");
  }
}

/// The part after `=`.
Result<void> RuleParser::read_transform(syntax::Target& out) {
  if (lexer_.peek().is("(")) {
    syntax::Offset start = lexer_.peek().offset;
    out.kind = syntax::Target::Kind::Expression;
    if (!lexer_.cut_parentheses(out.expression)) return fail_at(start, "this '(' is never closed");
    return out.expression ? done() : Result<void>(fail_at(start, "the FHIRPath expression is empty"));
  }
  if (read_term(out)) return done();
  bool negative = lexer_.take_if("-");
  if (lexer_.peek().is_literal()) {
    out.kind = syntax::Target::Kind::Literal;
    out.arguments.push_back(literal(lexer_.take()));
    if (negative) out.arguments[0].text.insert(0, "-");
    return done();
  }
  if (negative) return expected("a number after '-'");
  syntax::Offset start = lexer_.peek().offset;
  Result<std::vector<Name>> names = path();
  if (!names) return expected("a transform: a literal, a variable, a function or '(' and a FHIRPath expression");
  if (lexer_.peek().is("(") && names->size() == 1) {
    out.kind = syntax::Target::Kind::Call;
    out.function = std::move(names->front());
    return read_arguments(out.arguments);
  }
  out.kind = syntax::Target::Kind::Copy;
  Argument argument;
  argument.kind = Argument::Kind::Path;
  argument.offset = start;
  argument.path = std::move(*names);
  out.arguments.push_back(std::move(argument));
  return done();
}

/// FHIRPath that needs no parentheses: `%name`, a quantity, and `{}`. At another token: reads nothing.
bool RuleParser::read_term(syntax::Target& out) {
  const Token first = lexer_.peek();
  const bool is_number = first.kind == Token::Kind::Integer || first.kind == Token::Kind::Decimal;
  if (!is_number && !first.is("%") && !first.is("{")) return false;
  Expression whole;
  if (is_number) {
    static constexpr std::array<std::string_view, 8> units{"year", "month",  "week",   "day",
                                                           "hour", "minute", "second", "millisecond"};
    lexer_.take();
    const Token unit = lexer_.peek();
    std::string_view word = unit.kind == Token::Kind::Word ? unit.text : std::string_view();
    if (word.ends_with('s')) word.remove_suffix(1);
    const bool has_unit = unit.kind == Token::Kind::Single || std::find(units.begin(), units.end(), word) != units.end();
    if (has_unit) {
      lexer_.take();
      whole = {std::string(first.text) + " " + std::string(unit.text), first.offset};
    }
  } else if (first.is("{")) {
    lexer_.take();
    if (lexer_.take_if("}")) whole = {"{}", first.offset};
  } else {
    lexer_.cut_term(whole);
  }
  if (!whole) {
    lexer_.rewind(first.offset);
    return false;
  }
  out.kind = syntax::Target::Kind::Expression;
  out.expression = std::move(whole);
  return true;
}

Result<void> RuleParser::read_arguments(std::vector<Argument>& out) {
  lexer_.take();
  if (lexer_.take_if(")")) return done();
  do {
    Result<Argument> argument = read_argument();
    if (!argument) return std::move(argument).failure();
    out.push_back(std::move(*argument));
  } while (lexer_.take_if(","));
  if (!lexer_.take_if(")")) return expected("',' or ')' after the argument");
  return done();
}

Result<Argument> RuleParser::read_argument() {
  syntax::Offset start = lexer_.peek().offset;
  Expression whole;
  lexer_.cut_argument(whole);
  if (!whole) return expected("an argument");
  // An argument of one token or a dotted name is no expression; to detect that, it is read a second time.
  Lexer inner(std::string_view(map_.text).substr(0, lexer_.peek().offset));
  inner.rewind(start);
  if (inner.peek().is_literal()) {
    Argument argument = literal(inner.take());
    argument.offset = start;
    argument.expression = whole;
    if (inner.peek().kind == Token::Kind::End) return argument;
  } else {
    Argument argument;
    argument.kind = Argument::Kind::Path;
    argument.offset = start;
    argument.expression = whole;
    while (inner.peek().kind == Token::Kind::Word || inner.peek().kind == Token::Kind::Delimited) {
      Token token = inner.take();
      argument.path.push_back(
          {token.kind == Token::Kind::Delimited ? unquoted(token.text) : std::string(token.text), token.offset});
      if (!inner.take_if(".")) break;
    }
    if (!argument.path.empty() && inner.peek().kind == Token::Kind::End) return argument;
  }
  Argument argument;
  argument.kind = Argument::Kind::Expression;
  argument.offset = start;
  argument.expression = std::move(whole);
  inner.rewind(start);
  read_nested(argument, inner);
  return argument;
}

/// A transform as an argument of another: an extension, see LANGUAGE.md. `inner` is at the argument. What is none, or too deep,
/// stays a FHIRPath expression.
void RuleParser::read_nested(Argument& argument, Lexer& inner) {
  if (find_function(inner.peek().text) == nullptr || nesting_ >= limits::expression_depth_max) return;
  syntax::Target target;
  target.offset = argument.offset;
  const bool is_read = RuleParser(map_, inner, nesting_ + 1).read_transform(target).ok();
  if (is_read && target.kind == syntax::Target::Kind::Call && inner.peek().kind == Token::Kind::End)
    argument.transform.push_back(std::move(target));
}

}  // namespace vardbron::mapping
