#pragma once

// Tested by tests/fhirpath/specification_functions_test.cpp and tests/fhirpath/errors_test.cpp.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

enum class TokenKind : std::uint8_t {
  End,
  Word,       ///< identifier or keyword
  Delimited,  ///< `identifier`; text without quotes, escapes resolved
  String,     ///< 'text', escapes resolved
  Integer,
  Long,  ///< 45L; text without the L
  Decimal,
  Date,  ///< text without @
  DateTime,
  Time,  ///< text without @T
  Symbol,
  Broken  ///< not a token of the language; text is the reason
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::size_t begin = 0;  ///< byte offsets in the expression
  std::size_t end = 0;
  std::string text;

  bool is(std::string_view symbol) const { return kind == TokenKind::Symbol && text == symbol; }
  bool is_word(std::string_view word) const { return kind == TokenKind::Word && text == word; }
};

/// Tokenises an expression (N1 grammar, lexical rules); blanks and comments are skipped.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Token next();

 private:
  bool skip_blanks(Token& token);
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void read_word(Token& token);
  void read_number(Token& token);
  void read_quoted(Token& token, char quote);
  void read_escape(std::string& into);
  void read_moment(Token& token);
  bool take_digits(std::size_t count);
  void take_time();
  void read_symbol(Token& token);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace vardbron::fhirpath
