#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/formats/charset.h"
#include "gateway/tree/document.h"
#include "gateway/tree/notes.h"

#include <cstddef>
#include <optional>
#include <string>

namespace vardbron::csv {

struct ParseOptions {
  bool positions = false;  ///< Document::position works afterwards
  char separator = 0;      ///< 0 = detected (rows.h)
  /// Nothing = UTF-8 (RFC 7111); other bytes are read as 8859/1 if that is unambiguous, with a note.
  std::optional<formats::Charset> charset = {};
  tree::Notes* notes = nullptr;  ///< tolerated deviations, and each row with another number of cells than the heading
  std::size_t nodes_max = limits::document_nodes_max;
  std::size_t columns_max = limits::members_per_object_max;
};

/// Reads CSV (RFC 4180; comma, semicolon or tab) with a heading row into a tree: a root `csv` with a child `record` for each
/// further row, below it a String for each cell that is not empty, named by its column's heading, trimmed. A column without a
/// name is called column1, column2 .. by its number. Invalid, with "line:column" as the place: no heading, two columns of one
/// name, a row with more or fewer cells than the heading, an unclosed quote, bytes outside the character set, control characters.
/// TooLarge: a limit was exceeded.
Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options = {});

}  // namespace vardbron::csv
