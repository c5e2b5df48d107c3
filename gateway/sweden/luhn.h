#pragma once

#include <string_view>

namespace vardbron::sweden {

/// Check digit of the digits before it: weights 2, 1, 2, 1 .. from the right, digit sums added (Skatteverket, SKV 704). The text
/// must be digits only.
int luhn_digit(std::string_view digits);

/// True if the last digit is the check digit of those before it.
bool passes_luhn(std::string_view digits);

bool is_all_digits(std::string_view text);

}  // namespace vardbron::sweden
