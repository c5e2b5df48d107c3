#pragma once

// Tested by tests/rest/measure_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/care/month.h"

#include <chrono>
#include <span>
#include <string>

namespace vardbron::rest {

/// What a MeasureReport of a month is made from.
struct MonthReport {
  std::chrono::year_month month;
  std::string reporter, reporter_name;  ///< HSA-id and name of the organisation that asks
  WallTime at{};                        ///< when the sums were worked out
  std::span<const care::MonthSum> sums;
};

/// FHIR R4 MeasureReport, JSON: a stratum per municipality and agreement; `complete` when the month is closed for each of them,
/// else `pending`. Source: fhir-profiles/README.md.
std::string measure_report(const MonthReport& report);

inline constexpr std::string_view month_measure = "https://vardbron.example/fhir/Measure/manadsmedelvarde";
inline constexpr std::string_view month_measure_id = "manadsmedelvarde";
inline constexpr std::string_view month_operation = "https://vardbron.example/fhir/OperationDefinition/manadsmedelvarde";

}  // namespace vardbron::rest
