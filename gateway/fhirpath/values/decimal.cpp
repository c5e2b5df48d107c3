#include "gateway/fhirpath/values/decimal.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace vardbron::fhirpath {
namespace {

using Wide = Decimal::Wide;
__extension__ using Natural = unsigned __int128;

constexpr int scale_max = 64;

Wide power_of_ten(int exponent) {
  Wide power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

bool times_ten(Wide& value, int exponent) {
  for (; exponent > 0; --exponent) {
    if (value == 0) return true;
    if (__builtin_mul_overflow(value, static_cast<Wide>(10), &value)) return false;
  }
  return true;
}

Natural magnitude(Wide value) { return value < 0 ? Natural(0) - static_cast<Natural>(value) : static_cast<Natural>(value); }

/// Drops `digits` decimal digits towards zero; `remainder` is what was cut off.
Wide drop_digits(Wide value, int digits, Wide& remainder) {
  remainder = 0;
  if (digits <= 0) return value;
  if (digits >= Decimal::digits_max) {
    remainder = value;
    return 0;
  }
  Wide power = power_of_ten(digits);
  remainder = value % power;
  return value / power;
}

struct Aligned {
  Wide left, right;
  int scale;
};

std::optional<Aligned> align(Decimal left, Decimal right) {
  for (bool normalised : {false, true}) {
    if (normalised) {
      left = left.normalised();
      right = right.normalised();
    }
    int scale = left.scale() > right.scale() ? left.scale() : right.scale();
    Aligned aligned{left.coefficient(), right.coefficient(), scale};
    if (times_ten(aligned.left, scale - left.scale()) && times_ten(aligned.right, scale - right.scale())) return aligned;
  }
  return std::nullopt;
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Reads digits into the coefficient; false if they do not fit.
bool read_digits(std::string_view text, std::size_t& at, Wide& coefficient) {
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (!times_ten(coefficient, 1)) return false;
    if (__builtin_add_overflow(coefficient, static_cast<Wide>(text[at] - '0'), &coefficient)) return false;
  }
  return true;
}

std::optional<int> read_exponent(std::string_view text, std::size_t& at) {
  if (at == text.size()) return 0;
  if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
  ++at;
  bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  if (at == text.size() || text.size() - at > 3) return std::nullopt;
  int exponent = 0;
  for (; at < text.size(); ++at) {
    if (!is_digit(text[at])) return std::nullopt;
    exponent = exponent * 10 + (text[at] - '0');
  }
  return negative ? -exponent : exponent;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  std::size_t at = 0;
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++at;
  Wide coefficient = 0;
  std::size_t whole_begin = at;
  if (!read_digits(text, at, coefficient) || at == whole_begin) return std::nullopt;
  int scale = 0;
  if (at < text.size() && text[at] == '.') {
    std::size_t fraction_begin = ++at;
    if (!read_digits(text, at, coefficient) || at == fraction_begin) return std::nullopt;
    scale = static_cast<int>(at - fraction_begin);
  }
  std::optional<int> exponent = read_exponent(text, at);
  if (!exponent) return std::nullopt;
  scale -= *exponent;
  if (scale < 0) {
    if (!times_ten(coefficient, -scale)) return std::nullopt;
    scale = 0;
  }
  if (scale > scale_max) return std::nullopt;
  return Decimal(negative ? -coefficient : coefficient, scale);
}

std::optional<Decimal> Decimal::from_double(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", value);
  std::optional<Decimal> decimal = parse(text);
  return decimal ? decimal->normalised() : decimal;
}

bool Decimal::is_whole() const { return normalised().scale() == 0; }

std::optional<std::int64_t> Decimal::to_integer() const {
  Decimal whole = normalised();
  Wide value = whole.coefficient();
  if (whole.scale() != 0 || value > INT64_MAX || value < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

double Decimal::to_double() const { return std::strtod(to_string().c_str(), nullptr); }

std::string Decimal::to_string() const {
  Natural rest = magnitude(coefficient());
  std::string reversed;
  for (int place = 0; rest != 0 || place <= scale_; ++place) {
    if (place == scale_ && scale_ > 0) reversed += '.';
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (is_negative()) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
  std::optional<Aligned> both = align(*this, other);
  Wide sum = 0;
  if (!both || __builtin_add_overflow(both->left, both->right, &sum)) return std::nullopt;
  return Decimal(sum, both->scale);
}

std::optional<Decimal> Decimal::minus(const Decimal& other) const { return plus(other.negated()); }

std::optional<Decimal> Decimal::times(const Decimal& other) const {
  Wide product = 0;
  if (!__builtin_mul_overflow(coefficient(), other.coefficient(), &product) && scale_ + other.scale_ <= scale_max) {
    return Decimal(product, scale_ + other.scale_);
  }
  Decimal left = normalised();
  Decimal right = other.normalised();
  if (__builtin_mul_overflow(left.coefficient(), right.coefficient(), &product) || left.scale_ + right.scale_ > scale_max) {
    return std::nullopt;
  }
  return Decimal(product, left.scale_ + right.scale_);
}

std::optional<Decimal> Decimal::divided_by(const Decimal& other) const {
  Decimal left = normalised();
  Decimal right = other.normalised();
  if (right.is_zero()) return std::nullopt;
  bool negative = left.is_negative() != right.is_negative();
  Natural divisor = magnitude(right.coefficient());
  Natural dividend = magnitude(left.coefficient());
  int scale = left.scale_ - right.scale_;
  const Natural divisor_max = ~Natural(0) / 20;
  while (divisor > divisor_max) {  // keeps the remainder times ten inside 128 bits
    divisor /= 10;
    --scale;
    dividend /= 10;
    ++scale;
  }
  Natural quotient = dividend / divisor;
  Natural rest = dividend % divisor;
  const Natural enough = static_cast<Natural>(power_of_ten(division_digits - 1));
  while ((rest != 0 || scale < 0) && (quotient < enough || scale < 0)) {
    if (quotient > ~Natural(0) / 40) return std::nullopt;
    rest *= 10;
    quotient = quotient * 10 + rest / divisor;
    rest %= divisor;
    if (++scale > scale_max) break;
  }
  if (rest * 2 >= divisor) ++quotient;
  if (quotient > static_cast<Natural>(power_of_ten(37)) * 10) return std::nullopt;
  Wide value = static_cast<Wide>(quotient);
  return Decimal(negative ? -value : value, scale).normalised();
}

Decimal Decimal::truncated(int scale) const {
  if (scale >= scale_) return *this;
  Wide lost = 0;
  return {drop_digits(coefficient(), scale_ - scale, lost), scale};
}

Decimal Decimal::floored(int scale) const {
  if (scale >= scale_) return *this;
  Wide lost = 0;
  Wide kept = drop_digits(coefficient(), scale_ - scale, lost);
  return {lost < 0 ? kept - 1 : kept, scale};
}

Decimal Decimal::rounded(int scale) const {
  if (scale >= scale_) return *this;
  Wide lost = 0;
  int dropped = scale_ - scale;
  Wide kept = drop_digits(coefficient(), dropped, lost);
  if (dropped >= digits_max) return {0, scale};
  if (magnitude(lost) * 2 >= static_cast<Natural>(power_of_ten(dropped))) kept += lost < 0 ? -1 : 1;
  return {kept, scale};
}

std::optional<Decimal> Decimal::with_scale(int scale) const {
  if (scale <= scale_) return *this;
  Wide value = coefficient();
  if (!times_ten(value, scale - scale_)) return std::nullopt;
  return Decimal(value, scale);
}

Decimal Decimal::normalised() const {
  Wide value = coefficient();
  int scale = scale_;
  while (scale > 0 && value % 10 == 0) {
    value /= 10;
    --scale;
  }
  return {value, scale};
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  if (scale_ == other.scale_) return coefficient() <=> other.coefficient();
  std::optional<Aligned> both = align(*this, other);
  if (both) return both->left <=> both->right;
  // Decimals that cannot be aligned differ by far more than rounding errors: compare whole parts, then doubles.
  Decimal left = truncated(0);
  Decimal right = other.truncated(0);
  if (left.coefficient() != right.coefficient()) return left.coefficient() <=> right.coefficient();
  double difference = to_double() - other.to_double();
  return difference < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
}

}  // namespace vardbron::fhirpath
