#pragma once

// Tested by tests/care/policies_test.cpp.

#include "gateway/care/chain/notice.h"
#include "gateway/care/chain/policy.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// What a region and municipalities have agreed, and where it holds. Source: LUS 4:5.
struct Agreement {
  Policy terms;
  std::vector<std::string> kommuner;                   ///< municipalities of four digits, counties of two; empty: everywhere
  CareKind care_kind = CareKind::Unknown;              ///< Unknown: every kind of care
  std::optional<std::chrono::local_days> from, until;  ///< first and last day; none: no limit
  std::string source;                                  ///< where the terms were read
  bool operator==(const Agreement&) const = default;
};

/// The terms of payment by municipality, kind of care and day. Empty but for `everywhere`: one policy for all.
struct Policies {
  Policies() = default;
  Policies(Policy terms) : everywhere(std::move(terms)) {}

  /// The agreement that names the municipality most closely, and the kind of care before none; of equals the first. The day is
  /// that of utskrivningsklar. Else `everywhere`.
  const Policy& of(std::string_view kommun, CareKind care_kind, std::chrono::local_days day) const;
  /// Is there a kind of care, or a day, for which the month's average decides in that municipality?
  bool may_average(std::string_view kommun) const;
  /// The terms of that name by which the month's average decides: of several those that hold on the day, else the last. Null:
  /// none is configured any more.
  const Policy* find_average(std::string_view name, std::chrono::local_days day) const;
  /// Kronor for one day in that year, by these terms or by the regulation; none: not known.
  std::optional<std::int64_t> price(const Policy& terms, int year) const;

  Policy everywhere;
  /// Clocks count a notice as sent when the gateway took it, and not when the sender says.
  bool counts_from_receipt = false;
  std::vector<Agreement> agreements;
  std::map<int, std::int64_t> prices;                                   ///< kronor by year. Source: LUS 5:6, HSLF-FS
  std::map<std::string, std::string, std::less<>> organisationsnummer;  ///< by municipality, beside betalare.csv
  bool operator==(const Policies&) const = default;
};

/// The day of "2026-01-01"; none of anything else.
std::optional<std::chrono::local_days> day_of_text(std::string_view text);

}  // namespace vardbron::care
