#include "gateway/fhirpath/language/lexer.h"

#include "gateway/base/utf8.h"

namespace vardbron::fhirpath {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool begins_word(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_'; }
bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n'; }

}  // namespace

Token Lexer::next() {
  Token token;
  if (!skip_blanks(token)) return token;
  token.begin = at_;
  char letter = peek();
  if (at_ >= text_.size()) {
    token.kind = TokenKind::End;
  } else if (begins_word(letter)) {
    read_word(token);
  } else if (is_digit(letter)) {
    read_number(token);
  } else if (letter == '\'' || letter == '`') {
    read_quoted(token, letter);
  } else if (letter == '@') {
    read_moment(token);
  } else if (letter == '$') {
    ++at_;
    read_word(token);
    token.text.insert(0, "$");
    token.kind =
        token.text == "$this" || token.text == "$index" || token.text == "$total" ? TokenKind::Symbol : TokenKind::Broken;
    if (token.kind == TokenKind::Broken) token.text = "after $ stands this, index or total";
  } else {
    read_symbol(token);
  }
  token.end = at_;
  return token;
}

bool Lexer::skip_blanks(Token& token) {
  for (;;) {
    while (is_blank(peek()) && at_ < text_.size()) ++at_;
    if (peek() == '/' && peek(1) == '/') {
      while (at_ < text_.size() && peek() != '\n' && peek() != '\r') ++at_;
    } else if (peek() == '/' && peek(1) == '*') {
      std::size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) {
        token = {TokenKind::Broken, at_, text_.size(), "this comment has no end"};
        return false;
      }
      at_ = end + 2;
    } else {
      return true;
    }
  }
}

void Lexer::read_word(Token& token) {
  std::size_t begin = at_;
  while (begins_word(peek()) || is_digit(peek())) ++at_;
  token.kind = TokenKind::Word;
  token.text = text_.substr(begin, at_ - begin);
}

void Lexer::read_number(Token& token) {
  std::size_t begin = at_;
  while (is_digit(peek())) ++at_;
  token.kind = TokenKind::Integer;
  if (peek() == '.' && is_digit(peek(1))) {
    token.kind = TokenKind::Decimal;
    ++at_;
    while (is_digit(peek())) ++at_;
  }
  token.text = text_.substr(begin, at_ - begin);
  if (token.kind == TokenKind::Integer && peek() == 'L' && !begins_word(peek(1)) && !is_digit(peek(1))) {
    token.kind = TokenKind::Long;
    ++at_;
  }
}

void Lexer::read_quoted(Token& token, char quote) {
  ++at_;
  token.kind = quote == '`' ? TokenKind::Delimited : TokenKind::String;
  while (at_ < text_.size() && peek() != quote) {
    if (peek() == '\\') {
      read_escape(token.text);
    } else {
      token.text += text_[at_++];
    }
  }
  if (at_ >= text_.size()) {
    token.kind = TokenKind::Broken;
    token.text = quote == '`' ? "this name has no closing `" : "this text has no closing '";
    return;
  }
  ++at_;
}

/// N1 4.1.2: a backslash before a character that forms no escape is ignored.
void Lexer::read_escape(std::string& into) {
  ++at_;
  if (at_ >= text_.size()) return;
  char letter = text_[at_++];
  switch (letter) {
    case 'f': into += '\f'; return;
    case 'n': into += '\n'; return;
    case 'r': into += '\r'; return;
    case 't': into += '\t'; return;
    case 'u': break;
    default: into += letter; return;
  }
  const UnicodeEscape escape = read_unicode_escape(text_.substr(at_));
  at_ += escape.bytes;
  escape.bytes == 0 ? into.push_back('u') : append_utf8(into, escape.point);
}

bool Lexer::take_digits(std::size_t count) {
  for (std::size_t place = 0; place < count; ++place) {
    if (!is_digit(peek(place))) return false;
  }
  at_ += count;
  return true;
}

void Lexer::take_time() {
  if (!take_digits(2)) return;
  for (int part = 0; part < 2; ++part) {
    if (peek() != ':' || !is_digit(peek(1)) || !is_digit(peek(2))) return;
    at_ += 3;
  }
  if (peek() != '.' || !is_digit(peek(1))) return;
  ++at_;
  while (is_digit(peek())) ++at_;
}

void Lexer::read_moment(Token& token) {
  std::size_t begin = ++at_;
  if (peek() == 'T') {
    begin = ++at_;
    token.kind = TokenKind::Time;
    take_time();
    token.text = text_.substr(begin, at_ - begin);
    return;
  }
  token.kind = TokenKind::Date;
  take_digits(4);
  for (int part = 0; part < 2 && peek() == '-' && is_digit(peek(1)) && is_digit(peek(2)); ++part) at_ += 3;
  if (peek() == 'T') {
    token.kind = TokenKind::DateTime;
    std::size_t time_begin = ++at_;
    take_time();
    if (at_ > time_begin && peek() == 'Z') {
      ++at_;
    } else if (at_ > time_begin && (peek() == '+' || peek() == '-') && is_digit(peek(1)) && is_digit(peek(2)) && peek(3) == ':') {
      at_ += 4;
      take_digits(2);
    }
  }
  token.text = text_.substr(begin, at_ - begin);
}

void Lexer::read_symbol(Token& token) {
  static constexpr std::string_view pairs[] = {"<=", ">=", "!=", "!~"};
  token.kind = TokenKind::Symbol;
  for (std::string_view pair : pairs) {
    if (text_.substr(at_, 2) == pair) {
      token.text = pair;
      at_ += 2;
      return;
    }
  }
  constexpr std::string_view single = ".,:()[]{}+-*/&|<>=~%";
  char letter = text_[at_++];
  token.text = std::string(1, letter);
  if (single.find(letter) == std::string_view::npos) {
    token.kind = TokenKind::Broken;
    token.text = "this character begins nothing FHIRPath knows";
  }
}

}  // namespace vardbron::fhirpath
