#pragma once

#include "gateway/tree/document.h"

#include <string>

namespace vardbron::json {

struct WriteOptions {
  bool pretty = false;  ///< two spaces, a line feed between members, none at the end
  /// Children of a primitive go into `_name`; if false they are left out.
  bool fhir = true;
};

// A writer of our own instead of RapidJSON's: it writes the tree without a DOM in between, and lists and `_name` are gathered
// from siblings. JSON that is no tree is written by json/composer.h.

/// Writes a branch as JSON. Siblings of one name marked as in_list become one list at the first of them, `_name` follows `name`,
/// and attributes are members like others. Siblings of one name without the mark become a list too.
std::string write(const tree::Document& document, WriteOptions options = {});
std::string write(const tree::Document& document, tree::NodeId branch, WriteOptions options = {});

/// Appends; for a reused buffer.
void write_to(std::string& out, const tree::Document& document, tree::NodeId branch = 0, WriteOptions options = {});

}  // namespace vardbron::json
