#include "gateway/care/arende/case_writer.h"

#include "gateway/base/check.h"
#include "gateway/care/arende/charges.h"
#include "gateway/care/arende/organization_writer.h"
#include "gateway/care/chain/case_id.h"
#include "gateway/care/chain/profiles.h"
#include "gateway/care/person/person_writer.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/sweden/person_identifier.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::string_view disposition_system = "https://vardbron.example/fhir/CodeSystem/utskriven-till";
constexpr std::string_view planned_discharge_url = "https://vardbron.example/fhir/StructureDefinition/beraknad-utskrivning";
constexpr std::string_view discharge_ready_url = "https://vardbron.example/fhir/StructureDefinition/utskrivningsklar";
constexpr std::string_view state_url = "https://vardbron.example/fhir/StructureDefinition/arende-tillstand";
constexpr std::string_view plan_type_system = "https://fhir.inera.se/CodeSystem/typeofcareplan-cs";
constexpr std::string_view readmission_system = "http://terminology.hl7.org/CodeSystem/v2-0092";
/// Source: FHIR R4 extensions, encounter-associatedEncounter.
constexpr std::string_view associated_url = "http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter";
constexpr std::string_view class_system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view unknown_system = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";

bool names_nobody(const Facts& facts) { return facts.standing.state == State::Makulerad || facts.person.identifiers.empty(); }

std::vector<std::string> viewers_of(const Facts& facts) {
  if (facts.standing.state == State::Makulerad) return facts.members.all_who_know();
  return facts.has_admission ? facts.members.viewers() : facts.members.hospital();
}

}  // namespace

CaseWriter::CaseWriter(const Facts& facts, const tree::Names& names, Detail detail, const PersonView& person)
    : facts_(facts),
      names_(names),
      detail_(detail),
      viewers_(viewers_of(facts)),
      patient_id_(names_nobody(facts)
                      ? ""
                      : care::patient_id(person_key(person.key, first_number(facts.person.identifiers, person.merges)))),
      encounter_id_(id_of("Encounter", "")),
      patient_reference_(patient_id_.empty() ? "" : "Patient/" + patient_id_),
      encounter_reference_("Encounter/" + encounter_id_),
      has_plan_(person.plan_of(facts.case_key) != nullptr) {}

std::string CaseWriter::id_of(std::string_view type, std::string_view name) const {
  return to_string(id_in_case(facts_.id, std::string(type) + "|" + std::string(name)));
}

Projected CaseWriter::start(std::string_view type, std::string id, std::string_view code) const {
  Projected projected{std::string(type), std::move(id), tree::Document(names_), {}};
  if (!writes()) return projected;
  Branch root(projected.document, 0);
  root.text("resourceType", type).text("id", projected.id);
  Branch meta = root.object("meta");
  const Member* source = facts_.members.find(facts_.source);
  if (source && source->party.identifier.system == sweden::system_uri(sweden::IdentifierSystem::HsaId))
    meta.text("source", sweden::hsa_uri(hides_place() ? body_of(source->party) : source->party.identifier.value));
  meta.text_item("profile", profile_of(type, code));
  if (hides_place()) meta.coding_item("security", protection_system, code_of(facts_.person.protection));
  meta.coding_item("tag", facts_.case_identity.system, facts_.case_identity.value);
  return projected;
}

void CaseWriter::refer_to_patient(Branch branch, std::string_view name) const {
  Branch reference = branch.object(name);
  reference.text("reference", patient_reference_);
  if (patient_reference_.empty()) reference.text("type", "Patient").text("display", "Uppgift saknas");
}

void CaseWriter::refer_to_encounter(Branch branch, std::string_view name) const {
  branch.object(name).text("reference", encounter_reference_);
}

void CaseWriter::refer_logically(Branch branch, const std::string& party, std::string_view display) const {
  const Member* member = facts_.members.find(party);
  CHECK(member);
  branch.text("type", "Organization");
  branch.identifier("identifier", member->party.identifier.system, member->party.identifier.value);
  branch.text("display", display.empty() ? std::string_view(member->party.name) : display);
}

StayView CaseWriter::stay_view() const {
  StayView view;
  view.case_key = facts_.case_key;
  view.encounter = encounter_id_;
  view.hospitals = facts_.members.hospital();
  if (is_cancelled() || facts_.person.identifiers.empty()) return view;
  view.person = facts_.person;
  view.person.protection = facts_.own_protection;
  view.person.deceased = facts_.is_deceased;
  view.person.deceased_at = facts_.deceased_at;
  view.death_noted = facts_.death_noted;
  view.person.placing_kommun.clear();
  view.said = facts_.person_said;
  view.since = facts_.stay.period_start;
  view.until = facts_.stay.period_end;
  view.viewers = viewers_;
  view.has_left_patient = facts_.has_left_patient;
  view.contacts = facts_.own_contacts;
  for (Appointment& each : view.contacts) {
    each.since = std::exchange(each.own_since, "");
    each.contact = {each.contact.name, each.contact.phone, each.contact.type, "", "", each.contact.identifiers};
  }
  return view;
}

std::string CaseWriter::earlier_encounter() const {
  const StayView* earlier = is_cancelled() ? nullptr : earlier_stay();
  return earlier ? earlier->encounter : std::string();
}

