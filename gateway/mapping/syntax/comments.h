#pragma once

// Tested by tests/mapping/print_test.cpp.

#include "gateway/mapping/syntax/syntax.h"

#include <vector>

namespace vardbron::mapping {

/// The comments of a map that was parsed, in the order of its text. Metadata lines (`///`) are not included.
std::vector<syntax::Comment> comments_of(const syntax::Map& map);

}  // namespace vardbron::mapping
