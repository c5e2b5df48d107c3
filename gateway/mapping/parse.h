#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/syntax.h"

#include <optional>
#include <string>

namespace vardbron::mapping {

/// Reads an FML text, R5 or R4. Invalid: `where` is file:line:column and `says` what was expected there.
/// Limits: body_bytes_max for the text, expression_depth_max for rules inside rules.
Result<syntax::Map> parse(std::string file, std::string text);

/// The transform that stands at an offset of a map that was parsed: for transforms inside transforms. nullopt: none stands there.
std::optional<syntax::Target> parse_transform(const syntax::Map& map, syntax::Offset offset);

}  // namespace vardbron::mapping
