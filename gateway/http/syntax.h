#pragma once

// Tested by tests/http/guard_test.cpp.

#include <cstdint>
#include <optional>
#include <string_view>

/// The smallest pieces of HTTP's grammar. Source: RFC 9110, 5.5 and 5.6.
namespace vardbron::http {

bool is_token(std::string_view text);                 ///< 1*tchar
bool is_field_value(std::string_view text);           ///< no control characters but the tab
bool is_digits(std::string_view text);                ///< 1*DIGIT
std::string_view trim_blanks(std::string_view text);  ///< without the optional whitespace around: spaces and tabs
/// A length as sent: digits only, no leading zero, fits. Nothing otherwise.
std::optional<std::uint64_t> parse_length(std::string_view text);

}  // namespace vardbron::http
