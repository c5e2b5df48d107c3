#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <memory>
#include <string>

namespace vardbron::json {

struct ParseOptions {
  /// FHIR R4 json.html: `_name` belongs to `name`, a list is never empty, a string has no control characters but tab, line feed
  /// and carriage return. False for documents of other schemas; an empty list then has no node.
  bool fhir = true;
  bool short_companions = false;  ///< a list of `_name` may end before that of `name`: some public test data omit the last nulls
  bool positions = false;         ///< Document::position works afterwards
  std::size_t depth_max = limits::document_depth_max;  ///< nested objects; a nested list counts as one
  std::size_t nodes_max = limits::document_nodes_max;
  std::size_t members_max = limits::members_per_object_max;
};

// A parser of our own instead of RapidJSON's: it fills the tree without a DOM in between, joins `_name` with `name`, keeps the
// position of each element and every digit (RapidJSON refuses numbers beyond a double), and refuses duplicate keys and lone
// surrogates, which RapidJSON accepts. RapidJSON is its oracle in tests/fuzz/json_fuzz.cpp and tests/package. JSON that is no
// FHIR is read by json/value.h.

/// Reads a JSON object into a tree:
///  * `"given": ["A", "B"]` becomes two nodes `given`, each marked as in_list;
///  * `_given` becomes children of the matching `given`, in any order; without one, of a node of Kind::Null;
///  * null is a node of Kind::Null; an item of a list that is a list is an Object node whose children have no name;
///  * numbers keep their digits.
/// Invalid, with "line:column" as the place: anything that is not JSON (RFC 8259), a byte order mark, a duplicate or empty
/// key, a lone surrogate, bytes that are not UTF-8, `_given` that does not fit `given`. TooLarge: a limit was exceeded.
Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options = {});

/// The same for a series of messages: reuses its own memory and the document's. One thread at a time.
class Parser {
 public:
  explicit Parser(ParseOptions options = {});
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  /// Clears the document and fills it. Fails like json::parse; the document is empty then.
  Result<void> parse(std::string body, tree::Document& into);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vardbron::json
