#include "gateway/base/utf8.h"

#include <cstring>

namespace vardbron {

namespace {

constexpr std::size_t digits = 4;

UnicodeEscape read_four_digits(std::string_view text) {
  if (text.size() < digits) return {};
  UnicodeEscape read{0, digits};
  for (const char letter : text.substr(0, digits)) {
    const int value = hex_value(letter);
    if (value < 0) return {};
    read.point = read.point << 4 | static_cast<std::uint32_t>(value);
  }
  return read;
}

/// Most texts are ASCII nearly throughout, which is skipped in machine words.
const char* skip_ascii(const char* at, const char* end) {
  constexpr std::uint64_t above_ascii = 0x8080808080808080;
  for (std::uint64_t word = 0; end - at >= static_cast<std::ptrdiff_t>(sizeof word); at += sizeof word) {
    std::memcpy(&word, at, sizeof word);
    if ((word & above_ascii) != 0) break;
  }
  while (at != end && (*at & 0x80) == 0) ++at;
  return at;
}

}  // namespace

std::uint32_t code_point(std::string_view sequence) {
  const auto byte = [sequence](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[at])); };
  if (sequence.size() == 1) return byte(0);
  std::uint32_t point = byte(0) & (0xFFu >> (sequence.size() + 1));
  for (std::size_t at = 1; at < sequence.size(); ++at) point = point << 6 | (byte(at) & 0x3F);
  return point;
}

bool is_utf8(std::string_view text) {
  const char *at = text.data(), *const end = at + text.size();
  while ((at = skip_ascii(at, end)) != end) {
    const std::size_t bytes = utf8_length(at, end);
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

UnicodeEscape read_unicode_escape(std::string_view text) {
  UnicodeEscape first = read_four_digits(text);
  const bool opens_pair = first.bytes != 0 && first.point >= 0xD800 && first.point <= 0xDBFF;
  if (!opens_pair || text.substr(digits, 2) != "\\u") return first;
  const UnicodeEscape second = read_four_digits(text.substr(digits + 2));
  if (second.bytes == 0 || second.point < 0xDC00 || second.point > 0xDFFF) return first;
  return {0x10000 + ((first.point - 0xD800) << 10) + (second.point - 0xDC00), 2 * digits + 2};
}

}  // namespace vardbron
