#pragma once

// Tested by tests/fhirpath/language_test.cpp.

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// encode() and decode(): "hex", "base64", "urlbase64", and "ascii" for encoding. nullopt: no such format, or a malformed text.
std::optional<std::string> encode(std::string_view text, std::string_view format);
std::optional<std::string> decode(std::string_view text, std::string_view format);

/// escape() and unescape(): "html" and "json". nullopt: no such target.
std::optional<std::string> escape(std::string_view text, std::string_view target);
std::optional<std::string> unescape(std::string_view text, std::string_view target);

}  // namespace vardbron::fhirpath
