#pragma once

#include "gateway/tree/document.h"
#include "gateway/tree/marks.h"

#include <vector>

namespace vardbron::mapping {

/// By node: whether the map read it. A rule fired on it, an expression stepped on it, or it was copied with what it stands in.
/// `marks` are those of the run over the document.
std::vector<bool> nodes_read(const tree::Document& source, const tree::Marks& marks);

}  // namespace vardbron::mapping
