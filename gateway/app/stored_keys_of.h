#pragma once

// Tested by tests/system/app/carry_over_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/search/indexer.h"
#include "gateway/search/query.h"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace vardbron::app {

/// Makes the search keys of stored bodies (JSON) by today's search parameters, for a store of an earlier program
/// (store::SqliteOptions::keys_of); none for a type that the indexer does not know. The arguments outlive it.
std::function<std::optional<std::vector<search::Key>>(std::string_view type, std::string_view body)> stored_keys_of(
    const fhir::Definitions& definitions, const search::Indexer& indexer);

}  // namespace vardbron::app
