#pragma once

// Tested by tests/search/number_test.cpp.

#include <cstddef>
#include <optional>
#include <string_view>

namespace vardbron::search {

inline constexpr std::size_t number_letters_max = 60;

/// A decimal as it was written: 5.40 is 5.40, and so are the numbers from 5.395 on and below 5.405 if they are rounded to as many
/// digits. Source: FHIR R4 search.html 3.1.1.4.6.
struct WrittenNumber {
  double value = 0;
  double low = 0, high = 0;  ///< low <= x < high rounds to it
};

/// nullopt: no decimal of FHIR (datatypes.html#decimal), more letters than number_letters_max, or none that a double holds.
std::optional<WrittenNumber> parse_number(std::string_view text);

}  // namespace vardbron::search
