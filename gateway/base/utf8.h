#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// UTF-8 as RFC 3629 has it: shortest form, no surrogates, nothing above U+10FFFF.
namespace vardbron {

/// Length in bytes of the sequence that starts at `at`; 0 when it is none. `end` is one past the text's last byte, `at` before
/// it.
inline std::size_t utf8_length(const char* at, const char* end) {
  const auto byte = [at](std::size_t index) { return static_cast<unsigned char>(at[index]); };
  const auto left = static_cast<std::size_t>(end - at);
  const auto follows = [&](std::size_t index, unsigned from = 0x80, unsigned to = 0xBF) {
    return byte(index) >= from && byte(index) <= to;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return left >= 2 && follows(1) ? 2 : 0;
  if (first < 0xF0) {
    const unsigned from = first == 0xE0 ? 0xA0 : 0x80, to = first == 0xED ? 0x9F : 0xBF;
    return left >= 3 && follows(1, from, to) && follows(2) ? 3 : 0;
  }
  if (first > 0xF4) return 0;
  const unsigned from = first == 0xF0 ? 0x90 : 0x80, to = first == 0xF4 ? 0x8F : 0xBF;
  return left >= 4 && follows(1, from, to) && follows(2) && follows(3) ? 4 : 0;
}

/// The same at a byte of a text, at < text.size().
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  return utf8_length(text.data() + at, text.data() + text.size());
}

/// The code point of one whole sequence.
std::uint32_t code_point(std::string_view sequence);

bool is_utf8(std::string_view text);

inline constexpr std::uint32_t replacement_character = 0xFFFD;
constexpr bool is_surrogate(std::uint32_t point) { return point >= 0xD800 && point <= 0xDFFF; }

/// Appends a code point; U+FFFD for surrogates and values above U+10FFFF.
template <class Text>
void append_utf8(Text& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) return put(point);
  if (is_surrogate(point) || point > 0x10FFFF) point = replacement_character;
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

/// 0 to 15; -1 when it is no hexadecimal digit.
constexpr int hex_value(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  const char small = static_cast<char>(letter | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// The value of a JavaScript escape.
struct UnicodeEscape {
  std::uint32_t point = 0;  ///< a surrogate if half of a pair is missing
  std::size_t bytes = 0;    ///< 0: not four digits
};
/// Reads four hexadecimal digits at the beginning of `text`, which is what follows "\u"; after the first half of a surrogate pair
/// its second half too, with the "\u" before it.
UnicodeEscape read_unicode_escape(std::string_view text);

}  // namespace vardbron
