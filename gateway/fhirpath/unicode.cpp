#include "gateway/fhirpath/unicode.h"

namespace vardbron::fhirpath {
namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

void append_scalar(std::string& into, std::uint32_t scalar) {
  auto add = [&into](std::uint32_t byte) { into += static_cast<char>(byte); };
  if (scalar < 0x80) {
    add(scalar);
  } else if (scalar < 0x800) {
    add(0xC0 | scalar >> 6);
    add(0x80 | (scalar & 0x3F));
  } else if (scalar < 0x10000) {
    add(0xE0 | scalar >> 12);
    add(0x80 | (scalar >> 6 & 0x3F));
    add(0x80 | (scalar & 0x3F));
  } else {
    add(0xF0 | scalar >> 18);
    add(0x80 | (scalar >> 12 & 0x3F));
    add(0x80 | (scalar >> 6 & 0x3F));
    add(0x80 | (scalar & 0x3F));
  }
}

std::size_t scalar_bytes(std::string_view text, std::size_t at) {
  unsigned char first = static_cast<unsigned char>(text[at]);
  std::size_t wanted = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 1;
  for (std::size_t place = 1; place < wanted; ++place) {
    if (!continues(text, at + place)) return 1;
  }
  return wanted;
}

std::uint32_t scalar_at(std::string_view text, std::size_t at) {
  std::size_t bytes = scalar_bytes(text, at);
  std::uint32_t scalar = static_cast<unsigned char>(text[at]);
  if (bytes > 1) scalar &= 0x7Fu >> bytes;
  for (std::size_t place = 1; place < bytes; ++place)
    scalar = scalar << 6 | (static_cast<unsigned char>(text[at + place]) & 0x3Fu);
  return scalar;
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

bool is_utf8(std::string_view text) {
  static constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  for (std::size_t at = 0; at < text.size();) {
    std::size_t bytes = scalar_bytes(text, at);
    std::uint32_t scalar = scalar_at(text, at);
    if (bytes == 1 && scalar >= 0x80) return false;
    if (scalar < least[bytes] || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar < 0xE000)) return false;
    at += bytes;
  }
  return true;
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
      append_scalar(changed, to_upper(scalar));
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
      append_scalar(changed, to_lower(scalar));
    }
  }
  return changed;
}

}  // namespace vardbron::fhirpath
