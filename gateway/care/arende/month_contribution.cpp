#include "gateway/care/arende/month_contribution.h"

#include "gateway/base/text.h"
#include "gateway/care/chain/policies.h"
#include "gateway/tree/children.h"

namespace vardbron::care {
namespace {

bool is_fulfilled(tree::Item condition) {
  bool is_met = false;
  tree::for_each_child(condition, "extension", [&](tree::Item part) {
    if (part.text_of("url") == "lage") is_met = part.text_of("valueCode") == "uppfyllt";
  });
  return is_met;
}

}  // namespace

std::string stay_end_system(std::string_view payer_key) {
  std::string system = "https://vardbron.example/fhir/avslutsdygn";
  if (!payer_key.empty()) system.append("/").append(payer_key);
  return system;
}

std::string payer_key(std::string_view number, std::string_view kommun) {
  if (!number.empty()) return std::string(number);
  return kommun.empty() ? "okand" : std::string(kommun);
}

std::optional<MonthContribution> contribution_of(tree::Item charge_item) {
  MonthContribution contribution;
  std::optional<std::chrono::local_days> ended;
  contribution.is_fulfilled = true;
  tree::for_each_child(charge_item, "extension", [&](tree::Item extension) {
    const std::string_view url = extension.text_of("url");
    if (url == charge_url::stay_end) ended = day_of_text(extension.text_of("valueDate"));
    if (url == charge_url::state) contribution.has_waited = extension.text_of("valueCode") == "stannad";
    if (url == charge_url::agreement) contribution.agreement = extension.text_of("valueCode");
    if (url == charge_url::condition && !is_fulfilled(extension)) contribution.is_fulfilled = false;
    if (url != charge_url::payer) return;
    const tree::Item payer = extension.child("valueReference");
    contribution.number = payer.child("identifier").text_of("value");
    const std::string_view display = payer.text_of("display");
    if (display.starts_with(charge_url::kommun)) contribution.kommun = display.substr(charge_url::kommun.size());
  });
  if (!ended || charge_item.text_of("status") == "entered-in-error") return std::nullopt;
  const std::chrono::year_month_day day(*ended);
  contribution.charge = charge_item.text_of("id");
  contribution.month = day.year() / day.month();
  contribution.days = static_cast<int>(parse_int(charge_item.child("quantity").text_of("value")).value_or(0));
  return contribution;
}

}  // namespace vardbron::care
