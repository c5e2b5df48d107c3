#include "gateway/rest/measure_report.h"

#include "gateway/care/chain/profiles.h"
#include "gateway/formats/json/composer.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace vardbron::rest {

namespace {

constexpr std::string_view month_codes = "https://vardbron.example/fhir/CodeSystem/manadsmedelvarde";
constexpr std::string_view finding_codes = "https://vardbron.example/fhir/CodeSystem/manadsanmarkning";
constexpr std::string_view population_codes = "http://terminology.hl7.org/CodeSystem/measure-population";
constexpr std::string_view sum_url = "https://vardbron.example/fhir/StructureDefinition/manadssumma";
constexpr std::string_view unit_system = "http://unitsofmeasure.org";

void add_concept(json::Composer& json, std::string_view name, std::string_view system, std::string_view code) {
  json.begin_object(name).begin_list("coding").begin_object().text("system", system).text("code", code);
  json.end_object().end_list().end_object();
}

void add_money(json::Composer& json, std::string_view url, std::int64_t kronor) {
  json.begin_object().text("url", url).begin_object("valueMoney").number("value", kronor).text("currency", "SEK");
  json.end_object().end_object();
}

// A finding is a code and a sentence.
void add_finding(json::Composer& json, const care::MonthFinding& finding) {
  json.begin_object().text("url", "anmarkning").begin_object("valueCodeableConcept");
  json.begin_list("coding").begin_object().text("system", finding_codes).text("code", finding.code).end_object().end_list();
  json.text("text", finding.says).end_object().end_object();
}

std::string kommun_of(const care::MonthSum& sum) { return sum.kommun.empty() ? "Okänd kommun" : "Kommun " + sum.kommun; }

// As in the ChargeItems.
void add_payer(json::Composer& json, const care::MonthSum& sum) {
  json.begin_object().text("url", "betalningsansvarig").begin_object("valueReference").text("type", "Organization");
  if (!sum.number.empty()) {
    json.begin_object("identifier").text("system", sweden::system_uri(sweden::IdentifierSystem::Organisationsnummer));
    json.text("value", sum.number).end_object();
  }
  json.text("display", kommun_of(sum)).end_object().end_object();
}

void add_extension(json::Composer& json, const care::MonthSum& sum) {
  json.begin_list("extension").begin_object().text("url", sum_url).begin_list("extension");
  add_payer(json, sum);
  json.begin_object().text("url", "betalningsavtal").text("valueString", sum.agreement).end_object();
  json.begin_object().text("url", "stangd").boolean("valueBoolean", sum.is_closed).end_object();
  if (sum.closes) {
    json.begin_object().text("url", "stangs").text("valueDateTime", time::format_local(*sum.closes)).end_object();
    json.begin_object().text("url", "fritt-medelvarde");
    json.raw("valueDecimal", care::decimal_of(sum.free_average_tenths, 1)).end_object();
  }
  if (sum.chargeable_days) json.begin_object().text("url", "betaldygn").number("valueInteger", *sum.chargeable_days).end_object();
  if (sum.price) add_money(json, "dygnspris", *sum.price);
  if (sum.amount) add_money(json, "belopp", *sum.amount);
  for (const care::MonthFinding& each : sum.findings) add_finding(json, each);
  json.end_list().end_object().end_list();
}

void add_population(json::Composer& json, std::string_view system, std::string_view code, int count) {
  json.begin_object();
  add_concept(json, "code", system, code);
  json.number("count", count).end_object();
}

void add_populations(json::Composer& json, const care::MonthSum& sum) {
  json.begin_list("population");
  add_population(json, population_codes, "initial-population", sum.stays + sum.undecided_stays);
  add_population(json, population_codes, "measure-population", sum.stays);
  add_population(json, population_codes, "measure-population-exclusion", sum.undecided_stays);
  add_population(json, month_codes, "vantedygn", sum.waited);
  add_population(json, month_codes, "oavgjorda-vantedygn", sum.undecided_days);
  json.end_list();
}

// 0 without a stay, since a report of such a measure has a score.
void add_mean(json::Composer& json, const care::MonthSum& sum) {
  json.begin_object("measureScore");
  json.raw("value", care::decimal_of(sum.mean_hundredths(), 2));
  json.text("unit", "dygn").text("system", unit_system).text("code", "d").end_object();
}

void add_stratum(json::Composer& json, const care::MonthSum& sum) {
  json.begin_object();
  add_extension(json, sum);
  json.begin_object("value").text("text", kommun_of(sum) + ", " + sum.agreement).end_object();
  add_populations(json, sum);
  add_mean(json, sum);
  json.end_object();
}

void add_group(json::Composer& json, std::span<const care::MonthSum> sums) {
  care::MonthSum all;
  for (const care::MonthSum& each : sums) {
    all.stays += each.stays;
    all.waited += each.waited;
    all.undecided_stays += each.undecided_stays;
    all.undecided_days += each.undecided_days;
  }
  json.begin_list("group").begin_object();
  add_concept(json, "code", month_codes, "vantetid");
  add_populations(json, all);
  add_mean(json, all);
  json.begin_list("stratifier").begin_object().begin_list("code").begin_object();
  json.begin_list("coding").begin_object().text("system", month_codes).text("code", "kommun-och-avtal").end_object().end_list();
  json.end_object().end_list().begin_list("stratum");
  for (const care::MonthSum& each : sums) add_stratum(json, each);
  json.end_list().end_object().end_list();
  json.end_object().end_list();
}

}  // namespace

std::string measure_report(const MonthReport& report) {
  const bool is_closed =
      std::all_of(report.sums.begin(), report.sums.end(), [](const care::MonthSum& each) { return each.is_closed; });
  json::Composer json(4096);
  json.begin_object().text("resourceType", "MeasureReport").begin_object("meta").begin_list("profile");
  json.text(care::profile_of("MeasureReport")).end_list().end_object().text("status", is_closed ? "complete" : "pending");
  json.text("type", "summary").text("measure", month_measure).text("date", time::format_local(report.at));
  json.begin_object("reporter").text("type", "Organization").begin_object("identifier");
  json.text("system", sweden::system_uri(sweden::IdentifierSystem::HsaId)).text("value", report.reporter).end_object();
  if (!report.reporter_name.empty()) json.text("display", report.reporter_name);
  json.end_object().begin_object("period").text("start", time::format_day(care::first_day(report.month)));
  json.text("end", time::format_day(care::last_day(report.month))).end_object();
  add_group(json, report.sums);
  return json.end_object().finish();
}

}  // namespace vardbron::rest