Projected CaseWriter::former_patient() const {
  const std::string id = id_of("Patient", "");
  Projected projected = start("Patient", id);
  projected.parties = viewers_;
  projected.is_former = true;
  if (!writes()) return projected;
  Branch root(projected.document, 0);
  root.boolean("active", false);
  if (patient_id_.empty()) return projected;
  Branch link = root.item("link");
  link.object("other").text("reference", patient_reference_);
  link.text("type", "replaced-by");
  return projected;
}

std::vector<Projected> CaseWriter::former_organizations() const {
  std::vector<Projected> made;
  for (const auto& [id, member] : facts_.members.all()) {
    Projected projected{"Organization", id_of("Organization", id), tree::Document(names_), {}};
    if (member.knows() || id == facts_.stay.provider) projected.parties = viewers_;
    projected.is_former = projected.is_deleted = true;
    made.push_back(std::move(projected));
  }
  return made;
}

std::string_view CaseWriter::encounter_status() const {
  switch (facts_.standing.state) {
    case State::None: return "unknown";
    case State::Utskriven:
    case State::Avliden: return "finished";
    case State::Avslutad: return facts_.stay.period_end.empty() ? "unknown" : "finished";
    case State::Makulerad: return "entered-in-error";
    default: return facts_.standing.on_leave ? "onleave" : "in-progress";
  }
}

Projected CaseWriter::encounter() const {
  Projected projected = start("Encounter", encounter_id_);
  projected.parties = viewers_;
  if (!writes()) return projected;
  Branch root(projected.document, 0);
  if (!is_cancelled()) {
    if (!facts_.stay.planned_discharge.empty())
      root.extension(planned_discharge_url).text("valueDate", facts_.stay.planned_discharge);
    if (facts_.stay.discharge_ready) root.extension(discharge_ready_url).text("valueDateTime", facts_.stay.discharge_ready->text);
  }
  root.extension(state_url).text("valueCode", to_string(facts_.standing.state));
  if (const std::string earlier = earlier_encounter(); !earlier.empty())
    root.extension(associated_url).object("valueReference").text("reference", "Encounter/" + earlier);
  root.identifier_item(facts_.case_identity.system, facts_.case_identity.value);
  root.text("status", encounter_status());
  if (!is_cancelled()) write_leaves(root);
  bool has_class = !facts_.stay.class_code.empty();
  root.object("class")
      .text("system", has_class ? class_system : unknown_system)
      .text("code", has_class ? facts_.stay.class_code : "UNK");
  refer_to_patient(root, "subject");
  if (!is_cancelled()) write_stay(root);
  return projected;
}

/// R4 has no element for leave, so it is written as status history.
void CaseWriter::write_leaves(Branch encounter) const {
  for (const Leave& leave : facts_.leaves) {
    if (leave.end.empty()) continue;
    Branch history = encounter.item("statusHistory");
    history.text("status", "onleave").object("period").text("start", leave.start).text("end", leave.end);
  }
}

const StayView* CaseWriter::earlier_stay() const {
  if (!facts_.earlier) return nullptr;
  const std::vector<std::string>& readers = facts_.earlier->viewers;
  return std::includes(readers.begin(), readers.end(), viewers_.begin(), viewers_.end()) ? &*facts_.earlier : nullptr;
}

void CaseWriter::write_stay(Branch encounter) const {
  const Stay& stay = facts_.stay;
  for (const Identity& episode : stay.episodes)
    encounter.item("episodeOfCare").text("type", "EpisodeOfCare").identifier("identifier", episode.system, episode.value);
  if (!stay.period_start.empty() || !stay.period_end.empty())
    encounter.object("period").text("start", stay.period_start).text("end", stay.period_end);
  if (!stay.reason.empty()) encounter.item("reasonCode").text("text", stay.reason);
  const bool is_readmission = earlier_stay() != nullptr;
  if (is_readmission || !stay.discharged_to.empty()) {
    Branch hospitalization = encounter.object("hospitalization");
    if (is_readmission) hospitalization.concept_of("reAdmission", readmission_system, "R");
    if (!stay.discharged_to.empty()) hospitalization.concept_of("dischargeDisposition", disposition_system, stay.discharged_to);
  }
  if (hides_place() || !facts_.members.find(stay.provider)) return;
  Branch provider = encounter.object("serviceProvider");
  provider.text("reference", "Organization/" + organization_id(facts_.members.find(stay.provider)->party.identifier));
  refer_logically(provider, stay.provider);
}

Projected CaseWriter::care_plan() const {
  Projected projected = start("CarePlan", id_of("CarePlan", "sip"));
  projected.parties = viewers_;
  projected.is_former = true;
  if (!writes()) return projected;
  Branch root(projected.document, 0);
  const SipCall* call = is_cancelled() || has_plan_ ? nullptr : facts_.sip_call();
  root.text("status", !call ? "entered-in-error" : facts_.sip_is_revoked ? "revoked" : "draft").text("intent", "plan");
  root.concept_item("category", plan_type_system, "SIP");
  root.text("title", "Samordnad individuell plan");
  refer_to_patient(root, "subject");
  refer_to_encounter(root, "encounter");
  if (!call) return projected;
  root.text("created", call->at.text);
  refer_logically(root.object("author"), call->by.id);
  for (const SipCall& other : facts_.sip_calls)
    if (&other > call)
      root.item("note").text("time", other.at.text).text("text", "Ombokad: en ny kallelse till SIP har skickats.");
  return projected;
}

}  // namespace vardbron::care
