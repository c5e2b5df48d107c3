#pragma once

#include "gateway/search/query.h"

#include <span>
#include <string>
#include <string_view>

namespace vardbron::search {

/// True if a resource with these keys meets the criterion. Source: FHIR R4 search.html, 3.1.1.4 and 3.1.1.5. Every store decides
/// with this function; an index may only preselect.
bool matches(const Criterion& criterion, std::span<const Key> keys);

/// A string in the form for comparison: lower case, without accents (Latin letters up to U+017F). Source: search.html 3.1.1.4.8.
std::string normalized(std::string_view text);

}  // namespace vardbron::search
