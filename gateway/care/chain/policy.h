#pragma once

// Tested by tests/care/betalningsklocka_test.cpp and tests/app/config_test.cpp.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::care {

/// How days are charged: for each patient, or on average over all patients of a municipality and month.
enum class Counting : std::uint8_t { PerPatient, MonthlyAverage };

/// The terms of an agreement. The defaults are the law's fallback (LUS).
struct Policy {
  std::string name = "LAW";

  // Betalningsklocka: days of the municipality's liability.
  int free_days = 3;                                    ///< day 0, 1, 2 are free; charging starts when they have passed
  std::chrono::minutes cutoff{std::chrono::hours{12}};  ///< local time; with utskrivningsklar up to it the same day is day 0
  bool cutoff_itself_counts_as_before = true;           ///< 12:00:00 exactly
  bool discharge_day_is_charged = false;
  bool restarts_after_withdrawal = true;  ///< A9: ready again counts from zero
  Counting counting = Counting::PerPatient;
  int readmission_days = 30;  ///< an admission so long after a discharge is a readmission; a policy, no law
  /// So long after a case was closed its parties read Patient. A policy, no law: longer than readmission_days, and than a month
  /// of an average takes to be settled.
  int patient_readable_days = 90;
  int free_average_tenths = 30;      ///< MonthlyAverage: 3.0 days from utskrivningsklar to discharge are free on average
  bool average_rounds_up = false;    ///< MonthlyAverage: a part of a day is charged as a day
  int month_closes_after_days = 14;  ///< MonthlyAverage: so many days after its end a month is closed; later changes are findings
  /// Days on which insatser of the öppenvård are not available are left out, and the others are charged. False: a person decides.
  /// Source: LUS 5:5.
  bool obstacles_leave_days_out = true;
  std::map<int, std::int64_t> prices{};  ///< kronor by year, where the agreement says another amount. Source: LUS 4:5

  // Deadlines of the Tasks.
  std::chrono::hours receipt_time{24};  ///< kvittera-inskrivning: elapsed time from the admission notice
  int sip_call_days = 3;                ///< kalla-till-sip: end of that calendar day after utskrivningsklar
  bool sip_call_is_wanted = true;       ///< agreements without SIP before discharge switch the Task off

  bool discharge_information_is_wanted = true;  ///< informationsoverforing; false: the information goes another way
  int discharge_information_asked_days = 14;    ///< after the day of the discharge it is asked for no more

  /// From this day a municipality may appoint the fast vårdkontakt of LUS 2:5. Source: prop. 2025/26:19, in force 2026-07-01 as
  /// proposed; whether it was adopted is not verified.
  std::chrono::local_days municipal_contact_from = std::chrono::local_days(std::chrono::year(2026) / 7 / 1);

  bool refused_plan_needs_no_call = true;  ///< the person does not consent to a plan: nobody is asked to call to one. A policy
  bool plan_follow_up_is_expected = true;  ///< an agreed plan that names no day of a follow-up gets a finding; a routine, no law

  // Whether an admission notice without it gets a finding; it is never refused.
  bool planned_discharge_is_expected = true;

  bool operator==(const Policy&) const = default;
};

/// One of those below, by its name; none for any other.
std::optional<Policy> find_policy(std::string_view name);

Policy law();                    ///< LUS fallback: 3 calendar days, noon
Policy stockholm_somatic();      ///< since 2020 the month's mean decides
Policy stockholm_psychiatric();  ///< 5 calendar days
Policy average();                ///< Skåne, Dalarna, Norrbotten: the month's mean decides

}  // namespace vardbron::care
