#include "gateway/formats/xml/letters.h"

#include "gateway/base/utf8.h"

#include <algorithm>
#include <array>

namespace vardbron::xml {

namespace {

struct Range {
  std::uint32_t from, to;
};
// XML 1.0 (fifth edition) 2.3, NameStartChar above ASCII.
constexpr std::array<Range, 12> name_starts = {{{0xC0, 0xD6},
                                                {0xD8, 0xF6},
                                                {0xF8, 0x2FF},
                                                {0x370, 0x37D},
                                                {0x37F, 0x1FFF},
                                                {0x200C, 0x200D},
                                                {0x2070, 0x218F},
                                                {0x2C00, 0x2FEF},
                                                {0x3001, 0xD7FF},
                                                {0xF900, 0xFDCF},
                                                {0xFDF0, 0xFFFD},
                                                {0x10000, 0xEFFFF}}};
// Additional characters of NameChar above ASCII.
constexpr std::array<Range, 3> name_others = {{{0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}};

template <std::size_t Count>
constexpr bool is_in(const std::array<Range, Count>& ranges, std::uint32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [point](Range each) { return each.from <= point && point <= each.to; });
}

constexpr bool starts_name(std::uint32_t point) {
  if (point >= 0x80) return is_in(name_starts, point);
  return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || point == '_' || point == ':';
}

constexpr bool continues_name(std::uint32_t point) {
  if (starts_name(point)) return true;
  if (point >= 0x80) return is_in(name_others, point);
  return (point >= '0' && point <= '9') || point == '-' || point == '.';
}

/// Whether an ASCII character continues a name; false for all others.
constexpr std::array<bool, 256> in_name = [] {
  std::array<bool, 256> table{};
  for (std::uint32_t point = 0; point < 0x80; ++point) table[point] = continues_name(point);
  return table;
}();

}  // namespace

bool is_character(std::uint32_t point) {
  if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
  return point <= 0xD7FF || (point >= 0xE000 && point <= 0xFFFD) || (point >= 0x10000 && point <= 0x10FFFF);
}

bool is_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), is_space); }

std::size_t name_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    if (const auto byte = static_cast<unsigned char>(text[length]); byte < 0x80) {
      if (length == 0 && !starts_name(byte)) break;
      const std::size_t before = length;
      while (length < text.size() && in_name[static_cast<unsigned char>(text[length])]) ++length;
      if (length == before) break;
      continue;
    }
    const std::size_t letter = utf8_length(text, length);
    if (letter == 0) break;
    const std::uint32_t point = code_point(text.substr(length, letter));
    if (!(length == 0 ? starts_name(point) : continues_name(point))) break;
    length += letter;
  }
  return length;
}

QualifiedName split_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {{}, name};
  const std::string_view local = name.substr(colon + 1);
  const bool is_valid =
      colon > 0 && local.find(':') == std::string_view::npos && name_length(local) == local.size() && !local.empty();
  return {name.substr(0, colon), local, is_valid};
}

}  // namespace vardbron::xml
