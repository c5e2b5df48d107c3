#include "gateway/tree/lines.h"

#include <algorithm>
#include <cstring>

namespace vardbron::tree {

std::string to_string(Position position) {
  if (position.line == 0) return {};
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

void Lines::note(std::string_view text) {
  ends_.clear();
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  for (const char* at = begin; at < end; ++at) {
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (at == nullptr) return;
    note_end(static_cast<std::size_t>(at - begin));
  }
}

Position Lines::at(std::size_t offset) const {
  const auto end = std::lower_bound(ends_.begin(), ends_.end(), offset);
  const std::size_t line_start = end == ends_.begin() ? 0 : *(end - 1) + 1u;
  return {static_cast<std::uint32_t>(end - ends_.begin() + 1), static_cast<std::uint32_t>(offset - line_start + 1)};
}

}  // namespace vardbron::tree
