#pragma once

#include "gateway/formats/charset.h"

#include <string>
#include <string_view>

namespace vardbron::hl7v2 {

/// The delimiters of a message from its MSH-1 and MSH-2 (HL7 v2.5.1, 2.5.4); 0 = not declared.
struct Delimiters {
  char field = 0, component = 0, repetition = 0, escape = 0, subcomponent = 0, truncation = 0;
};

/// Appends a text with its escapes decoded (HL7 v2.5.1, 2.7):
///  * F S T R E, and P or L for the truncation character: the delimiters;
///  * Xdd..: bytes in the message's character set; line ends become a line feed;
///  * .br .sp .ce: line feeds; .sk .ti: spaces; .in .fi .nf, H and N: layout, dropped.
/// Others (C and M for other character sets, Z, control characters, unknown or unclosed ones) stay as written, so that they
/// remain visible.
void unescape(std::string_view text, const Delimiters& delimiters, formats::Charset charset, std::string& out);

}  // namespace vardbron::hl7v2
