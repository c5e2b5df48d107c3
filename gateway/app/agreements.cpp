#include "gateway/app/agreements.h"

#include "gateway/base/text.h"
#include "gateway/sweden/kommun.h"
#include "gateway/sweden/organisationsnummer.h"
#include "gateway/workspace/suggestions.h"

#include <toml++/toml.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace vardbron::app {
namespace {

constexpr std::string_view policy_names = "There are the policies LAW, STHLM_SOMATIC, STHLM_PSYCH and AVERAGE.";
constexpr std::int64_t price_max = 1'000'000;

std::optional<std::chrono::minutes> read_time_of_day(std::string_view text) {
  auto hours = text.size() == 5 && text[2] == ':' ? parse_int(text.substr(0, 2)) : std::nullopt;
  auto minutes = hours ? parse_int(text.substr(3)) : std::nullopt;
  if (!minutes || *hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes(*hours * 60 + *minutes);
}

/// Kronor by year. The keys are the years.
void read_prices(Table& table, const toml::table& prices, std::map<int, std::int64_t>& into) {
  for (auto&& [key, node] : prices) {
    const std::optional<std::int64_t> year = key.str().size() == 4 ? parse_int(key.str()) : std::nullopt;
    const std::optional<std::int64_t> price = node.is_integer() ? node.value<std::int64_t>() : std::nullopt;
    if (year && price && *price >= 0 && *price <= price_max)
      into[static_cast<int>(*year)] = *price;
    else
      table.refuse(node, "A price is a year and whole kronor, such as 2023 = 10500.");
  }
}

/// Terms of region and municipalities that differ from the policy they start from.
void read_terms(Table& table, const toml::table& found, care::Policy& policy) {
  policy.name = table.text("name");
  if (policy.name.empty()) table.refuse_table("An agreement needs a \"name\": days that are charged carry it.");
  policy.free_days = static_cast<int>(table.number("free_days", policy.free_days, 0, 60));
  std::string cutoff = table.text("cutoff", "12:00");
  if (auto time = read_time_of_day(cutoff))
    policy.cutoff = *time;
  else
    table.refuse(*found.get("cutoff"), "\"cutoff\" must be a time of day, such as \"12:00\".");
  policy.cutoff_itself_counts_as_before = table.truth("cutoff_itself_counts_as_before", policy.cutoff_itself_counts_as_before);
  policy.discharge_day_is_charged = table.truth("discharge_day_is_charged", policy.discharge_day_is_charged);
  policy.restarts_after_withdrawal = table.truth("restarts_after_withdrawal", policy.restarts_after_withdrawal);
  const bool by_average = table.truth("average_decides", policy.counting == care::Counting::MonthlyAverage);
  policy.counting = by_average ? care::Counting::MonthlyAverage : care::Counting::PerPatient;
  policy.free_average_tenths = static_cast<int>(table.number("free_average_tenths", policy.free_average_tenths, 0, 600));
  policy.average_rounds_up = table.truth("average_rounds_up", policy.average_rounds_up);
  policy.month_closes_after_days =
      static_cast<int>(table.number("month_closes_after_days", policy.month_closes_after_days, 0, 366));
  policy.obstacles_leave_days_out = table.truth("obstacles_leave_days_out", policy.obstacles_leave_days_out);
  policy.receipt_time = std::chrono::hours(table.number("receipt_hours", policy.receipt_time.count(), 1, 24 * 14));
  policy.sip_call_days = static_cast<int>(table.number("sip_call_days", policy.sip_call_days, 0, 60));
  policy.sip_call_is_wanted = table.truth("sip_call_is_wanted", policy.sip_call_is_wanted);
  policy.discharge_information_is_wanted = table.truth("discharge_information_is_wanted", policy.discharge_information_is_wanted);
  policy.patient_readable_days = static_cast<int>(table.number("patient_readable_days", policy.patient_readable_days, 1, 36'500));
  policy.discharge_information_asked_days =
      static_cast<int>(table.number("discharge_information_asked_days", policy.discharge_information_asked_days, 1, 365));
  if (const toml::table* prices = table.table("prices")) read_prices(table, *prices, policy.prices);
}

std::optional<std::chrono::local_days> read_day(Table& table, const toml::table& found, std::string_view key) {
  const std::string text = table.text(key);
  if (text.empty()) return std::nullopt;
  if (const std::optional<std::chrono::local_days> day = care::day_of_text(text)) return day;
  table.refuse(*found.get(key), "\"" + std::string(key) + "\" must be a day, such as \"2026-01-01\".");
  return std::nullopt;
}

care::CareKind read_care_kind(Table& table, const toml::table& found) {
  const std::string text = table.text("vardform");
  if (text == "somatisk") return care::CareKind::Somatisk;
  if (text == "psykiatrisk") return care::CareKind::Psykiatrisk;
  if (!text.empty()) table.refuse(*found.get("vardform"), "\"vardform\" is somatisk or psykiatrisk, or left out for both.");
  return care::CareKind::Unknown;
}

bool is_place(std::string_view code) {
  return code.size() == 2 ? sweden::is_lan_code(code) : sweden::parse_kommunkod(code).operator bool();
}

void read_one(const toml::table& found, ConfigFile& file, care::Policies& policies) {
  Table table(found, file);
  care::Agreement agreement;
  const std::optional<care::Policy> policy = care::find_policy(table.text("policy", "LAW"));
  if (policy)
    agreement.terms = *policy;
  else
    table.refuse(*found.get("policy"), std::string(policy_names));
  read_terms(table, found, agreement.terms);
  agreement.kommuner = table.texts("kommuner");
  for (const std::string& code : agreement.kommuner)
    if (!is_place(code)) table.refuse(*found.get("kommuner"), "\"" + code + "\" is neither a municipality nor a county.");
  agreement.care_kind = read_care_kind(table, found);
  agreement.from = read_day(table, found, "from");
  agreement.until = read_day(table, found, "until");
  agreement.source = table.text("source");
  if (agreement.source.empty()) table.refuse_table("An agreement needs a \"source\": where its terms were read.");
  policies.agreements.push_back(std::move(agreement));
  table.end();
}

void read_kommun(const toml::table& found, ConfigFile& file, care::Policies& policies) {
  Table table(found, file);
  const std::string code = table.text("kod");
  if (!sweden::parse_kommunkod(code)) table.refuse_table("A municipality needs its \"kod\" of four digits.");
  const Result<sweden::Organisationsnummer> number = sweden::parse_organisationsnummer(table.text("organisationsnummer"));
  if (!number) table.refuse_table("A municipality needs its \"organisationsnummer\": " + number.failure().says);
  if (table.text("source").empty()) table.refuse_table("A municipality needs a \"source\": where its number was read.");
  if (number) policies.organisationsnummer[code] = std::string(number->ten_digits());
  table.end();
}

std::vector<Failure> read_file(const std::filesystem::path& file, care::Policies& policies) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return {workspace::unreadable(file)};
  std::ostringstream text;
  text << stream.rdbuf();
  return read_agreements(text.str(), file.string(), policies);
}

}  // namespace

std::vector<Failure> read_agreements(const std::string& text, const std::string& name, care::Policies& policies) {
  ConfigFile file{name};
  try {
    const toml::table root = toml::parse(text, name);
    Table top(root, file);
    if (const toml::table* prices = top.table("prices")) read_prices(top, *prices, policies.prices);
    for (const toml::table* each : top.tables("agreement")) read_one(*each, file, policies);
    for (const toml::table* each : top.tables("kommun")) read_kommun(*each, file, policies);
    top.end();
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    file.faults.push_back({Cause::Invalid, std::string(error.description()) + ".",
                           name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column)});
  }
  return std::move(file.faults);
}

void read_policies(Table& top, const toml::table& root, ConfigFile& file, const std::filesystem::path& folder,
                   care::Policies& policies) {
  std::optional<care::Policy> policy = care::find_policy(top.text("payment_policy", "LAW"));
  if (policy)
    policies.everywhere = *std::move(policy);
  else
    top.refuse(*root.get("payment_policy"), std::string(policy_names));
  policies.counts_from_receipt = top.truth("clock_counts_from_receipt", policies.counts_from_receipt);
  if (const toml::table* agreement = top.table("agreement")) {
    Table table(*agreement, file);
    read_terms(table, *agreement, policies.everywhere);
    table.end();
  }
  const std::string agreements = top.text("agreements");
  if (agreements.empty()) return;
  for (Failure& fault : read_file(folder / agreements, policies)) file.faults.push_back(std::move(fault));
}

}  // namespace vardbron::app
