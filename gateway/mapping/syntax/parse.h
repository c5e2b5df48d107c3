#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/syntax/syntax.h"

#include <string>

namespace vardbron::mapping {

/// Reads an FML text, R5 or R4. Invalid: `where` is file:line:column and `says` what was expected there.
/// Limits: body_bytes_max for the text, expression_depth_max for rules inside rules.
Result<syntax::Map> parse(std::string file, std::string text);

}  // namespace vardbron::mapping
