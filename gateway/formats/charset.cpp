#include "gateway/formats/charset.h"

#include "gateway/base/text.h"
#include "gateway/formats/text_check.h"
#include "gateway/tree/lines.h"

#include <array>
#include <utility>

namespace vardbron::formats {

namespace {

// Windows-1252, 80 to 9F; 0 where the code page has nothing.
constexpr std::array<std::uint16_t, 32> windows_1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

using Change = std::pair<unsigned char, std::uint16_t>;  // where a set differs from ISO 8859-1
constexpr std::array<Change, 8> latin_9 = {{{0xA4, 0x20AC},
                                            {0xA6, 0x0160},
                                            {0xA8, 0x0161},
                                            {0xB4, 0x017D},
                                            {0xB8, 0x017E},
                                            {0xBC, 0x0152},
                                            {0xBD, 0x0153},
                                            {0xBE, 0x0178}}};
constexpr std::array<Change, 6> latin_5 = {
    {{0xD0, 0x011E}, {0xDD, 0x0130}, {0xDE, 0x015E}, {0xF0, 0x011F}, {0xFD, 0x0131}, {0xFE, 0x015F}}};

template <class Changes>
std::uint32_t changed(unsigned char byte, const Changes& changes) {
  for (const Change& each : changes) {
    if (each.first == byte) return each.second;
  }
  return byte;
}

// "ISO_8859-1", "iso8859/1" and "8859/1" are one name: small letters and digits only, without what stands in front.
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

const char* name_of(Charset charset) {
  switch (charset) {
    case Charset::Ascii: return "A byte is no character of ASCII.";
    case Charset::Windows1252: return "A byte is no character of Windows-1252.";
    default: return "A byte is no character of the text's character set.";
  }
}

}  // namespace

std::optional<Charset> charset_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Charset>, 16> names{{{"ascii", Charset::Ascii},
                                                                               {"usascii", Charset::Ascii},
                                                                               {"ir6", Charset::Ascii},
                                                                               {"utf8", Charset::Utf8},
                                                                               {"unicode", Charset::Utf8},
                                                                               {"88591", Charset::Latin1},
                                                                               {"ir100", Charset::Latin1},
                                                                               {"latin1", Charset::Latin1},
                                                                               {"windows1252", Charset::Windows1252},
                                                                               {"cp1252", Charset::Windows1252},
                                                                               {"ansi", Charset::Windows1252},
                                                                               {"88599", Charset::Latin5},
                                                                               {"latin5", Charset::Latin5},
                                                                               {"885915", Charset::Latin9},
                                                                               {"latin9", Charset::Latin9},
                                                                               {"ir203", Charset::Latin9}}};
  const std::string plain = plain_name(name);
  for (const auto& [known, charset] : names) {
    if (known == plain) return charset;
  }
  return std::nullopt;
}

Charset guess_charset(std::string_view body) {
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t length = utf8_length(body.data() + at, body.data() + body.size());
    if (length == 0) return Charset::Windows1252;
    at += length;
  }
  return Charset::Utf8;
}

std::optional<std::uint32_t> character_of(unsigned char byte, Charset charset) {
  if (byte < 0x80) return byte;
  switch (charset) {
    case Charset::Latin1: return byte;
    case Charset::Latin5: return changed(byte, latin_5);
    case Charset::Latin9: return changed(byte, latin_9);
    case Charset::Windows1252: break;
    case Charset::Ascii:
    case Charset::Utf8: return std::nullopt;
  }
  if (byte >= 0xA0) return byte;
  const std::uint16_t point = windows_1252[byte - 0x80];
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
      return Failure{Cause::Invalid, name_of(charset), to_string(lines.at(made.size()))};
    }
    append_utf8(made, *point);
  }
  return made;
}

}  // namespace vardbron::formats
