#include "gateway/care/charge_writer.h"

#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>

namespace vardbron::care {
namespace {

constexpr std::string_view charge_system = "https://vardbron.example/fhir/CodeSystem/betalningsansvar";
constexpr std::string_view state_url = "https://vardbron.example/fhir/StructureDefinition/betalningsklocka";
constexpr std::string_view agreement_url = "https://vardbron.example/fhir/StructureDefinition/betalningsavtal";
constexpr std::string_view payer_url = "https://vardbron.example/fhir/StructureDefinition/betalningsansvarig";
constexpr std::string_view condition_url = "https://vardbron.example/fhir/StructureDefinition/betalningsvillkor";
constexpr std::string_view unit_system = "http://unitsofmeasure.org";

std::vector<std::string> readers_of(const Facts& facts, const Charge& charge) {
  std::vector<std::string> readers = facts.members.hospital();
  readers.insert(readers.end(), charge.readers.begin(), charge.readers.end());
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  return readers;
}

void write_payer(Branch root, const Payer& payer, bool is_hidden) {
  Branch reference = root.extension(payer_url).object("valueReference");
  reference.text("type", "Organization");
  if (!payer.number.empty() && !is_hidden)
    reference.identifier("identifier", sweden::system_uri(sweden::IdentifierSystem::Organisationsnummer), payer.number);
  reference.text("display", payer.named.kommun.empty() || is_hidden ? "Okänd kommun" : "Kommun " + payer.named.kommun);
}

void write_conditions(Branch root, const Charge& charge) {
  std::string since;
  std::optional<WallTime> formatted;  // most conditions are fulfilled since one moment
  for (const Villkor& each : charge.villkor) {
    Branch condition = root.extension(condition_url);
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

}  // namespace

Projected charge_item(const Facts& facts, const CaseWriter& case_writer, const Charge& charge) {
  Projected projected = case_writer.start("ChargeItem", case_writer.id_of("ChargeItem", charge.payer.named.kommun));
  projected.parties = readers_of(facts, charge);
  if (!case_writer.writes()) return projected;
  const bool is_void = charge.status == ChargeStatus::EnteredInError;
  Branch root(projected.document, 0);
  root.extension(state_url).text("valueCode", to_string(charge.reading.state));
  if (!is_void) root.extension(agreement_url).text("valueCode", charge.agreement);
  write_payer(root, charge.payer, facts.person.protection != Protection::None && !charge.payer.named.has_placed);
  write_conditions(root, charge);
  root.text("status", to_string(charge.status));
  root.concept_of("code", charge_system, "utskrivningsklar-dygn");
  case_writer.refer_to_patient(root, "subject");
  case_writer.refer_to_encounter(root, "context");
  if (is_void) return projected;
  write_period(root, charge.reading);
  if (facts.members.find(facts.stay.provider))
    case_writer.refer_logically(root.object("performingOrganization"), facts.stay.provider);
  Branch quantity = root.object("quantity");
  quantity.number("value", charge.days).text("unit", "dygn").text("system", unit_system).text("code", "d");
  if (charge.amount) root.object("priceOverride").number("value", *charge.amount).text("currency", "SEK");
  write_notes(root, charge);
  return projected;
}

}  // namespace vardbron::care
