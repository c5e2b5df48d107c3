#include "gateway/formats/charset.h"

#include "gateway/base/text.h"
#include "gateway/base/utf8.h"
#include "gateway/tree/lines.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::formats {

namespace {

// "ISO_8859-1", "iso8859/1" and "8859/1" are one name: lower-case letters and digits only, without prefix.
std::string plain_name(std::string_view name) {
  std::string made;
  for (char letter : to_lower(name)) {
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) made += letter;
  }
  for (std::string_view front : {"unicode", "iso"}) {
    if (made.size() > front.size() && made.starts_with(front)) made.erase(0, front.size());
  }
  return made;
}

constexpr std::size_t first_row = static_cast<std::size_t>(Charset::Latin1);  // the sets before it have no row

const OneByteSet* row_of(Charset charset) {
  const std::size_t at = static_cast<std::size_t>(charset);
  const std::span<const OneByteSet> sets = one_byte_sets();
  return at < first_row || at - first_row >= sets.size() ? nullptr : &sets[at - first_row];
}

}  // namespace

std::optional<Charset> charset_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Charset>, 5> unlisted{{{"ascii", Charset::Ascii},
                                                                                 {"usascii", Charset::Ascii},
                                                                                 {"ir6", Charset::Ascii},
                                                                                 {"utf8", Charset::Utf8},
                                                                                 {"unicode", Charset::Utf8}}};
  const std::string plain = plain_name(name);
  for (const auto& [known, charset] : unlisted) {
    if (known == plain) return charset;
  }
  const std::span<const OneByteSet> sets = one_byte_sets();
  for (std::size_t at = 0; at < sets.size() && !plain.empty(); ++at) {
    for (std::string_view known : split(sets[at].names, ',')) {
      if (plain_name(known) == plain) return static_cast<Charset>(at + first_row);
    }
  }
  return std::nullopt;
}

std::string_view name_of(Charset charset) {
  if (charset == Charset::Ascii) return "ASCII";
  const OneByteSet* row = row_of(charset);
  return row == nullptr ? "UTF-8" : row->names.substr(0, row->names.find(','));
}

std::size_t find_misfit(std::string_view body, Charset charset) {
  for (std::size_t at = 0; at < body.size();) {
    std::size_t length = 1;
    if (charset == Charset::Utf8)
      length = utf8_length(body, at);
    else if (!character_of(static_cast<unsigned char>(body[at]), charset))
      length = 0;
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::size_t find_above_ascii(std::string_view body) { return find_misfit(body, Charset::Ascii); }

bool has_vendor_bytes(std::string_view body) {
  return std::any_of(body.begin(), body.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte >= 0x80 && byte < 0xA0;
  });
}

Charset guess_charset(std::string_view body) {
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t length = utf8_length(body, at);
    if (length == 0) return Charset::Windows1252;
    at += length;
  }
  return Charset::Utf8;
}

std::optional<std::uint32_t> character_of(unsigned char byte, Charset charset) {
  if (byte < 0x80) return byte;
  const OneByteSet* row = row_of(charset);
  const std::uint16_t point = row == nullptr ? std::uint16_t{0} : row->points[byte - 0x80u];
  return point == 0 ? std::nullopt : std::optional<std::uint32_t>(point);
}

Result<std::string> to_utf8(std::string body, Charset charset) {
  if (charset == Charset::Utf8) return body;
  std::string made;
  made.reserve(body.size() + body.size() / 8);
  for (char letter : body) {
    const std::optional<std::uint32_t> point = character_of(static_cast<unsigned char>(letter), charset);
    if (!point) {
      tree::Lines lines;
      lines.note(made);
      return Failure{Cause::Invalid, "A byte is no character of " + std::string(name_of(charset)) + ".",
                     to_string(lines.at(made.size()))};
    }
    append_utf8(made, *point);
  }
  return made;
}

}  // namespace vardbron::formats
