#include "gateway/care/charge_writer.h"

#include "gateway/time/civil.h"

#include <algorithm>

namespace vardbron::care {
namespace {

constexpr std::string_view charge_system = "https://vardbron.example/fhir/CodeSystem/betalningsansvar";
constexpr std::string_view state_url = "https://vardbron.example/fhir/StructureDefinition/betalningsklocka";
constexpr std::string_view agreement_url = "https://vardbron.example/fhir/StructureDefinition/betalningsavtal";
constexpr std::string_view payer_url = "https://vardbron.example/fhir/StructureDefinition/betalningsansvarig";
constexpr std::string_view unit_system = "http://unitsofmeasure.org";

/// Source: FHIR R4 chargeitem-status. Days still being counted are not billable; under the monthly average no single patient's
/// days are.
std::string_view status_of(const ClockReading& reading) {
  switch (reading.state) {
    case ClockState::Vilar:
    case ClockState::Raknar:
    case ClockState::Betalar: return "planned";
    case ClockState::Stannad: return reading.first && reading.days > 0 ? "billable" : "not-billable";
    case ClockState::Makulerad: break;
  }
  return "entered-in-error";
}

std::vector<std::string> readers_of(const Facts& facts, const Charge& charge) {
  std::vector<std::string> readers = facts.members.hospital();
  // Every unit that was ever notified, whether its clock started or not: what a municipality could read once stays readable when
  // a late notice changes the case.
  for (const auto& [id, member] : facts.members.all())
    if (member.knows() && body_of(member.party) == charge.body) readers.push_back(id);
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  return readers;
}

void write_period(Branch root, const ClockReading& reading) {
  if (!reading.first) return;
  Branch period = root.object("occurrencePeriod");
  period.text("start", time::format_day(*reading.first));
  if (reading.state == ClockState::Stannad && reading.last) period.text("end", time::format_day(*reading.last));
}

}  // namespace

Projected charge_item(const Facts& facts, const CaseWriter& case_writer, const Charge& charge, std::string_view agreement) {
  Projected projected = case_writer.start("ChargeItem", case_writer.id_of("ChargeItem", charge.body));
  projected.parties = readers_of(facts, charge);
  if (!case_writer.writes()) return projected;
  Branch root(projected.document, 0);
  root.extension(state_url).text("valueCode", to_string(charge.reading.state));
  root.extension(agreement_url).text("valueCode", agreement);
  Branch payer = root.extension(payer_url).object("valueReference");
  payer.text("type", "Organization").identifier("identifier", charge.payer.system, charge.payer.value);
  root.text("status", status_of(charge.reading));
  root.concept_of("code", charge_system, "utskrivningsklar-dygn");
  case_writer.refer_to_patient(root, "subject");
  case_writer.refer_to_encounter(root, "context");
  if (charge.is_void) return projected;
  write_period(root, charge.reading);
  if (facts.members.find(facts.stay.provider))
    case_writer.refer_logically(root.object("performingOrganization"), facts.stay.provider);
  Branch quantity = root.object("quantity");
  quantity.number("value", charge.reading.days).text("unit", "dygn").text("system", unit_system).text("code", "d");
  return projected;
}

}  // namespace vardbron::care
