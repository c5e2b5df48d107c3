#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::workbench {

/// Which item of one list is which of another; an item that has no partner is in neither pair.
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;  ///< place in expected, place in found; in the order of the first

/// Equal items first, then by identity from the strongest to the weakest, then what is left in its order.
Pairs match_items(const std::vector<tree::Item>& expected, const std::vector<tree::Item>& found);

/// What an item may be known by, strongest first: "fullUrl=..", "identifier=system|value".
std::vector<std::string> identities_of(tree::Item item);

}  // namespace vardbron::workbench
