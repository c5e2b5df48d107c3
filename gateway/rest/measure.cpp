// Tested by tests/rest/measure_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/base/text.h"
#include "gateway/care/month.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/measure_report.h"
#include "gateway/rest/month_stays.h"
#include "gateway/sweden/organisationsnummer.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

constexpr std::string_view nothing_to_see =
    "No stay under an agreement by average that your organisation pays for, or whose charge it may read, ended in that month.";

/// What $evaluate-measure asks for.
struct AskedMonth {
  std::chrono::year_month month;
  std::string number;  ///< organisationsnummer of one municipality; empty: each that the caller may see
};

Failure wrong_parameter(std::string says, std::string_view name) { return {Cause::Invalid, std::move(says), std::string(name)}; }

// A period is one month: a month itself, or its first and its last day. Source: R4 operation-measure-evaluate-measure.html.
Result<std::chrono::year_month> read_period(const Call& call) {
  const std::string_view start = parameter(call, "periodStart"), end = parameter(call, "periodEnd");
  if (start.empty())
    return wrong_parameter("periodStart is required: the first day of a month, such as 2026-03-01.", "periodStart");
  if (end.empty()) return wrong_parameter("periodEnd is required: the last day of the month, such as 2026-03-31.", "periodEnd");
  const std::optional<std::chrono::year_month> month = care::month_of_text(start.substr(0, 7));
  const bool is_first = month && (start.size() == 7 || care::day_of_text(start) == care::first_day(*month));
  if (!is_first) return wrong_parameter("periodStart is the first day of a month, such as 2026-03-01.", "periodStart");
  const bool is_last = end == care::to_string(*month) || care::day_of_text(end) == care::last_day(*month);
  if (!is_last) return wrong_parameter("periodEnd is the last day of the month that periodStart begins.", "periodEnd");
  return *month;
}

// Whether the measure is named by the path or by a parameter, by its id or its canonical.
Result<void> check_measure(const Call& call) {
  std::string_view named = call.target.segments.size() == 4 ? std::string_view(call.target.segments[2]) : std::string_view();
  const std::string_view asked = parameter(call, "measure");
  if (!named.empty() && !asked.empty()) return wrong_parameter("The path names the measure already.", "measure");
  if (named.empty() && asked.empty())
    return wrong_parameter("measure is required: " + std::string(month_measure) + ".", "measure");
  if (named.empty()) named = asked;
  if (named.starts_with("Measure/")) named.remove_prefix(std::string_view("Measure/").size());
  if (named == month_measure_id || named == month_measure) return done();
  return Failure{Cause::NotFound, "There is one measure here: " + std::string(month_measure) + ".", "measure"};
}

Result<AskedMonth> read_asked(Call& call) {
  static constexpr std::array<std::string_view, 5> known{"periodStart", "periodEnd", "measure", "reportType", "reporter"};
  AskedMonth asked;
  Result<std::vector<search::Ignored>> ignored = check_parameters(call, {known});
  if (!ignored) return std::move(ignored).failure();
  // A report has no place to say what was ignored.
  if (!ignored->empty()) return std::move(ignored->front().why);
  Result<void> measure = check_measure(call);
  if (!measure) return std::move(measure).failure();
  Result<std::chrono::year_month> month = read_period(call);
  if (!month) return std::move(month).failure();
  asked.month = *month;
  const std::string_view type = parameter(call, "reportType");
  if (!type.empty() && type != "population")
    return wrong_parameter("Sums are made of a municipality's stays together: reportType is population.", "reportType");
  const std::string_view reporter = parameter(call, "reporter");
  if (reporter.empty()) return asked;
  const Result<sweden::Organisationsnummer> number = sweden::parse_organisationsnummer(reporter);
  if (!number)
    return wrong_parameter("reporter is the organisationsnummer of a municipality: " + number.failure().says, "reporter");
  asked.number = number->ten_digits();
  return asked;
}

std::vector<WallTime> closings_before(WallTime now, std::chrono::year_month month, const care::Policies& policies) {
  std::vector<WallTime> closings = care::closing_times(month, policies);
  std::erase_if(closings, [&](WallTime closing) { return closing > now; });
  return closings;
}

void add_to_all(std::vector<care::MonthSum>& sums, const std::string& code, const std::string& says) {
  for (care::MonthSum& each : sums) each.findings.push_back({code, says});
}

std::vector<care::MonthSum> sums_of(const MonthStays& stays, const care::Policies& policies, WallTime now) {
  std::vector<care::MonthSum> sums = care::month_sums(stays.now, policies, now);
  for (const auto& [closing, then] : stays.at_closing)
    care::compare_with_closing(sums, care::month_sums(then, policies, closing), closing);
  if (stays.not_comparable > 0)
    add_to_all(
        sums, "not-comparable",
        "Stays that changed after the month was closed, and of which it is hidden what they were then: " +
            std::to_string(stays.not_comparable) +
            ". The patient's identity is protected, or was another's; whether the sum has changed is for the hospital to say.");
  if (stays.are_own_only)
    add_to_all(sums, "own-stays-only",
               "The sum is of the stays of your own organisation. The agreement's average is over all stays of the municipality: "
               "it is known to the municipality, and to the operator of this gateway.");
  return sums;
}

// Reads are refused while they cannot be noted in the access log.
Task<Result<void>> note_reading(const ServiceParts& parts, store::AuditRow row) {
  std::vector<store::AuditRow> rows;
  rows.push_back(std::move(row));
  co_return co_await parts.store.audit(std::move(rows));
}

}  // namespace

Task<http::Response> evaluate_measure(const ServiceParts& parts, Call call) {
  Result<void> added = add_posted_parameters(call, parts.definitions);
  if (!added) co_return refusal(call, added.failure(), parts.definitions);
  Result<AskedMonth> asked = read_asked(call);
  if (!asked) co_return refusal(call, asked.failure(), parts.definitions);
  const WallTime now = parts.clock.wall();
  MonthQuestion question{call.caller, asked->month, asked->number, closings_before(now, asked->month, parts.policies)};
  Result<MonthStays> stays =
      co_await read_month(parts.store, parts.definitions.names(), std::move(question), call.request.abandoned);
  std::vector<care::MonthSum> sums;
  if (stays) sums = sums_of(*stays, parts.policies, now);
  const std::string subject = "Measure/" + std::string(month_measure_id) + "/$evaluate-measure " + care::to_string(asked->month);
  Result<void> seen = done();
  if (!stays) seen = std::move(stays).failure();
  if (seen && sums.empty()) seen = Failure{Cause::NotFound, std::string(nothing_to_see), ""};
  store::AuditRow row = access::refused(call.caller, "read", subject, "nothing to see");
  if (seen) row = access::searched(call.caller, subject, stays->now.size());
  Result<void> noted = co_await note_reading(parts, std::move(row));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (!seen) co_return refusal(call, seen.failure(), parts.definitions);
  MonthReport report{asked->month, call.caller.organisation, call.caller.name, now, sums};
  co_return fhir_answer(call, 200, measure_report(report), parts.definitions);
}

}  // namespace vardbron::rest
