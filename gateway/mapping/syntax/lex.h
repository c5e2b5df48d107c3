#pragma once

// Tested by tests/mapping/parse_test.cpp.

#include "gateway/mapping/syntax/syntax.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::mapping {

struct Token {
  enum class Kind : std::uint8_t {
    End,
    Word,
    Delimited,
    Single,
    Double,
    Integer,
    Decimal,
    Date,
    DateTime,
    Time,
    Symbol,
    Unclosed
  };
  Kind kind = Kind::End;
  std::string_view text;  ///< as written, with quotes
  syntax::Offset offset = 0;
  bool is_literal() const;
  bool is(std::string_view symbol_or_word) const {
    return (kind == Kind::Word || kind == Kind::Symbol) && text == symbol_or_word;
  }
};

/// FML's tokens, one at a time. A FHIRPath expression is cut out as text, since FHIRPath has its own lexer.
class Lexer {
 public:
  /// `text` must outlive the lexer.
  explicit Lexer(std::string_view text) : text_(text) { advance(); }

  const Token& peek() const { return token_; }
  Token take();
  bool take_if(std::string_view symbol_or_word);

  /// At a `/// path = ..` line: skips it and sets `out`.
  bool take_metadata(syntax::Metadata& out);

  /// With the current token `(`: the text up to its `)`, which is skipped too. False if it is not closed.
  bool cut_parentheses(syntax::Expression& out);
  /// From the current token to the next `,` or `)` outside parentheses, which becomes the current token.
  void cut_argument(syntax::Expression& out);
  /// From the current token to the end of a clause written without parentheses (R4): `->`, `,`, `;`, `then`, `check`, `log`, or
  /// the rule's name.
  void cut_clause(syntax::Expression& out);
  /// From the current token to `;`, which becomes the current token.
  void cut_statement(syntax::Expression& out);
  /// From the current token to the end of a term without parentheses, as `%name.part` and `5 'mg'`: members, calls and indexers
  /// after its first part belong to it.
  void cut_term(syntax::Expression& out);
  void rewind(syntax::Offset offset);

 private:
  enum class Stop : std::uint8_t { Parenthesis, Argument, Clause, Statement, Term };
  std::size_t cut(std::size_t from, Stop stop, syntax::Expression& out);
  bool stops(std::size_t at, std::size_t from, Stop stop) const;
  bool goes_on_behind(std::size_t from, std::size_t at) const;
  std::size_t behind_quoted(std::size_t at) const;
  std::size_t behind_blanks(std::size_t at, bool metadata_counts) const;
  bool read_metadata_line(std::size_t at, syntax::Metadata& out);
  void advance();
  Token::Kind scan_number(std::size_t& end) const;
  Token::Kind scan_moment(std::size_t& end) const;

  std::string_view text_;
  Token token_;
  std::size_t next_ = 0;
  std::size_t metadata_from_ = 0;  // where the blanks before the current token begin
};

/// The value of a quoted token: without quotes, escapes resolved.
std::string unquoted(std::string_view quoted);

/// Number of bytes of white space at that position, 0 if none: of ASCII and of Unicode, as the FML guide requires.
std::size_t blank_at(std::string_view text, std::size_t at);
/// End of the line that contains `at`: a line feed, a carriage return, or a line end of Unicode.
std::size_t end_of_line(std::string_view text, std::size_t at);

}  // namespace vardbron::mapping
