#pragma once

// Tested by tests/search/indexer_test.cpp and tests/rest/service_test.cpp.

#include <span>
#include <string_view>

namespace vardbron::search {

/// The search parameters of a type besides _id and _lastUpdated. Every key costs a row in every commit, so only those that users
/// need are indexed; the capability statement lists exactly these.
struct Served {
  std::string_view type;
  std::string_view parameters;  ///< "name:kind name:kind"
};

std::span<const Served> served();

/// "" for a type that is not served.
std::string_view served_parameters(std::span<const Served> served, std::string_view type);
bool is_served(std::span<const Served> served, std::string_view type, std::string_view parameter);

}  // namespace vardbron::search
