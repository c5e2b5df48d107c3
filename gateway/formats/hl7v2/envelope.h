#pragma once

#include "gateway/base/result.h"
#include "gateway/formats/hl7v2/escape.h"
#include "gateway/formats/hl7v2/parse.h"

#include <string>
#include <string_view>

namespace vardbron::hl7v2 {

/// A message's bytes as UTF-8 with a line feed behind each segment, and what its MSH says of how to read them.
struct Opened {
  std::string text;
  Delimiters delimiters;
  formats::Charset charset = formats::Charset::Utf8;
};

/// Takes away framing and byte order mark, reads delimiters and character set. Fails as hl7v2::parse does.
Result<Opened> open(std::string body, const ParseOptions& options);

/// Without framing bytes, byte order mark and white space in front of the message.
std::string_view without_front(std::string_view body);

}  // namespace vardbron::hl7v2
