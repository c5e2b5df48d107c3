#pragma once

// Tested by tests/fhirpath/values_test.cpp.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// An exact decimal of up to 38 digits that keeps the number of fraction digits written: 1.10 is equal to 1.1 and prints as 1.10.
/// A result that does not fit is nullopt; only divided_by() rounds. A value, any thread.
class Decimal {
 public:
  __extension__ using Wide = __int128;

  static constexpr int digits_max = 38;
  static constexpr int division_digits = 28;  ///< significant digits kept by divided_by()

  constexpr Decimal() = default;
  constexpr Decimal(std::int64_t whole) : Decimal(static_cast<Wide>(whole), 0) {}
  constexpr Decimal(Wide coefficient, int scale)
      : low_(static_cast<std::uint64_t>(coefficient)),
        high_(static_cast<std::int64_t>(coefficient >> 64)),
        scale_(static_cast<std::int16_t>(scale)) {}

  /// [+-]digits[.digits][e[+-]digits]; nullopt for anything else and for what does not fit.
  static std::optional<Decimal> parse(std::string_view text);
  static std::optional<Decimal> from_double(double value);

  constexpr Wide coefficient() const { return (static_cast<Wide>(high_) << 64) | static_cast<Wide>(low_); }
  constexpr int scale() const { return scale_; }  ///< digits after the point, >= 0
  constexpr bool is_negative() const { return high_ < 0; }
  constexpr bool is_zero() const { return high_ == 0 && low_ == 0; }
  bool is_whole() const;
  std::optional<std::int64_t> to_integer() const;  ///< nullopt if not whole or too large
  double to_double() const;
  std::string to_string() const;

  std::optional<Decimal> plus(const Decimal& other) const;
  std::optional<Decimal> minus(const Decimal& other) const;
  std::optional<Decimal> times(const Decimal& other) const;
  /// Rounded half away from zero to division_digits; exact quotients have no trailing zeros. nullopt for a zero divisor.
  std::optional<Decimal> divided_by(const Decimal& other) const;
  Decimal negated() const { return {-coefficient(), scale_}; }

  Decimal truncated(int scale) const;                  ///< towards zero
  Decimal floored(int scale) const;                    ///< towards minus infinity
  Decimal rounded(int scale) const;                    ///< half away from zero
  std::optional<Decimal> with_scale(int scale) const;  ///< more zeros after the point; nullopt if they do not fit
  Decimal normalised() const;                          ///< without trailing zeros after the point

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const { return (*this <=> other) == 0; }

 private:
  std::uint64_t low_ = 0;
  std::int64_t high_ = 0;
  std::int16_t scale_ = 0;
};

}  // namespace vardbron::fhirpath
