#include "gateway/mapping/syntax/parse_codes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::mapping {

using syntax::Name;

Result<void> CodesParser::read(std::vector<syntax::EmbeddedConceptMap>& out) {
  lexer_.take();
  syntax::EmbeddedConceptMap codes;
  Result<Name> id = words_.name("the concept map's id in quotes");
  if (!id) return std::move(id).failure();
  codes.id = std::move(*id);
  if (!codes.id.text.empty() && codes.id.text[0] == '#') codes.id.text.erase(0, 1);
  if (!lexer_.take_if("{")) return words_.expected("'{' after the concept map's id");
  while (!lexer_.peek().is("}")) {
    Result<void> read = read_line(codes);
    if (!read) return read;
  }
  codes.close = lexer_.take().offset;
  out.push_back(std::move(codes));
  return done();
}

/// `prefix` and `unmapped` may be prefixes themselves: `prefix:a - t:b`.
Result<void> CodesParser::read_line(syntax::EmbeddedConceptMap& out) {
  const Token first = lexer_.peek();
  const bool is_word = first.is("prefix") || first.is("unmapped");
  if (is_word) {
    lexer_.take();
    if (!lexer_.peek().is(":")) return first.is("prefix") ? read_prefix(out) : read_unmapped(out);
    lexer_.rewind(first.offset);
  }
  return read_pair(out);
}

Result<void> CodesParser::read_prefix(syntax::EmbeddedConceptMap& out) {
  Result<Name> prefix = words_.word("a prefix");
  if (!prefix) return std::move(prefix).failure();
  if (!lexer_.take_if("=")) return words_.expected("'=' after the prefix");
  Result<Name> system = words_.quoted("a code system's url in quotes");
  if (!system) return std::move(system).failure();
  out.prefixes.emplace_back(std::move(*prefix), std::move(*system));
  return done();
}

Result<void> CodesParser::read_unmapped(syntax::EmbeddedConceptMap& out) {
  if (!lexer_.take_if("for")) return words_.expected("'for' after 'unmapped'");
  Result<Name> prefix = words_.word("a prefix");
  if (!prefix) return std::move(prefix).failure();
  if (!lexer_.take_if("=")) return words_.expected("'=' after the prefix");
  if (!lexer_.peek().is("provided") && !lexer_.peek().is("error")) return words_.expected("'provided' or 'error'");
  out.unmapped.emplace_back(std::move(*prefix), std::string(lexer_.take().text));
  return done();
}

Result<void> CodesParser::read_pair(syntax::EmbeddedConceptMap& out) {
  syntax::CodePair pair;
  Result<void> source = read_code(pair.source_prefix, pair.source_code);
  if (!source) return source;
  read_display(pair.source_display);
  if (!read_relation(pair)) return words_.expected("'-', '==', '~', '<=', '>=' or '!=' between the codes");
  if (!is_alone(pair)) {
    Result<void> target = read_code(pair.target_prefix, pair.target_code);
    if (!target) return target;
    read_display(pair.target_display);
  }
  out.pairs.push_back(std::move(pair));
  return done();
}

/// R4 has relations that are two tokens: `<-` subsumes, `>-` specializes, `--` unmatched.
bool CodesParser::read_relation(syntax::CodePair& pair) {
  static constexpr std::array<std::string_view, 9> relations{"-", "==", "=", "~", "<=", ">=", "!=", "<", ">"};
  const Token first = lexer_.peek();
  if (std::find(relations.begin(), relations.end(), first.text) == relations.end()) return false;
  lexer_.take();
  const bool is_joined = lexer_.peek().is("-") && lexer_.peek().offset == first.offset + 1;
  if (first.text.size() == 1 && first.text != "=" && first.text != "~" && is_joined) {
    lexer_.take();
    pair.relation = first.text == "<" ? "<=" : first.text == ">" ? ">=" : "!=";
    return true;
  }
  pair.relation = first.text;
  return first.text != "<" && first.text != ">";
}

/// `s:a --` without a target, R4's form of a code without equivalent: the next row begins, or the map ends. A code followed by a
/// relation is the source of the next row.
bool CodesParser::is_alone(const syntax::CodePair& pair) {
  if (pair.relation != "!=") return false;
  const Token next = lexer_.peek();
  if (next.is("}")) return true;
  syntax::CodePair row;
  const bool has_code = read_code(row.source_prefix, row.source_code).ok();
  if (has_code) read_display(row.source_display);
  const bool is_next_row = (next.is("prefix") || next.is("unmapped")) && !has_code ? true : has_code && read_relation(row);
  lexer_.rewind(next.offset);
  return is_next_row;
}

Result<void> CodesParser::read_code(Name& prefix, Name& code) {
  Result<Name> read = words_.word("a prefix");
  if (!read) return std::move(read).failure();
  prefix = std::move(*read);
  if (!lexer_.take_if(":")) return words_.expected("':' between prefix and code");
  const Token token = lexer_.peek();
  bool quoted = token.kind == Token::Kind::Single || token.kind == Token::Kind::Double || token.kind == Token::Kind::Delimited;
  const bool is_plain =
      token.kind == Token::Kind::Word || token.kind == Token::Kind::Integer || token.kind == Token::Kind::Decimal;
  if (!quoted && !is_plain) return words_.expected("a code");
  code = Name{quoted ? unquoted(token.text) : std::string(token.text), token.offset};
  lexer_.take();
  if (!quoted) read_rest_of_code(code);
  return done();
}

/// An unquoted code with dashes and dots, as not-done: adjacent tokens, unless a prefix follows (`s:a-t:b`).
void CodesParser::read_rest_of_code(Name& code) {
  const auto is_part = [](const Token& token) {
    return token.kind == Token::Kind::Word || token.kind == Token::Kind::Integer || token.kind == Token::Kind::Decimal;
  };
  while (true) {
    const syntax::Offset end = code.offset + static_cast<syntax::Offset>(code.text.size());
    if (lexer_.peek().offset != end) return;
    if (is_part(lexer_.peek())) {  // 1a is two tokens
      code.text += lexer_.take().text;
      continue;
    }
    if (!lexer_.peek().is("-") && !lexer_.peek().is(".")) return;
    const std::string joint(lexer_.take().text);
    const Token next = lexer_.peek();
    const bool is_joined = is_part(next) && next.offset == end + 1;
    if (is_joined) lexer_.take();
    if (!is_joined || lexer_.peek().is(":")) {
      lexer_.rewind(end);
      return;
    }
    code.text += joint + std::string(next.text);
  }
}

void CodesParser::read_display(std::string& out) {
  if (lexer_.peek().kind == Token::Kind::Double || lexer_.peek().kind == Token::Kind::Single) out = unquoted(lexer_.take().text);
}

}  // namespace vardbron::mapping
