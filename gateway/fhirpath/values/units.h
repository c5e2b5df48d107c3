#pragma once

// Tested by tests/fhirpath/values_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/values/decimal.h"
#include "gateway/fhirpath/values/value.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// A UCUM unit in base units: value * numerator / denominator. Source: The Unified Code for Units of Measure 2.1.
struct Unit {
  static constexpr std::size_t bases = 8;  // m, s, g, rad, K, C, cd, mol
  std::array<std::int8_t, bases> dimension{};
  std::uint32_t arbitrary = 0;  ///< hash of its [arbitrary] units, which are comparable only with themselves
  Decimal numerator{std::int64_t{1}};
  Decimal denominator{std::int64_t{1}};
  bool is_special = false;  ///< Cel, [degF], [pH] ..: not convertible by a factor

  bool measures_the_same(const Unit& other) const {
    return !is_special && !other.is_special && dimension == other.dimension && arbitrary == other.arbitrary;
  }
};

/// nullopt: not among the UCUM units used in care data (base, SI, and customary units with prefixes, exponents, products,
/// annotations).
std::optional<Unit> find_unit(std::string_view code);

/// Value of a quantity in another unit; nullopt if the two cannot be converted (N1 6.6 and 5.5.7: calendar years and months
/// convert among calendar units only).
std::optional<Decimal> converted(const Quantity& quantity, const Quantity& to_unit);
/// The same, using the calendar's mean lengths: 1 year is about 1 'a'.
std::optional<Decimal> roughly_converted(const Quantity& quantity, const Quantity& to_unit);
/// True if the left unit is the larger one.
bool is_coarser(const Quantity& left, const Quantity& right);
/// A quantity for an operation with another one: 'a' and 'mo' of a FHIR Quantity become calendar years and months (FHIR R4
/// fhirpath.html#quantity).
Quantity beside(const Quantity& quantity, const Quantity& other);
/// The calendar word in singular or plural, by the value: 1 day, 13 days.
std::string_view calendar_word(const Quantity& quantity);
/// True if only one unit is a calendar year or month: they have no fixed ratio, so a sum needs an explicit toQuantity() (FHIRPath
/// 3, Math).
bool differ_by_calendar(const Quantity& left, const Quantity& right);

enum class UnitOperation : std::uint8_t { Multiply, Divide };
/// Unit of a product or quotient: cm and cm give cm2, g and m give g/m. nullopt: one of them is not a unit.
std::optional<std::string> combined_unit(std::string_view left, std::string_view right, UnitOperation operation);

/// The step of a calendar word or a UCUM unit of time in date arithmetic.
std::optional<Moment::Step> step_of(const Quantity& quantity);
/// N1 6.7: whole steps are added; of seconds a fraction counts too, in milliseconds. nullopt: outside the years 1 to 9999.
std::optional<Moment> plus(const Moment& moment, const Decimal& count, Moment::Step step);

/// N1 6.1.1 and 6.1.3.
std::optional<bool> equal(const Quantity& left, const Quantity& right);
std::optional<bool> equivalent(const Quantity& left, const Quantity& right);
std::optional<int> compare(const Quantity& left, const Quantity& right);
bool equivalent(const Decimal& left, const Decimal& right);

}  // namespace vardbron::fhirpath
