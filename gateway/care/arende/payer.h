#pragma once

// Tested by tests/care/scenario_a_test.cpp and tests/care/policies_test.cpp.

#include "gateway/care/chain/membership.h"
#include "gateway/care/chain/policies.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// One row of betalare.csv.
struct PayerNumber {
  std::string_view kommun, number;
};
std::span<const PayerNumber> payer_numbers();  ///< sorted by municipality

/// The municipality that a notice makes liable: the one that decided a placement, else the one of registration. Source: LUS 5:2.
struct NamedPayer {
  std::string kommun;       ///< four digits; empty: the notice names none that there is
  bool has_placed = false;  ///< it decided that the patient lives in another municipality
  auto operator<=>(const NamedPayer&) const = default;
};
NamedPayer payer_named_by(const Person& person);

/// Who pays, and by which of its numbers.
struct Payer {
  enum class NumberFrom : std::uint8_t {
    Nowhere,    ///< not known
    List,       ///< the configuration or betalare.csv
    Receivers,  ///< the only municipal body among those notified that no list gives to another municipality
  };
  NamedPayer named;
  std::string number;  ///< organisationsnummer, ten digits; empty: not known
  NumberFrom number_from = NumberFrom::Nowhere;
};

/// Finds the number of a named payer. The number of a municipal receiver is taken only for the municipality of registration, only
/// when no list has a number of that municipality, and only when the receivers leave one possibility: a private provider is no
/// municipality, and the units that receive a placed patient are of the other one.
Payer find_payer(NamedPayer named, const Membership& members, const Policies& policies);

/// The units of the payer among those that the case names, sorted; none while its number is not known.
std::vector<std::string> units_of(const Payer& payer, const Membership& members);

}  // namespace vardbron::care
