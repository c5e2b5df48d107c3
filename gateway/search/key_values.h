#pragma once

// Tested by tests/search/indexer_test.cpp.

#include "gateway/search/query.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// Adds keys of one kind for a value of one FHIR type. Source: FHIR R4 search.html, the tables of 3.1.1.4.7 to 3.1.1.4.14.
using AddKeys = void (*)(std::string_view parameter, std::string_view implied_system, tree::Item value, std::vector<Key>& into);

/// nullptr if values of the type cannot be searched by that kind of parameter.
AddKeys keys_of(KeyKind kind, std::string_view type);

}  // namespace vardbron::search
