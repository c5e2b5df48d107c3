#pragma once

// Tested by tests/fhirpath/values_test.cpp and tests/fhirpath/language_test.cpp.

#include <array>
#include <cstdint>
#include <string_view>

namespace vardbron::fhirpath {

/// One atom of UCUM: `factor` of the unit written in `of`, which only uses atoms listed before it.
struct UnitAtom {
  enum class Sort : std::uint8_t { Base, Metric, Plain, Arbitrary, ArbitraryMetric, Special };
  std::string_view code;
  Sort sort = Sort::Plain;
  std::string_view factor;  ///< decimal number
  std::string_view of;
};

struct UnitPrefix {
  std::string_view code;
  int exponent = 0;  ///< of ten
};

/// nullptr if there is none.
const UnitAtom* find_atom(std::string_view code);
/// Index of a base unit in Unit::dimension; -1 if it is none.
int base_number(const UnitAtom& atom);
/// The prefixes, longest first.
const std::array<UnitPrefix, 20>& unit_prefixes();

}  // namespace vardbron::fhirpath
