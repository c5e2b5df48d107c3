#pragma once

#include <string_view>

namespace vardbron {

/// Whether a text matches a pattern in which `*` matches any characters, also none. `one_letter`, if given, matches one
/// character; without it a `?` is a `?`, as in a url. The worst case is the product of both lengths.
bool fits_wildcard(std::string_view pattern, std::string_view text, char one_letter = '*');

}  // namespace vardbron
