#pragma once

#include "gateway/tree/document.h"
#include "gateway/tree/marks.h"

#include <string>
#include <vector>

namespace vardbron::mapping {

/// By node: whether the map read it: a rule fired on it, an expression stepped on it, or it was copied as part of an element.
/// `marks` are those of the run over the document.
std::vector<bool> nodes_read(const tree::Document& source, const tree::Marks& marks);

/// One sentence on the elements that the map neither reads nor lists as unused (a rule without target; LANGUAGE.md), with names
/// and lines, without any value; "" if there are none. Elements rejected by a `where` count as read, and null values are ignored.
std::string says_unread(const tree::Document& source, const tree::Marks& marks);

}  // namespace vardbron::mapping
