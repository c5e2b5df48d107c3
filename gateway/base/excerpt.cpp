#include "gateway/base/excerpt.h"

#include "gateway/base/text.h"

#include <algorithm>

namespace vardbron {

std::string excerpt(std::string_view name, std::size_t bytes_max) {
  std::size_t end = std::min(name.size(), bytes_max);
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) ++end;
  std::string made = visible(name.substr(0, end));
  for (std::size_t at = 0; (at = made.find_first_of("\t\n", at)) != std::string::npos;) made[at] = ' ';
  return end < name.size() ? made + ".." : made;
}

std::string shape_of(std::string_view value, std::size_t characters_max) {
  std::string shape;
  for (const char each : value) {
    const auto byte = static_cast<unsigned char>(each);
    if ((byte & 0xC0) == 0x80) continue;
    if (shape.size() >= characters_max) return shape + "..";
    const bool is_lower = (each >= 'a' && each <= 'z') || byte >= 0x80;
    shape += each >= '0' && each <= '9'    ? '9'
             : each >= 'A' && each <= 'Z'  ? 'A'
             : is_lower                    ? 'a'
             : byte < 0x20 || byte == 0x7F ? '?'
                                           : each;
  }
  return shape;
}

}  // namespace vardbron
