#pragma once

#include <cstdint>
#include <string_view>

namespace vardbron {

/// How often REACHED(mark) was passed since the program started. Any thread.
std::uint64_t times_reached(std::string_view mark);

}  // namespace vardbron
