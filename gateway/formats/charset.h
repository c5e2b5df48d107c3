#pragma once

#include "gateway/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::formats {

enum class Charset : std::uint8_t {
  Ascii,
  Utf8,
  Latin1,       ///< ISO 8859-1
  Windows1252,  ///< ISO 8859-1 with letters where that has control codes
  Latin5,       ///< ISO 8859-9
  Latin9,       ///< ISO 8859-15
};

/// By the names in use: "utf-8", "UNICODE UTF-8", "ISO-8859-1", "8859/1", "latin1", "windows-1252", "cp1252"; nothing for
/// another.
std::optional<Charset> charset_of(std::string_view name);

/// UTF-8 where the bytes are UTF-8 (ASCII is), else Windows-1252: letters of a western 8-bit set are next to never UTF-8.
Charset guess_charset(std::string_view body);

/// Brings a text into UTF-8. Utf8 is given back as it is, unchecked. Invalid, with line:column: a byte that is no character.
Result<std::string> to_utf8(std::string body, Charset charset);

/// The character a byte stands for in a one-byte set; nothing when it is none.
std::optional<std::uint32_t> character_of(unsigned char byte, Charset charset);

}  // namespace vardbron::formats
