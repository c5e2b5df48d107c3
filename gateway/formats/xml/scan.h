#pragma once

// Tested by tests/formats/xml/parse_test.cpp.

#include "gateway/formats/xml/build.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace vardbron::xml {

/// Checks that a text is well-formed XML 1.0 without DOCTYPE, and calls a builder for its tags and texts. Iterative; changes
/// nothing. The text must be UTF-8 without control characters, with 16 readable bytes after it.
class Scanner {
 public:
  Scanner(Builder& builder, std::string_view body) : builder_(builder), body_(body) {}

  /// False: see fault().
  bool scan();
  const Fault& fault() const { return fault_.says != nullptr ? fault_ : builder_.fault(); }

 private:
  bool content();
  bool markup();
  bool start_tag();
  bool attribute(Attribute& found);
  bool end_tag();
  bool text();
  bool cdata();
  bool comment();
  bool instruction();
  std::size_t find_special(std::size_t at, char quote) const;
  bool check_characters(std::size_t from, std::size_t to, bool& is_plain);
  bool check_reference(std::size_t at, std::size_t end);

  bool starts_with(std::string_view text) const { return body_.substr(at_).starts_with(text); }
  char letter() const { return at_ < body_.size() ? body_[at_] : '\0'; }
  bool skip_space();
  std::string_view name();
  bool refuse(const char* says, std::size_t where, Cause cause = Cause::Invalid);
  /// It is about the tag of that name, and about the open element if there is one.
  bool refuse_tag(const char* says, std::size_t where, std::string_view tag);

  Builder& builder_;
  std::string_view body_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;  // names of the open elements, as written
  std::vector<Attribute> attributes_;   // of the tag that is being read
  bool had_root_ = false;
  Fault fault_;
};

/// The character of a reference, given without & and ; ("amp", "#xE5"); 0 if there is none.
std::uint32_t referred_letter(std::string_view reference);

}  // namespace vardbron::xml
