#pragma once

#include "gateway/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::formats {

/// Further values are sets without an enumerator: rows of charsets.tsv, in its order.
enum class Charset : std::uint8_t {
  Ascii,
  Utf8,
  Latin1,       ///< ISO 8859-1
  Windows1252,  ///< ISO 8859-1 with letters in place of control codes
  Latin5,       ///< ISO 8859-9
  Latin9,       ///< ISO 8859-15
};

/// A set with one byte per character, ASCII below 80 (hex); one row of charsets.tsv, from which the build makes the table.
struct OneByteSet {
  std::string_view names;                 ///< separated by commas
  std::array<std::uint16_t, 128> points;  ///< of the bytes from 80 on; 0 = no character
};
std::span<const OneByteSet> one_byte_sets();

/// By the names in use: "utf-8", "UNICODE UTF-8", "ISO-8859-1", "8859/1", "latin1", "windows-1252", "cp1252" and the others of
/// charsets.tsv; nothing if unknown.
std::optional<Charset> charset_of(std::string_view name);
std::string_view name_of(Charset charset);  ///< its first name: "8859/1"

/// UTF-8 if the bytes are UTF-8 (ASCII is), else Windows-1252: text in a western 8-bit set is almost never valid UTF-8.
Charset guess_charset(std::string_view body);

/// Offset of the first byte that is no character of the set, or that is above ASCII; npos if there is none.
std::size_t find_misfit(std::string_view body, Charset charset);
std::size_t find_above_ascii(std::string_view body);

/// True if there are bytes from 80 to 9F (hex): ISO 8859 has no letters there, and each vendor's set has others.
bool has_vendor_bytes(std::string_view body);

/// Converts a text to UTF-8. Utf8 is returned unchanged and unchecked. Invalid, with line:column: a byte that is no character.
Result<std::string> to_utf8(std::string body, Charset charset);

/// The character of a byte in a one-byte set; nothing if there is none.
std::optional<std::uint32_t> character_of(unsigned char byte, Charset charset);

}  // namespace vardbron::formats
