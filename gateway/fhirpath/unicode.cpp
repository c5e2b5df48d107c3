#include "gateway/fhirpath/unicode.h"

#include "gateway/base/utf8.h"

#include <algorithm>

namespace vardbron::fhirpath {
std::size_t scalar_bytes(std::string_view text, std::size_t at) { return std::max<std::size_t>(utf8_length(text, at), 1); }

std::uint32_t scalar_at(std::string_view text, std::size_t at) {
  const std::size_t bytes = utf8_length(text, at);
  return bytes == 0 ? static_cast<unsigned char>(text[at]) : code_point(text.substr(at, bytes));
}

std::size_t scalar_count(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += scalar_bytes(text, at)) ++count;
  return count;
}

std::size_t byte_offset(std::string_view text, std::size_t scalar) {
  std::size_t at = 0;
  for (; scalar > 0 && at < text.size(); --scalar) at += scalar_bytes(text, at);
  return at;
}

std::uint32_t to_upper(std::uint32_t scalar) {
  if (scalar < 0x80) return scalar >= 'a' && scalar <= 'z' ? scalar - 32 : scalar;
  if (scalar == 0xB5) return 0x39C;
  if (scalar == 0xFF) return 0x178;
  if (scalar >= 0xE0 && scalar <= 0xFE && scalar != 0xF7) return scalar - 32;
  if ((scalar >= 0x139 && scalar <= 0x148) || (scalar >= 0x179 && scalar <= 0x17E)) return scalar % 2 == 0 ? scalar - 1 : scalar;
  if (scalar >= 0x100 && scalar <= 0x177 && scalar != 0x131) return scalar % 2 == 1 ? scalar - 1 : scalar;
  if (scalar >= 0x3B1 && scalar <= 0x3C9 && scalar != 0x3C2) return scalar - 32;
  if (scalar >= 0x430 && scalar <= 0x44F) return scalar - 32;
  if (scalar >= 0x450 && scalar <= 0x45F) return scalar - 80;
  return scalar;
}

std::uint32_t to_lower(std::uint32_t scalar) {
  if (scalar < 0x80) return scalar >= 'A' && scalar <= 'Z' ? scalar + 32 : scalar;
  if (scalar == 0x178) return 0xFF;
  if (scalar >= 0xC0 && scalar <= 0xDE && scalar != 0xD7) return scalar + 32;
  if ((scalar >= 0x139 && scalar <= 0x148) || (scalar >= 0x179 && scalar <= 0x17E)) return scalar % 2 == 1 ? scalar + 1 : scalar;
  if (scalar >= 0x100 && scalar <= 0x177 && scalar != 0x130) return scalar % 2 == 0 ? scalar + 1 : scalar;
  if (scalar >= 0x391 && scalar <= 0x3A9) return scalar + 32;
  if (scalar >= 0x410 && scalar <= 0x42F) return scalar + 32;
  if (scalar >= 0x400 && scalar <= 0x40F) return scalar + 80;
  return scalar;
}

std::string upper(std::string_view text) {
  std::string changed;
  for (std::size_t at = 0; at < text.size(); at += scalar_bytes(text, at)) {
    std::uint32_t scalar = scalar_at(text, at);
    if (scalar == 0xDF) {
      changed += "SS";
    } else if (scalar >= 0x80 && scalar_bytes(text, at) == 1) {
      changed += text[at];
    } else {
      append_utf8(changed, to_upper(scalar));
    }
  }
  return changed;
}

std::string lower(std::string_view text) {
  std::string changed;
  for (std::size_t at = 0; at < text.size(); at += scalar_bytes(text, at)) {
    std::uint32_t scalar = scalar_at(text, at);
    if (scalar >= 0x80 && scalar_bytes(text, at) == 1) {
      changed += text[at];
    } else {
      append_utf8(changed, to_lower(scalar));
    }
  }
  return changed;
}

}  // namespace vardbron::fhirpath
