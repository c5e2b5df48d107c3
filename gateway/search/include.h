#pragma once

// Tested by tests/search/include_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"

#include <string_view>

namespace vardbron::search {

/// A name and value of _include or _revinclude: Type:reference[:Target], Type:* and * for _include; with :iterate it is
/// followed from included resources too. Source: R4 search.html 3.1.1.5.4. Invalid: there is no such reference, or it leads
/// nowhere from the searched type. Unsupported: its type is not kept.
Result<Include> read_include(const fhir::Definitions& definitions, fhir::TypeId searched, std::string_view name,
                             std::string_view value);

}  // namespace vardbron::search
