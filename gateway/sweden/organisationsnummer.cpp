#include "gateway/sweden/organisationsnummer.h"

#include "gateway/sweden/luhn.h"

#include <algorithm>

namespace vardbron::sweden {

Organisationsnummer::Organisationsnummer(std::string_view digits) {
  std::copy_n(digits.begin(), digits_.size(), digits_.begin());
}

Result<Organisationsnummer> parse_organisationsnummer(std::string_view text) {
  std::string digits(text);
  if (digits.size() > 5 && digits[digits.size() - 5] == '-') digits.erase(digits.size() - 5, 1);
  if (digits.size() == 12 && digits.starts_with("16")) digits.erase(0, 2);
  if (!looks_like_organisation(digits))
    return Failure{Cause::Invalid, "An organisationsnummer has ten digits, and its third digit is at least 2.", ""};
  if (!passes_luhn(digits)) return Failure{Cause::Invalid, "The check digit of the organisationsnummer is wrong.", ""};
  return Organisationsnummer(digits);
}

bool looks_like_organisation(std::string_view ten_digits) {
  return ten_digits.size() == 10 && is_all_digits(ten_digits) && ten_digits[2] >= '2';
}

}  // namespace vardbron::sweden
