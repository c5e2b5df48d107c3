#pragma once

// Tested by tests/workbench/difference_test.cpp.

#include "gateway/tree/document.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::workbench {

/// Matched items of two lists; items without partner are not included.
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;  ///< index in expected, index in found; in the order of the first

/// Equal items first, then by identity from the strongest to the weakest, then the rest in order.
Pairs match_items(const std::vector<tree::Item>& expected, const std::vector<tree::Item>& found);

/// Keys that may identify an item, strongest first: "fullUrl=..", "identifier=system|value".
std::vector<std::string> identities_of(tree::Item item);

}  // namespace vardbron::workbench
