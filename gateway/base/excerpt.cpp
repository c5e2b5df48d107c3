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

}  // namespace vardbron
