#pragma once

// Tested by tests/search/indexer_test.cpp and tests/search/parse_query_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"

#include <optional>
#include <string_view>

namespace vardbron::search {

/// The kind of key of a search parameter; nullopt if its type (quantity, number, composite, special) or its way of matching
/// (phonetic) is not supported.
std::optional<KeyKind> key_kind(const fhir::SearchParameter& parameter);

/// _id and _lastUpdated: every store adds their keys.
bool is_known_by_store(std::string_view parameter);

}  // namespace vardbron::search
