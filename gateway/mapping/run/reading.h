#pragma once

#include "gateway/tree/document.h"
#include "gateway/tree/marks.h"

#include <string>
#include <vector>

namespace vardbron::mapping {

/// By node: whether the map read it. A rule fired on it, an expression stepped on it, or it was copied with what it stands in.
/// `marks` are those of the run over the document.
std::vector<bool> nodes_read(const tree::Document& source, const tree::Marks& marks);

/// One sentence about what the map neither read nor lists as unused (a rule without target; LANGUAGE.md), by its names and lines,
/// without any value; "" when there is nothing. What a `where` said no to was looked at, and a null value says nothing.
std::string says_unread(const tree::Document& source, const tree::Marks& marks);

}  // namespace vardbron::mapping
