#pragma once

#include "gateway/tree/lines.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vardbron::formats {

/// What one pass over a text's bytes tells.
struct TextCheck {
  enum class Fault : std::uint8_t { None, NotUtf8, ControlCharacter };
  Fault fault = Fault::None;
  std::size_t offset = 0;  ///< of the first fault
};

/// Is it UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF) without control characters below U+0020 but tab, line
/// feed and carriage return? Notes line ends up to the first fault.
TextCheck check_text(std::string_view text, tree::Lines& lines);

/// Length of the UTF-8 sequence that starts here; 0 when it is none. `end` is behind the text's last byte.
std::size_t utf8_length(const char* at, const char* end);

/// Appends the UTF-8 form of a code point, which is a Unicode scalar value.
template <class Text>
void append_utf8(Text& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0 | point >> 6);
  } else {
    if (point < 0x10000) {
      put(0xE0 | point >> 12);
    } else {
      put(0xF0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3F));
    }
    put(0x80 | (point >> 6 & 0x3F));
  }
  put(0x80 | (point & 0x3F));
}

}  // namespace vardbron::formats
