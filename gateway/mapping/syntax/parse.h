#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/syntax/syntax.h"

#include <string>

namespace vardbron::mapping {

/// Parses an FML text, R5 or R4. Invalid: `where` is file:line:column and `says` what was expected there, also for rules nested
/// deeper than expression_depth_max. TooLarge: a text above body_bytes_max.
Result<syntax::Map> parse(std::string file, std::string text);

}  // namespace vardbron::mapping
