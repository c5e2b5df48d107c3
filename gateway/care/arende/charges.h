#pragma once

#include "gateway/care/arende/betalningsklocka.h"
#include "gateway/care/arende/payer.h"
#include "gateway/care/arende/villkor.h"
#include "gateway/care/chain/notice.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

struct Facts;
struct AdmissionFinding;

/// Source: FHIR R4 chargeitem-status.
enum class ChargeStatus : std::uint8_t {
  Planned,      ///< still counted, or a condition is open or broken
  Billable,     ///< every condition is fulfilled
  NotBillable,  ///< the patient left before anybody was liable, or the month's average decides
  EnteredInError
};
std::string_view to_string(ChargeStatus status);  ///< "not-billable"

/// What one municipality pays for a case.
struct Charge {
  Payer payer;
  std::vector<std::string> readers;  ///< units of the payer that may read it
  std::string agreement;             ///< name of the terms
  ClockReading reading;              ///< of the clock, as if every condition were fulfilled
  std::vector<Villkor> villkor;
  ChargeStatus status = ChargeStatus::Planned;
  int days = 0;                        ///< chargeable days: none while the call to a SIP is missing
  std::optional<std::int64_t> amount;  ///< kronor for these days; none: nothing to pay yet, or the price of a year is not known
  std::optional<WallTime> next_change;
  /// The month's average decides: `days` are those the patient waited, and care/month.h makes the sum of a municipality.
  bool is_by_average = false;
  std::optional<std::chrono::local_days> stay_ended;  ///< by average: the day, in Stockholm, when it has ended
  /// Where an average may decide: each day on which a notice ended the stay, also one that was corrected or cancelled since, so
  /// that the charge is found in every month in which it ever was.
  std::vector<std::chrono::local_days> ends_named;
};

/// "SE2120001000" for "SE2120001000-H001"; an identifier of another register is a body of its own.
std::string body_of(const Party& unit);

struct ChargeFinding {
  std::size_t link = 0;
  std::string code, says;
};

struct Charges {
  std::vector<Charge> all;              ///< by municipality
  std::vector<ChargeFinding> findings;  ///< of the one that pays
};

/// The charges of a folded case: one for every municipality that the hospital ever named as the one that pays, once any notice
/// said that the patient is ready for discharge, so that no ChargeItem vanishes. `admissions`: admission_findings(). All but the
/// current payer's are in error.
Charges charges_of(const Facts& facts, const std::vector<AdmissionFinding>& admissions, const Policies& policies,
                   bool case_is_cancelled, WallTime now);

}  // namespace vardbron::care
