#include "gateway/sweden/luhn.h"

#include "gateway/base/check.h"

#include <algorithm>

namespace vardbron::sweden {

int luhn_digit(std::string_view digits) {
  CHECK(is_all_digits(digits));
  int sum = 0;
  bool doubled = true;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    int product = (*digit - '0') * (doubled ? 2 : 1);
    sum += product / 10 + product % 10;
    doubled = !doubled;
  }
  return (10 - sum % 10) % 10;
}

bool passes_luhn(std::string_view digits) {
  return digits.size() > 1 && is_all_digits(digits) && luhn_digit(digits.substr(0, digits.size() - 1)) == digits.back() - '0';
}

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace vardbron::sweden
