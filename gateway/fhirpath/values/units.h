#pragma once

#include "gateway/fhirpath/values/decimal.h"
#include "gateway/fhirpath/values/value.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// A UCUM unit in base units: value * numerator / denominator of them. Source: The Unified Code for Units of Measure 2.1.
struct Unit {
  static constexpr std::size_t bases = 8;  // m, s, g, rad, K, C, cd, mol
  std::array<std::int8_t, bases> dimension{};
  std::uint32_t arbitrary = 0;  ///< hash of the [arbitrary] units in it: they measure nothing but themselves
  Decimal numerator{std::int64_t{1}};
  Decimal denominator{std::int64_t{1}};
  bool is_special = false;  ///< Cel, [degF], [pH] ..: no factor leads to base units

  bool measures_the_same(const Unit& other) const {
    return !is_special && !other.is_special && dimension == other.dimension && arbitrary == other.arbitrary;
  }
};

/// nullopt: no unit of UCUM as care data uses it (base, SI, and customary units with prefixes, exponents, products, annotations).
std::optional<Unit> find_unit(std::string_view code);

/// Value of a quantity in another unit; nullopt when the two cannot be converted (N1 6.6 and 5.5.7: calendar years and months
/// convert among calendar units only).
std::optional<Decimal> converted(const Quantity& quantity, const Quantity& to_unit);
/// The same where the calendar's mean length counts too: 1 year is about 1 'a'.
std::optional<Decimal> roughly_converted(const Quantity& quantity, const Quantity& to_unit);
/// Is the left unit the larger one?
bool is_coarser(const Quantity& left, const Quantity& right);
/// As it counts beside another one: 'a' and 'mo' of a FHIR Quantity are calendar years and months beside such (FHIR R4
/// fhirpath.html#quantity).
Quantity beside(const Quantity& quantity, const Quantity& other);
/// The word of a calendar quantity, in the number that its value asks for: 1 day, 13 days.
std::string_view calendar_word(const Quantity& quantity);
/// Units of which only one is a calendar year or month: what lies between them is no fixed length, so sums of the two have to be
/// asked for by toQuantity() (FHIRPath 3, Math).
bool differ_by_calendar(const Quantity& left, const Quantity& right);

enum class UnitOperation : std::uint8_t { Multiply, Divide };
/// Unit of a product or quotient: cm and cm give cm2, g and m give g/m. nullopt: one of them is no unit.
std::optional<std::string> combined_unit(std::string_view left, std::string_view right, UnitOperation operation);

/// The step a calendar word or a UCUM unit of time means in date arithmetic.
std::optional<Moment::Step> step_of(const Quantity& quantity);

/// N1 6.1.1 and 6.1.3.
std::optional<bool> equal(const Quantity& left, const Quantity& right);
std::optional<bool> equivalent(const Quantity& left, const Quantity& right);
std::optional<int> compare(const Quantity& left, const Quantity& right);
bool equivalent(const Decimal& left, const Decimal& right);

}  // namespace vardbron::fhirpath
