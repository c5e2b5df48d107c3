#include "gateway/search/number.h"

#include <charconv>
#include <string>

namespace vardbron::search {

namespace {

/// digits * 10^exponent
struct Parts {
  bool is_negative = false;
  std::string digits;  ///< without leading zeros; "" = zero
  int exponent = 0;
};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::size_t take_digits(std::string_view& rest, std::string& into) {
  std::size_t count = 0;
  while (count < rest.size() && is_digit(rest[count])) ++count;
  into.append(rest.substr(0, count));
  rest.remove_prefix(count);
  return count;
}

std::optional<Parts> parts_of(std::string_view rest) {
  Parts parts;
  if (rest.size() > number_letters_max) return std::nullopt;
  if (rest.starts_with('-')) {
    parts.is_negative = true;
    rest.remove_prefix(1);
  }
  if (take_digits(rest, parts.digits) == 0) return std::nullopt;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const std::size_t fraction = take_digits(rest, parts.digits);
    if (fraction == 0) return std::nullopt;
    parts.exponent = -static_cast<int>(fraction);
  }
  parts.digits.erase(0, parts.digits.find_first_not_of('0'));
  if (rest.empty()) return parts;
  if (rest.front() != 'e' && rest.front() != 'E') return std::nullopt;
  rest.remove_prefix(rest.substr(1).starts_with('+') ? 2 : 1);
  int power = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), power);
  constexpr int power_max = 400;  // beyond what a double holds
  if (error != std::errc{} || end != rest.data() + rest.size() || power > power_max || power < -power_max) return std::nullopt;
  parts.exponent += power;
  // In the standard, 1e2 is any of 95 to 105: one digit with an exponent is read with one digit more.
  if (parts.digits.size() == 1) {
    parts.digits += '0';
    --parts.exponent;
  }
  return parts;
}

// From text, so that a bound is the double nearest to it, as is a value that was written with one digit more.
std::optional<double> number_of(bool is_negative, const std::string& digits, int exponent) {
  const std::string text =
      (is_negative ? "-" : "") + (digits.empty() ? std::string("0") : digits) + "e" + std::to_string(exponent);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string one_less(std::string digits) {
  std::size_t at = digits.size();
  while (digits[--at] == '0') digits[at] = '9';
  --digits[at];
  return digits;
}

}  // namespace

std::optional<WrittenNumber> parse_number(std::string_view text) {
  const std::optional<Parts> parts = parts_of(text);
  if (!parts) return std::nullopt;
  const bool is_zero = parts->digits.empty();
  const std::optional<double> value = number_of(parts->is_negative, parts->digits, parts->exponent);
  const std::optional<double> outer = number_of(parts->is_negative, parts->digits + "5", parts->exponent - 1);
  const std::string inner_digits = is_zero ? "5" : one_less(parts->digits) + "5";
  const std::optional<double> inner = number_of(parts->is_negative != is_zero, inner_digits, parts->exponent - 1);
  if (!value || !outer || !inner) return std::nullopt;
  return parts->is_negative ? WrittenNumber{*value, *outer, *inner} : WrittenNumber{*value, *inner, *outer};
}

}  // namespace vardbron::search
