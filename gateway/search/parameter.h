#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"

#include <optional>
#include <string_view>

namespace vardbron::search {

/// The kind of key a search parameter has; nullopt when we do not serve its type (quantity, number, composite, special) or it
/// asks for more than comparing (phonetic).
std::optional<KeyKind> key_kind(const fhir::SearchParameter& parameter);

/// _id and _lastUpdated: every store adds their keys itself.
bool is_known_by_store(std::string_view parameter);

}  // namespace vardbron::search
