#pragma once

// Tested by tests/formats/json/parse_test.cpp.

#include "gateway/formats/json/build.h"

#include <cstddef>
#include <string>

namespace vardbron::json {

/// Parses RFC 8259 and calls a builder for its events. Iterative; texts are decoded in place; numbers are checked, never
/// computed, so none is too large. The body must be UTF-8 without NUL, end with a NUL and have 16 readable bytes after it.
class Scanner {
 public:
  Scanner(Builder& builder, bool fhir) : builder_(builder), fhir_(fhir) {}

  /// False: see fault().
  bool scan(char* begin, const char* end);
  const Builder::Fault& fault() const { return fault_.says != nullptr ? fault_ : builder_.fault(); }

 private:
  enum class Next { Value, FirstKey, Key, FirstItem, AfterValue, End, Stop };
  struct Text {
    std::size_t offset, length;
  };

  Next step(Next next);
  Next value();
  Next literal(const char* word, std::size_t length, tree::Kind kind);
  Next number();
  Next key();
  Next after_value();
  Next close_object();
  Next close_list();
  Next end();

  bool text(Text& found);
  char* unescape(char* to);
  char* unescape_unicode(char* to, const char* start);
  bool hex4(unsigned& point);
  bool digits();
  void skip_space();

  Next when(bool accepted, Next next) const { return accepted ? next : Next::Stop; }
  Next refuse(const char* says, const char* where);
  bool refused(const char* says, const char* where) { return refuse(says, where) != Next::Stop; }
  std::size_t offset(const char* at) const { return static_cast<std::size_t>(at - begin_); }

  Builder& builder_;
  bool fhir_;
  char* begin_ = nullptr;
  char* at_ = nullptr;
  const char* end_ = nullptr;
  struct Bracket {
    bool is_list;
    std::size_t items;
  };
  std::vector<Bracket> open_;
  Builder::Fault fault_;
};

}  // namespace vardbron::json
