#pragma once

// Tested by tests/search/indexer_test.cpp and tests/rest/service_test.cpp.

#include <span>
#include <string_view>

namespace vardbron::search {

/// The resource types that are kept and can be searched, by all of their parameters that are served (search/parameter.h).
/// Subscriptions are searched apart from them.
std::span<const std::string_view> served();
bool is_served(std::string_view type);

}  // namespace vardbron::search
