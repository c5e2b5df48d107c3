#pragma once

#include "gateway/search/query.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// How values of a FHIR type become keys of a kind. Source: FHIR R4 search.html, the tables of 3.1.1.4.7 to 3.1.1.4.14.
using AddKeys = void (*)(std::string_view parameter, std::string_view implied_system, tree::Item value, std::vector<Key>& into);

/// The way for that pair; nullptr when values of the type cannot be searched by that kind of parameter.
AddKeys keys_of(KeyKind kind, std::string_view type);

}  // namespace vardbron::search
