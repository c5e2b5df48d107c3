#pragma once

#include "gateway/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron {

/// The pieces between separators; "a||b" split at '|' is three pieces. Views into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);      ///< without spaces, tabs and line ends at both ends
std::size_t characters_in(std::string_view text);  ///< code points of valid UTF-8
/// Equal but for the case of A-Z.
bool equal_without_case(std::string_view left, std::string_view right);
std::string to_lower(std::string_view text);  ///< A-Z only
/// All of `text` as a decimal number, or nothing.
std::optional<std::int64_t> parse_int(std::string_view text);
/// Text that is safe to print on a terminal: control characters (C0 but for tab and line end, DEL, C1), marks that change the
/// direction of writing and bytes that are no UTF-8 are written as \u009B or \xFF. For all text of senders.
std::string visible(std::string_view text);
/// FHIR instant in UTC with milliseconds: 2026-11-22T17:05:09.123Z.
std::string to_instant(WallTime time);
/// The entry of `known` nearest to `given`, for "did you mean"; "" when none is (a third of the letters differ, and it is no
/// beginning).
std::string_view nearest(std::string_view given, const std::vector<std::string_view>& known);

}  // namespace vardbron
