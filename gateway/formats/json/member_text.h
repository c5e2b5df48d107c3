#pragma once

#include <string_view>

namespace vardbron::json {

/// A member of an object as it was written, to the letter: an empty list, which no tree holds, a number of whatever digits. The
/// text must be JSON. Empty when it is no object, or has no member of that name written without escapes.
std::string_view member_text(std::string_view object, std::string_view name);

}  // namespace vardbron::json
