#pragma once

#include "gateway/search/query.h"

#include <span>
#include <string>
#include <vector>

namespace vardbron::search {

/// One value that results are sorted by. Of several values of a resource the first in the order counts; a resource without one
/// comes last in either direction. Source: R4 search.html 3.1.1.5.1.
struct SortValue {
  bool is_missing = true;
  std::string bytes;  ///< compared as bytes
  bool operator==(const SortValue&) const = default;
};

/// One for each sort key.
std::vector<SortValue> sort_values(std::span<const SortKey> sort, std::span<const Key> keys);

/// Negative: left comes first. Zero: equal.
int compare(std::span<const SortKey> sort, std::span<const SortValue> left, std::span<const SortValue> right);

/// By _lastUpdated alone, or by nothing: the order of the commits.
bool is_natural(std::span<const SortKey> sort);

}  // namespace vardbron::search
