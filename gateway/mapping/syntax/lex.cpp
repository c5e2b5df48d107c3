#include "gateway/mapping/syntax/lex.h"

#include "gateway/base/text.h"
#include "gateway/base/utf8.h"

#include <algorithm>
#include <array>

namespace vardbron::mapping {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_letter(c) || is_digit(c); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

// White space beyond ASCII (Unicode's property White_Space), in UTF-8; the first three end a line too.
constexpr std::array<std::string_view, 19> wide_blanks{
    "\xC2\x85",     "\xE2\x80\xA8", "\xE2\x80\xA9", "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
    "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
constexpr std::size_t wide_line_ends = 3;

/// Binary operators of FHIRPath that are words.
bool is_operator_word(std::string_view word) {
  static constexpr std::array<std::string_view, 10> words{"and",      "or",  "xor", "implies", "in",
                                                          "contains", "div", "mod", "is",      "as"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// R4 maps write FHIRPath strings in double quotes; FHIRPath has single quotes only.
void add_single_quoted(std::string& out, std::string_view quoted) {
  out += '\'';
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\\' && i + 2 < quoted.size())
      out += quoted[i++];
    else if (quoted[i] == '\'')
      out += '\\';
    out += quoted[i];
  }
  out += '\'';
}

}  // namespace

bool Token::is_literal() const {
  switch (kind) {
    case Kind::Single:
    case Kind::Double:
    case Kind::Integer:
    case Kind::Decimal:
    case Kind::Date:
    case Kind::DateTime:
    case Kind::Time: return true;
    case Kind::Word: return text == "true" || text == "false";
    default: return false;
  }
}

std::size_t blank_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (is_blank(text[at])) return 1;
  if (static_cast<unsigned char>(text[at]) < 0x80) return 0;
  for (std::string_view blank : wide_blanks) {
    if (text.substr(at, blank.size()) == blank) return blank.size();
  }
  return 0;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  for (; at < text.size(); ++at) {
    if (text[at] == '\n' || text[at] == '\r') return at;
    if (static_cast<unsigned char>(text[at]) < 0x80) continue;
    for (std::size_t i = 0; i < wide_line_ends; ++i) {
      if (text.substr(at, wide_blanks[i].size()) == wide_blanks[i]) return at;
    }
  }
  return text.size();
}

std::string unquoted(std::string_view quoted) {
  std::string out;
  std::string_view text = quoted.substr(1, quoted.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    switch (text[i]) {
      case 'f': out += '\f'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'u':
        if (const UnicodeEscape escape = read_unicode_escape(text.substr(i + 1)); escape.bytes != 0) {
          append_utf8(out, escape.point);
          i += escape.bytes;
          break;
        }
        [[fallthrough]];
      default: out += text[i];
    }
  }
  return out;
}

Token Lexer::take() {
  Token taken = token_;
  advance();
  return taken;
}

bool Lexer::take_if(std::string_view symbol_or_word) {
  if (!token_.is(symbol_or_word)) return false;
  advance();
  return true;
}

void Lexer::rewind(syntax::Offset offset) {
  next_ = offset;
  advance();
}

std::size_t Lexer::behind_quoted(std::size_t at) const {
  char quote = text_[at];
  for (++at; at < text_.size(); ++at) {
    if (text_[at] == '\\')
      ++at;
    else if (text_[at] == quote)
      return at + 1;
  }
  return std::string_view::npos;
}

std::size_t Lexer::behind_blanks(std::size_t at, bool metadata_counts) const {
  while (at < text_.size()) {
    if (std::size_t blank = blank_at(text_, at)) {
      at += blank;
    } else if (text_.substr(at, 3) == "\xEF\xBB\xBF" && at == 0) {
      at = 3;
    } else if (metadata_counts && text_.substr(at, 3) == "///") {
      return at;
    } else if (text_.substr(at, 2) == "//") {
      at = end_of_line(text_, at);
    } else if (text_.substr(at, 2) == "/*") {
      std::size_t end = text_.find("*/", at + 2);
      at = end == std::string_view::npos ? text_.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

bool Lexer::take_metadata(syntax::Metadata& out) {
  // The current token is after the metadata line, since the lexer skips such a line as a comment.
  std::size_t from = metadata_from_;
  while (true) {
    std::size_t at = behind_blanks(from, true);
    if (at >= token_.offset || text_.substr(at, 3) != "///") return false;
    if (read_metadata_line(at, out)) return true;
    from = end_of_line(text_, at);
  }
}

bool Lexer::read_metadata_line(std::size_t at, syntax::Metadata& out) {
  const std::size_t end = end_of_line(text_, at);
  const std::string_view line = text_.substr(at + 3, end - at - 3);
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  out.offset = static_cast<syntax::Offset>(at);
  out.path = trim(line.substr(0, equals));
  std::string_view right = trim(line.substr(equals + 1));
  const std::size_t start = right.empty() ? end : static_cast<std::size_t>(right.data() - text_.data());
  const std::string_view fence = right.substr(0, 3);
  if (fence == "\"\"\"" || fence == "'''") {
    const std::size_t close = std::min(text_.find(fence, start + 3), text_.size());
    out.value = trim(text_.substr(start + 3, close - start - 3));
    next_ = metadata_from_ = std::min(close + 3, text_.size());
    out.end = static_cast<syntax::Offset>(next_);
    advance();
    return true;
  }
  const bool quoted = !right.empty() && (right[0] == '\'' || right[0] == '"' || right[0] == '`');
  const std::size_t close = quoted ? behind_quoted(start) : std::string_view::npos;
  metadata_from_ = end;
  out.end = static_cast<syntax::Offset>(end);
  if (close != std::string_view::npos) {
    out.value = unquoted(text_.substr(start, close - start));
    out.end = static_cast<syntax::Offset>(close);
    if (close <= end) return true;
    next_ = metadata_from_ = close;  // a text may span several lines
    advance();
    return true;
  }
  // A literal without quotes: a number, true, a FHIRPath date, or {}; a comment may follow.
  if (const std::size_t comment = quoted ? right.npos : std::min(right.find(" //"), right.find("\t//")); comment < right.size()) {
    out.end = static_cast<syntax::Offset>(start + comment);
    right = trim(right.substr(0, comment));
  }
  if (right.size() > 1 && right[0] == '@' && is_digit(right[1])) right.remove_prefix(1);
  out.value = right == "{}" ? std::string_view() : right;
  return true;
}

void Lexer::advance() {
  metadata_from_ = next_;
  std::size_t at = behind_blanks(next_, false);
  token_ = Token{Token::Kind::End, text_.substr(at, 0), static_cast<syntax::Offset>(at)};
  next_ = at;
  if (at >= text_.size()) return;
  std::size_t end = at + 1;
  char c = text_[at];
  if (is_letter(c)) {
    while (end < text_.size() && is_word(text_[end])) ++end;
    token_.kind = Token::Kind::Word;
  } else if (is_digit(c)) {
    token_.kind = scan_number(end);
  } else if (c == '.' && end < text_.size() && is_digit(text_[end]) && (at == 0 || !is_word(text_[at - 1]))) {
    while (end < text_.size() && is_digit(text_[end])) ++end;
    token_.kind = Token::Kind::Decimal;
  } else if (c == '\'' || c == '"' || c == '`') {
    end = behind_quoted(at);
    token_.kind = c == '\'' ? Token::Kind::Single : c == '"' ? Token::Kind::Double : Token::Kind::Delimited;
    if (end == std::string_view::npos) {
      end = text_.size();
      token_.kind = Token::Kind::Unclosed;
    }
  } else if (c == '@') {
    token_.kind = scan_moment(end);
  } else {
    static constexpr std::array<std::string_view, 8> pairs{"->", "<<", ">>", "..", "==", "!=", "<=", ">="};
    for (std::string_view pair : pairs) {
      if (text_.substr(at, 2) == pair) end = at + 2;
    }
    token_.kind = Token::Kind::Symbol;
  }
  token_.text = text_.substr(at, end - at);
  next_ = end;
}

Token::Kind Lexer::scan_number(std::size_t& end) const {
  while (end < text_.size() && is_digit(text_[end])) ++end;
  const bool is_long = end < text_.size() && text_[end] == 'L' && (end + 1 == text_.size() || !is_word(text_[end + 1]));
  if (is_long) ++end;
  if (is_long || end + 1 >= text_.size() || text_[end] != '.' || !is_digit(text_[end + 1])) return Token::Kind::Integer;
  ++end;
  while (end < text_.size() && is_digit(text_[end])) ++end;
  return Token::Kind::Decimal;
}

Token::Kind Lexer::scan_moment(std::size_t& end) const {
  std::size_t start = end;
  bool has_time = false;
  while (end < text_.size()) {
    char c = text_[end];
    bool zone_sign = c == '+' && has_time;
    bool fraction = c == '.' && has_time && end + 1 < text_.size() && is_digit(text_[end + 1]);
    bool letter = c == 'T' || (c == 'Z' && has_time);
    if (!is_digit(c) && c != '-' && c != ':' && !letter && !zone_sign && !fraction) break;
    has_time |= c == 'T';
    ++end;
  }
  if (start < text_.size() && text_[start] == 'T') return Token::Kind::Time;
  return has_time ? Token::Kind::DateTime : Token::Kind::Date;
}

bool Lexer::cut_parentheses(syntax::Expression& out) {
  std::size_t end = cut(token_.offset + 1, Stop::Parenthesis, out);
  if (end >= text_.size()) return false;
  next_ = end + 1;
  advance();
  return true;
}

void Lexer::cut_argument(syntax::Expression& out) {
  next_ = cut(token_.offset, Stop::Argument, out);
  advance();
}

void Lexer::cut_clause(syntax::Expression& out) {
  next_ = cut(token_.offset, Stop::Clause, out);
  advance();
}

void Lexer::cut_term(syntax::Expression& out) {
  next_ = cut(token_.offset, Stop::Term, out);
  advance();
}

void Lexer::cut_statement(syntax::Expression& out) {
  next_ = cut(token_.offset, Stop::Statement, out);
  advance();
}

std::size_t Lexer::cut(std::size_t from, Stop stop, syntax::Expression& out) {
  from = behind_blanks(from, false);
  out.offset = static_cast<syntax::Offset>(from);
  out.text.clear();
  int depth = 0;
  std::size_t at = from;
  while (at < text_.size()) {
    char c = text_[at];
    if (depth == 0 && stops(at, from, stop)) break;
    std::size_t end = at + 1;
    if (const std::size_t blank = blank_at(text_, at); blank > 1) {
      out.text.append(blank, ' ');
      at += blank;
      continue;
    }
    if (c == '\'' || c == '`' || c == '"') {
      end = std::min(behind_quoted(at), text_.size());
    } else if (text_.substr(at, 2) == "//" || text_.substr(at, 2) == "/*") {
      end = behind_blanks(at, false);
      // Comments are replaced by blanks of the same length, so that positions in the expression are those of the map.
      for (std::size_t i = at; i < end; ++i) out.text += text_[i] == '\n' ? '\n' : ' ';
      at = end;
      continue;
    } else if (is_letter(c)) {
      while (end < text_.size() && is_word(text_[end])) ++end;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      --depth;
    }
    if (c == '"')
      add_single_quoted(out.text, text_.substr(at, end - at));
    else
      out.text += text_.substr(at, end - at);
    at = end;
  }
  while (!out.text.empty() && is_blank(out.text.back())) out.text.pop_back();
  return at;
}

bool Lexer::stops(std::size_t at, std::size_t from, Stop stop) const {
  char c = text_[at];
  if (stop == Stop::Parenthesis) return c == ')';
  if (stop == Stop::Argument) return c == ',' || c == ')';
  if (stop == Stop::Term) return !goes_on_behind(from, at);
  if (c == ';') return true;
  if (stop == Stop::Statement) return false;
  if (c == ',' || text_.substr(at, 2) == "->") return true;
  std::size_t before = at;
  while (before > from && is_blank(text_[before - 1])) --before;
  std::size_t word_begin = before;
  while (word_begin > from && is_word(text_[word_begin - 1])) --word_begin;
  bool after_operand = before > from && (is_word(text_[before - 1]) ||
                                         std::string_view(")]}'\"`").find(text_[before - 1]) != std::string_view::npos);
  if (is_operator_word(text_.substr(word_begin, before - word_begin))) after_operand = false;
  if (c == '"') return after_operand;
  if (!is_letter(c) || !after_operand || before == at) return false;
  std::size_t end = at;
  while (end < text_.size() && is_word(text_[end])) ++end;
  std::string_view word = text_.substr(at, end - at);
  return word == "then" || word == "check" || word == "log";
}

/// True if the term that begins at `from` continues at `at`.
bool Lexer::goes_on_behind(std::size_t from, std::size_t at) const {
  const char c = text_[at];
  if (at == from || c == '.' || c == '(' || c == '[') return true;
  const char before = text_[at - 1];
  return before == '.' || (before == '%' && (is_letter(c) || c == '`' || c == '\'')) || (is_word(c) && is_word(before));
}

}  // namespace vardbron::mapping
