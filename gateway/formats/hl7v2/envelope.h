#pragma once

// Tested by tests/formats/hl7v2/parse_test.cpp.

#include "gateway/base/result.h"
#include "gateway/formats/hl7v2/escape.h"
#include "gateway/formats/hl7v2/parse.h"

#include <string>
#include <string_view>

namespace vardbron::hl7v2 {

/// A message in UTF-8 with a line feed after each segment, and the encoding declared in its MSH.
struct Opened {
  std::string text;
  Delimiters delimiters;
  formats::Charset charset = formats::Charset::Utf8;
};

/// Removes framing and byte order mark, reads delimiters and character set. Fails like hl7v2::parse.
Result<Opened> open(std::string body, const ParseOptions& options);

/// The body without leading framing bytes, byte order mark and white space.
std::string_view without_front(std::string_view body);

}  // namespace vardbron::hl7v2
