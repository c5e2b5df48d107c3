#pragma once

// Tested by tests/search/parse_query_test.cpp.

#include "gateway/base/result.h"

#include <string>
#include <string_view>

namespace vardbron::search {

/// The name of a parameter as it was written, if it looks like a name; otherwise it may be a person's number.
std::string shown(std::string_view name);

/// Failures whose place is the name of the parameter.
Failure invalid(std::string says, std::string_view name);
Failure unsupported(std::string says, std::string_view name);

}  // namespace vardbron::search
