#include "gateway/care/arende/charge_writer.h"

#include "gateway/care/arende/month_contribution.h"
#include "gateway/care/chain/compartment.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>

namespace vardbron::care {
namespace {

constexpr std::string_view charge_system = "https://vardbron.example/fhir/CodeSystem/betalningsansvar";
constexpr std::string_view unit_system = "http://unitsofmeasure.org";

std::vector<std::string> readers_of(const Facts& facts, const Charge& charge) {
  std::vector<std::string> readers = facts.members.hospital();
  readers.insert(readers.end(), charge.readers.begin(), charge.readers.end());
  return readers;
}

void write_payer(Branch root, const Payer& payer, bool is_hidden) {
  Branch reference = root.extension(charge_url::payer).object("valueReference");
  reference.text("type", "Organization");
  if (!payer.number.empty() && !is_hidden)
    reference.identifier("identifier", sweden::system_uri(sweden::IdentifierSystem::Organisationsnummer), payer.number);
  reference.text("display",
                 payer.named.kommun.empty() || is_hidden ? "Okänd kommun" : std::string(charge_url::kommun) + payer.named.kommun);
}

void write_conditions(Branch root, const Charge& charge) {
  std::string since;
  std::optional<WallTime> formatted;  // most conditions are fulfilled since one moment
  for (const Villkor& each : charge.villkor) {
    Branch condition = root.extension(charge_url::condition);
    condition.extension("villkor").text("valueCode", each.code);
    condition.extension("lage").text("valueCode", to_string(each.lage));
    if (each.since && each.since != formatted) since = time::format_local(*each.since);
    if (each.since) formatted = each.since;
    if (each.since) condition.extension("sedan").text("valueDateTime", since);
    condition.extension("stod").text("valueString", each.source);
  }
}

/// What is missing, for a person who decides.
void write_notes(Branch root, const Charge& charge) {
  for (const Villkor& each : charge.villkor) {
    if (each.lage == Villkorslage::Uppfyllt) continue;
    std::string text =
        each.lage == Villkorslage::Brutet ? "Manual decision (manuellt beslut), villkor brutet: " : "Villkor saknas: ";
    text.append(each.code).append(" (").append(each.source).append("). ").append(each.says);
    root.item("note").text("text", text);
  }
  if (charge.is_by_average)
    root.item("note").text("text", "Days that the patient waited. The agreement " + charge.agreement +
                                       " lets the average of the month decide over all stays of the municipality, so that no "
                                       "patient's days are charged by themselves.");
  if (charge.days < charge.reading.days)
    root.item("note").text("text", "Waiting days that are not chargeable while a condition is missing: " +
                                       std::to_string(charge.reading.days) + ".");
}

void write_period(Branch root, const ClockReading& reading) {
  if (!reading.first) return;
  Branch period = root.object("occurrencePeriod");
  period.text("start", time::format_day(*reading.first));
  if (reading.state == ClockState::Stannad && reading.last) period.text("end", time::format_day(*reading.last));
}

void tag_ends(tree::Document& document, const Charge& charge, bool is_hidden) {
  Branch meta(document, document.child(0, "meta"));
  for (std::chrono::local_days day : charge.ends_named) {
    const std::string code = time::format_day(day);
    meta.coding_item("tag", stay_end_system(), code);
    if (!is_hidden) meta.coding_item("tag", stay_end_system(payer_key(charge.payer.number, charge.payer.named.kommun)), code);
  }
}

}  // namespace

Projected charge_item(const Facts& facts, const CaseWriter& case_writer, const Charge& charge) {
  Projected projected = case_writer.start("ChargeItem", case_writer.id_of("ChargeItem", charge.payer.named.kommun));
  admit(projected, Compartment::Betalning, readers_of(facts, charge));
  if (!case_writer.writes()) return projected;
  const bool is_void = charge.status == ChargeStatus::EnteredInError;
  // Where a protected person is registered is said nowhere.
  const bool is_hidden = facts.person.protection != Protection::None && !charge.payer.named.has_placed;
  if (!charge.ends_named.empty()) tag_ends(projected.document, charge, is_hidden);
  Branch root(projected.document, 0);
  root.extension(charge_url::state).text("valueCode", to_string(charge.reading.state));
  if (!is_void) root.extension(charge_url::agreement).text("valueCode", charge.agreement);
  write_payer(root, charge.payer, is_hidden);
  if (charge.stay_ended) root.extension(charge_url::stay_end).text("valueDate", time::format_day(*charge.stay_ended));
  write_conditions(root, charge);
  root.text("status", to_string(charge.status));
  root.concept_of("code", charge_system, charge.is_by_average ? "utskrivningsklar-vantedygn" : "utskrivningsklar-dygn");
  case_writer.refer_to_patient(root, "subject");
  case_writer.refer_to_encounter(root, "context");
  if (is_void) return projected;
  write_period(root, charge.reading);
  if (!case_writer.hides_place() && facts.members.find(facts.stay.provider))
    case_writer.refer_logically(root.object("performingOrganization"), facts.stay.provider);
  Branch quantity = root.object("quantity");
  quantity.number("value", charge.days).text("unit", "dygn").text("system", unit_system).text("code", "d");
  if (charge.amount) root.object("priceOverride").number("value", *charge.amount).text("currency", "SEK");
  write_notes(root, charge);
  return projected;
}

}  // namespace vardbron::care
