#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vardbron {

/// "1 map", "3 maps": `one` is a word whose plural ends in s.
std::string counted(std::size_t count, std::string_view one);

}  // namespace vardbron
