#pragma once

// Tested by tests/care/month_contribution_test.cpp.

#include "gateway/tree/document.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::care {

/// Extensions of a ChargeItem, and how the display of its payer begins. Source: fhir-profiles/input/fsh/extensions.fsh.
namespace charge_url {
inline constexpr std::string_view state = "https://vardbron.example/fhir/StructureDefinition/betalningsklocka";
inline constexpr std::string_view agreement = "https://vardbron.example/fhir/StructureDefinition/betalningsavtal";
inline constexpr std::string_view payer = "https://vardbron.example/fhir/StructureDefinition/betalningsansvarig";
inline constexpr std::string_view condition = "https://vardbron.example/fhir/StructureDefinition/betalningsvillkor";
inline constexpr std::string_view stay_end = "https://vardbron.example/fhir/StructureDefinition/vardtillfalle-slut";
inline constexpr std::string_view kommun = "Kommun ";
}  // namespace charge_url

/// System of the tags "2026-03-14" of ChargeItems whose stay a notice ended on that day, where an average may decide: of all of
/// them, and of those of one municipality.
std::string stay_end_system(std::string_view payer_key = {});
/// Its organisationsnummer; as long as that is not known its four digits; "okand" without either.
std::string payer_key(std::string_view number, std::string_view kommun);

/// What one stay adds to the month of the municipality that pays by the month's average. Source: LUS 4:5.
struct MonthContribution {
  std::string charge;             ///< id of the ChargeItem
  std::string number;             ///< organisationsnummer of the municipality; empty: not known
  std::string kommun;             ///< its four digits; empty: not known
  std::string agreement;          ///< name of the terms
  std::chrono::year_month month;  ///< in which the stay ended, in Stockholm
  int days = 0;                   ///< that the patient waited
  bool has_waited = false;        ///< false: its clock never ran, since the municipality was not notified
  bool is_fulfilled = false;      ///< every condition of the law
  bool operator==(const MonthContribution&) const = default;
};

/// None: the stay goes on, its days are charged by themselves, or the charge is in error.
std::optional<MonthContribution> contribution_of(tree::Item charge_item);

}  // namespace vardbron::care
