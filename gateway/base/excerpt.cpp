#include "gateway/base/excerpt.h"

namespace vardbron {

std::string excerpt(std::string_view name, std::size_t bytes_max) {
  std::string made;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const auto byte = static_cast<unsigned char>(name[at]);
    if (made.size() >= bytes_max && (byte & 0xC0) != 0x80) return made + "..";
    const bool is_c1 = byte == 0xC2 && at + 1 < name.size() && static_cast<unsigned char>(name[at + 1]) < 0xA0;
    if (is_c1) ++at;
    made += is_c1 || byte < 0x20 || byte == 0x7F ? '?' : name[at];
  }
  return made;
}

}  // namespace vardbron
