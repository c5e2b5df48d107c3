#pragma once

#include "gateway/tree/document.h"

#include <string>

namespace vardbron::xml {

struct WriteOptions {
  bool pretty = false;       ///< two spaces; elements with text stay on one line
  bool declaration = false;  ///< <?xml version="1.0" encoding="UTF-8"?>
};

/// Writes a plain tree (xml/parse.h) as XML in UTF-8. An element's namespace becomes the default namespace if it differs from its
/// parent's; an attribute with a namespace gets a prefix. Characters XML cannot hold become U+FFFD.
std::string write(const tree::Document& document, WriteOptions options = {});
std::string write(const tree::Document& document, tree::NodeId branch, WriteOptions options = {});

/// Appends; for a reused buffer.
void write_to(std::string& out, const tree::Document& document, tree::NodeId branch = 0, WriteOptions options = {});

}  // namespace vardbron::xml
