#pragma once

#include <string_view>

namespace vardbron {

/// Whether a text fits a pattern in which `*` stands for any letters, also none. Where `one_letter` is given, it stands for one
/// letter; without it a `?` is a `?`, as in a url. At the worst it costs the product of both lengths.
bool fits_wildcard(std::string_view pattern, std::string_view text, char one_letter = '*');

}  // namespace vardbron
