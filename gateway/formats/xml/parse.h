#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <string>

namespace vardbron::xml {

struct ParseOptions {
  bool positions = false;   ///< Document::position works afterwards
  bool keep_mixed = false;  ///< text between elements becomes nameless String children; else it is refused
  std::size_t depth_max = limits::document_depth_max;  ///< nested elements
  std::size_t nodes_max = limits::document_nodes_max;
  std::size_t members_max = limits::members_per_object_max;  ///< attributes of one element
};

/// Reads XML of any schema into a plain tree. Expat is not used: its events alone, without a tree, cost 1.26 times what this
/// costs with one (bench_formats), and the text of a <div>, Windows-1252 and the refusals below would be written beside it all
/// the same.
///
///  * the root element is the root node; an element is a node with its local name and namespace URI;
///  * an attribute is a String child marked as is_attribute, in front of the elements (xmlns declarations are no attributes);
///  * an element that holds text is a String node with that text as its value, white space around it and all; others are Object
///    nodes. White space alone is no text;
///  * an XHTML <div> is one node of Kind::Xhtml whose text is the element as it was written, with its namespace declared on it
///    (prefixes inside it are refused);
///  * nothing is marked as in_list: a plain tree does not know what repeats;
///  * comments and processing instructions are dropped.
/// Takes UTF-8, ISO-8859-1 and Windows-1252. Invalid, with "line:column" as the place: anything not well-formed (XML 1.0,
/// Namespaces in XML 1.0), a DOCTYPE, an entity beyond the five, trailing data, text between elements. Unsupported: another
/// encoding or XML 1.1. TooLarge: a limit was exceeded.
Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options = {});

/// The same into a reused document: clears it first. After a failure it is empty.
Result<void> parse_into(tree::Document& into, std::string body, ParseOptions options = {});

}  // namespace vardbron::xml
