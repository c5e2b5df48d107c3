#include "gateway/care/plan/plan_writer.h"

#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/consents.h"
#include "gateway/care/chain/profiles.h"
#include "gateway/care/person/person_writer.h"
#include "gateway/care/plan/plan_resources.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <utility>

namespace vardbron::care::plan {
namespace {

constexpr std::string_view state_url = "https://vardbron.example/fhir/StructureDefinition/plan-tillstand";
constexpr std::string_view consent_area_system = "http://terminology.hl7.org/CodeSystem/consentscope";
constexpr std::string_view participation_system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

}  // namespace

bool is_in_order(const std::string& start, const std::string& end) {
  const Result<time::CivilTime> from = time::parse_civil(start), until = time::parse_civil(end);
  return from && until && from->at <= until->at;
}

template <class Things>
void PlanWriter::write_former(std::string_view type, const std::string& start_of_name, const std::set<std::string>& named,
                              const Things& current) {
  for (const std::string& name : named) {
    const auto is_it = [&](const auto& each) { return each.name == name; };
    if (std::any_of(current.begin(), current.end(), is_it)) continue;
    Projected& made = start(type, start_of_name + name);
    made.is_former = true;
    Branch root(made.document, 0);
    if (type == "CarePlan") write_plan_head(root, in_error);
    if (type == "Appointment") {
      write_meeting_head(root, in_error);
      write_patient_in_meeting(root);
    }
    if (type == "Task") {
      root.text("status", in_error).text("intent", "order");
      refer_to_patient(root, "for");
    }
  }
}

PlanWriter::PlanWriter(const Facts& facts, const PersonView& person, const tree::Names& names, bool has_documents)
    : facts_(facts), names_(names), has_documents_(has_documents), patient_(patient_of(facts, person)) {}

std::vector<Projected> PlanWriter::all() {
  if (facts_.key.key.empty()) return {};  // a write or a cancellation alone is no plan
  for (std::size_t index = 0; index < facts_.editions.size(); ++index) write_plan(index);
  write_former("CarePlan", "version|", facts_.edition_names, facts_.editions);
  write_team();
  for (const PlanGoal& each : facts_.goals) write_goal(each);
  for (const std::string& name : facts_.goal_names)
    if (std::none_of(facts_.goals.begin(), facts_.goals.end(), [&](const PlanGoal& each) { return name_of(each) == name; }))
      write_former_goal(name);
  for (const Meeting& each : facts_.meetings) write_meeting(each);
  if (facts_.meetings.empty() && !facts_.meeting_names.empty()) write_former("Appointment", "", {""}, facts_.meetings);
  write_former("Appointment", "mote|", facts_.meeting_names, facts_.meetings);
  for (const ActivityTask& each : facts_.activities) write_activity(each);
  write_former("Task", "insats|", facts_.activity_names, facts_.activities);
  for (const FollowUpTask& each : facts_.follow_ups) write_follow_up(each);
  write_former("Task", "folj-upp|", facts_.follow_up_names, facts_.follow_ups);
  for (const std::string& unit : facts_.consent_units) write_consent(unit);
  if (!has_documents_)
    for (Projected& each : made_) each.document = tree::Document(names_);
  return std::move(made_);
}

bool PlanWriter::is_cancelled() const { return facts_.state == State::Makulerad || facts_.state == State::None; }

bool PlanWriter::is_silent() const { return is_cancelled() || facts_.is_silent(); }

Projected& PlanWriter::start(std::string_view type, const std::string& name, std::string_view code) {
  Projected& made =
      made_.emplace_back(Projected{std::string(type), id_of(facts_, type, name), tree::Document(names_), facts_.viewers});
  Branch root(made.document, 0);
  root.text("resourceType", type).text("id", made.id);
  const Participant* source = facts_.find(facts_.source);
  const bool has_unit = source && source->party.identifier.system == sweden::system_uri(sweden::IdentifierSystem::HsaId);
  Branch meta = root.object("meta");
  if (has_unit) meta.text("source", sweden::hsa_uri(source->party.identifier.value));
  meta.text_item("profile", profile_of(type, code));
  if (facts_.protection != Protection::None) meta.coding_item("security", protection_system, code_of(facts_.protection));
  if (facts_.stay) meta.coding_item("tag", facts_.stay->system, facts_.stay->value);
  return made;
}

void PlanWriter::refer_to_patient(Branch branch, std::string_view name) const {
  Branch reference = branch.object(name);
  if (patient_.empty())
    reference.text("type", "Patient").text("display", "Uppgift saknas");
  else
    reference.text("reference", "Patient/" + patient_);
}

void PlanWriter::refer_to_encounter(Branch branch) const {
  if (!facts_.encounter.empty()) branch.object("encounter").text("reference", "Encounter/" + facts_.encounter);
}

void PlanWriter::refer_to(Branch branch, std::string_view type, const Participant& participant) const {
  const Party& party = participant.party;
  branch.text("type", type);
  if (!party.id.empty()) branch.identifier("identifier", party.identifier.system, party.identifier.value);
  const std::string& person = participant.said.name;
  branch.text("display", person.empty() || party.name.empty() ? person + party.name : person + ", " + party.name);
}

void PlanWriter::refer_to_party(Branch branch, std::string_view name, const std::string& id) const {
  if (const Participant* participant = facts_.find(id)) refer_to(branch.object(name), "Organization", *participant);
}

std::string PlanWriter::reference_to_plan() const {
  const Edition& edition = facts_.current();
  return "CarePlan/" + id_of(facts_, "CarePlan", edition.name.empty() ? "" : "version|" + edition.name);
}

std::string_view PlanWriter::status_of_edition(const Edition& edition) const {
  switch (facts_.state) {
    case State::None:
    case State::Makulerad: return in_error;
    case State::EjAktuell:
    case State::Installd:
    case State::Avliden: return edition.status == Edition::Status::Replaced ? "completed" : "revoked";
    case State::Avslutad: return edition.status == Edition::Status::Draft ? "revoked" : "completed";
    default: break;
  }
  switch (edition.status) {
    case Edition::Status::Draft: return "draft";
    case Edition::Status::Active: return "active";
    case Edition::Status::Replaced: break;
  }
  return "completed";
}

void PlanWriter::write_plan_head(Branch root, std::string_view status, std::string_view description) const {
  const Kind& kind = kind_of(facts_.key.kind);
  root.text("status", status).text("intent", facts_.state == State::BehovBedomt ? "proposal" : "plan");
  root.concept_item("category", kind.system, code_of(kind.kind));
  root.text("title", kind.title).text("description", description);
  refer_to_patient(root, "subject");
}

void PlanWriter::write_plan(std::size_t index) {
  const Edition& edition = facts_.editions[index];
  Projected& made = start("CarePlan", edition.name.empty() ? "" : "version|" + edition.name);
  made.is_former = facts_.state == State::None;
  Branch root(made.document, 0);
  root.extension(state_url).text("valueCode", to_string(facts_.state));
  if (facts_.identity) write_identity(root.item("identifier"));
  if (index > 0) {
    const std::string& replaced = facts_.editions[index - 1].name;
    root.item("replaces")
        .text("reference", "CarePlan/" + id_of(facts_, "CarePlan", replaced.empty() ? "" : "version|" + replaced));
  }
  const PlanContent& content = edition.content;
  write_plan_head(root, status_of_edition(edition), is_silent() ? std::string_view() : content.need);
  if (is_silent()) return;
  refer_to_encounter(root);
  if (edition.agreed) root.object("period").text("start", edition.agreed->text);
  if (facts_.first_call) root.text("created", facts_.first_call->at.text);
  refer_to_party(root, "author", facts_.source);
  for (const Participant& each : facts_.participants)
    if (each.takes_part() && !each.party.id.empty()) refer_to(root.item("contributor"), "Organization", each);
  root.item("careTeam").text("reference", "CareTeam/" + id_of(facts_, "CareTeam", "plan"));
  for (const PlanGoal& each : content.goals)
    root.item("goal").text("reference", "Goal/" + id_of(facts_, "Goal", "mal|" + name_of(each)));
  for (const PlanActivity& each : content.activities) write_plan_activity(root.item("activity"), each, edition);
  write_notes(root, content);
}

void PlanWriter::write_identity(Branch identifier) const {
  identifier.text("system", facts_.identity->system).text("value", facts_.identity->value);
  const std::string begun_by = owner_of(facts_.key, *facts_.identity);
  if (begun_by.empty()) return;
  Branch assigner = identifier.object("assigner");
  if (const Participant* opener = facts_.find(begun_by)) return refer_to(assigner, "Organization", *opener);
  const std::size_t bar = begun_by.find('|');
  assigner.text("type", "Organization");
  if (bar == std::string::npos)
    assigner.identifier("identifier", sweden::system_uri(sweden::IdentifierSystem::HsaId), begun_by);
  else
    assigner.identifier("identifier", begun_by.substr(0, bar), begun_by.substr(bar + 1));
}

void PlanWriter::write_plan_activity(Branch activity, const PlanActivity& said, const Edition& edition) const {
  if (edition.status == Edition::Status::Active) {
    activity.object("reference").text("reference", "Task/" + id_of(facts_, "Task", "insats|" + name_of(said)));
    return;
  }
  Branch detail = activity.object("detail");
  detail.text("kind", "Task");
  detail.text("status", edition.status == Edition::Status::Replaced ? "unknown" : "not-started");
  if (is_in_order(said.start, said.due)) detail.object("scheduledPeriod").text("start", said.start).text("end", said.due);
  if (const Participant* unit = facts_.find(said.organisation))
    refer_to(detail.item("performer"), "Organization", *unit);
  else if (!said.by.empty())
    detail.item("performer").text("display", said.by);
  detail.text("description", said.text);
}

void PlanWriter::write_notes(Branch root, const PlanContent& content) const {
  const auto note = [&](std::string_view what, const std::string& text) {
    if (!text.empty()) root.item("note").text("text", std::string(what) + ": " + text);
  };
  if (!content.own_words.empty()) {
    Branch own = root.item("note");
    refer_to_patient(own, "authorReference");
    own.text("text", content.own_words);
  }
  note("Beslut om insatser", content.decision);
  note("Inställning till insatserna", content.attitude);
  note("Om det blir sämre", content.if_worse);
  if (content.nobody_else_acts) note("Åtgärder av andra", "Ingen annan än regionen och kommunen vidtar åtgärder.");
}

void PlanWriter::write_consent(const std::string& unit) {
  const auto found = facts_.consents.find(unit);
  Projected& made = start("Consent", "sip|" + unit);
  made.is_former = found == facts_.consents.end();
  made.parties.clear();
  if (found != facts_.consents.end()) made.parties.push_back(found->second.by);
  const bool is_given = found != facts_.consents.end() && found->second.consent.decision == Consent::Decision::Given;
  if (is_given)
    for (const std::string& viewer : facts_.viewers)
      if ((unit.empty() || viewer == unit) && viewer != found->second.by) made.parties.push_back(viewer);
  std::sort(made.parties.begin(), made.parties.end());
  Branch root(made.document, 0);
  root.text("status", made.is_former || is_cancelled() ? in_error : care::status_of(found->second.consent.decision));
  root.concept_of("scope", consent_area_system, "patient-privacy");
  root.concept_item("category", consent_scope_system, "sip");
  refer_to_patient(root, "patient");
  if (made.is_former) {
    root.concept_of("policyRule", consent_basis_system, "samtycke");
    return;
  }
  const PlanConsent& decided = found->second;
  root.text("dateTime", decided.consent.at.empty() ? decided.at.text : decided.consent.at);
  if (facts_.protection == Protection::None) {
    if (!decided.consent.by.empty()) root.item("performer").text("display", decided.consent.by);
    if (const Participant* by = facts_.find(decided.by)) refer_to(root.item("organization"), "Organization", *by);
  }
  root.concept_of("policyRule", consent_basis_system, decided.consent.is_menprovning ? "menprovning" : "samtycke");
  Branch provision = root.object("provision");
  provision.text("type", is_given ? "permit" : "deny");
  const Participant* about = unit.empty() ? nullptr : facts_.find(unit);
  if (about == nullptr) return;
  Branch actor = provision.item("actor");
  actor.concept_of("role", participation_system, "IRCP");
  refer_to(actor.object("reference"), "Organization", *about);
}

std::vector<Projected> resources(const Facts& facts, const PersonView& person, const tree::Names& names, bool has_documents) {
  return PlanWriter(facts, person, names, has_documents).all();
}

std::string patient_of(const Facts& facts, const PersonView& person) {
  const bool names_nobody = facts.state == State::Makulerad || facts.person.identifiers.empty();
  return names_nobody ? "" : patient_id(person_key(person.key, first_number(facts.person.identifiers)));
}

}  // namespace vardbron::care::plan
