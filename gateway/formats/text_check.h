#pragma once

// Tested by tests/formats/json/parse_test.cpp and tests/formats/xml/parse_test.cpp.

#include "gateway/tree/lines.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vardbron::formats {

/// Result of one pass over a text's bytes.
struct TextCheck {
  enum class Fault : std::uint8_t { None, NotUtf8, ControlCharacter };
  Fault fault = Fault::None;
  std::size_t offset = 0;  ///< of the first fault
};

/// Checks for UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF) without control characters below U+0020 but tab,
/// line feed and carriage return. Records line ends up to the first fault.
TextCheck check_text(std::string_view text, tree::Lines& lines);

}  // namespace vardbron::formats
