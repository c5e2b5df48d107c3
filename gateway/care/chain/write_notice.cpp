#include "gateway/care/chain/write_notice.h"

#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/consents.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {
namespace {

constexpr std::string_view root_url = "https://vardbron.example/fhir/";
constexpr std::string_view contact_type_system = "urn:oid:1.2.752.129.5.1.69";
constexpr std::string_view act_code_system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view achievement_system = "http://terminology.hl7.org/CodeSystem/goal-achievement";
constexpr std::string_view reference_to_person = "urn:uuid:person", reference_to_stay = "urn:uuid:stay";

std::string url_of(std::string_view kind, std::string_view name) {
  return std::string(root_url).append(kind).append("/").append(name);
}

std::string extension_url(std::string_view name) { return url_of("StructureDefinition", name); }
std::string system_of(std::string_view name) { return url_of("CodeSystem", name); }

class BundleWriter {
 public:
  BundleWriter(const Notice& notice, const tree::Names& names) : notice_(notice), document_(names), root_(document_, 0) {
    parties_.push_back(&notice.sender);
    for (const std::vector<Party>* list : {&notice.receivers, &notice.others})
      for (const Party& each : *list)
        if (find(each.id) == parties_.size()) parties_.push_back(&each);
  }

  tree::Document write() {
    root_.text("resourceType", "Bundle");
    root_.identifier("identifier", notice_.identity.system, notice_.identity.value);
    root_.text("type", "message").text("timestamp", time::format_local(notice_.sent));
    write_header();
    write_person();
    write_stay();
    for (std::size_t index = 0; index < parties_.size(); ++index) write_party(index);
    if (notice_.contact) write_contact(*notice_.contact);
    if (notice_.consent) write_consent(*notice_.consent);
    if (notice_.plan) write_plan(*notice_.plan);
    return std::move(document_);
  }

 private:
  Branch resource(std::string_view type, std::string_view full_url = {}) {
    Branch entry = root_.item("entry");
    entry.text("fullUrl", full_url);
    Branch made = entry.object("resource");
    made.text("resourceType", type);
    return made;
  }

  std::size_t find(std::string_view id) const {
    const auto is_it = [&](const Party* each) { return each->id == id; };
    return std::size_t(std::find_if(parties_.begin(), parties_.end(), is_it) - parties_.begin());
  }
  std::string reference_to(std::string_view party) const {
    const std::size_t index = find(party);
    return index == parties_.size() ? std::string() : "urn:uuid:unit-" + std::to_string(index);
  }
  void refer(Branch parent, std::string_view name, std::string_view reference) const {
    if (!reference.empty()) parent.object(name).text("reference", reference);
  }

  void write_header() {
    Branch header = resource("MessageHeader");
    header.extension(extension_url("event-time")).text("valueDateTime", notice_.happened.text);
    header.object("eventCoding").text("system", system_of("notice-event")).text("code", to_string(notice_.event));
    for (const Party& each : notice_.receivers) {
      Branch destination = header.item("destination");
      destination.text("endpoint", sweden::hsa_uri(each.identifier.value));
      refer(destination, "receiver", reference_to(each.id));
    }
    refer(header, "sender", reference_to(notice_.sender.id));
    header.object("source").text("endpoint", sweden::hsa_uri(notice_.sender.identifier.value));
    if (!notice_.reason.empty()) header.object("reason").text("text", notice_.reason);
    if (!notice_.acknowledges) return;
    header.object("response")
        .text("identifier", notice_.acknowledges->value)
        .text("code", notice_.acknowledges_ok ? "ok" : "fatal-error");
  }

  void write_person() {
    Branch patient = resource("Patient", reference_to_person);
    for (const Identity& each : notice_.person.identifiers) patient.identifier_item(each.system, each.value);
  }

  void write_stay() {
    if (notice_.case_identity.value.empty()) return;
    Branch encounter = resource("Encounter", reference_to_stay);
    encounter.identifier_item(notice_.case_identity.system, notice_.case_identity.value);
    encounter.text("status", notice_.stay.status);
    encounter.object("class").text("system", act_code_system).text("code", notice_.stay.class_code);
    refer(encounter, "subject", reference_to_person);
  }

  void write_party(std::size_t index) {
    const Party& party = *parties_[index];
    Branch organization = resource("Organization", "urn:uuid:unit-" + std::to_string(index));
    organization.identifier_item(party.identifier.system, party.identifier.value);
    if (party.role != Role::Unknown) organization.concept_item("type", system_of("part-roll"), to_string(party.role));
    organization.text("name", party.name);
    write_phone(organization, party.phone);
  }

  static void write_phone(Branch parent, const std::string& number) {
    if (!number.empty()) parent.item("telecom").text("system", "phone").text("value", number);
  }

  void write_contact(const Contact& contact) {
    Branch role = resource("PractitionerRole");
    for (const Identity& each : contact.identifiers) role.identifier_item(each.system, each.value);
    if (!contact.since.empty() || !contact.until.empty())
      role.object("period").text("start", contact.since).text("end", contact.until);
    if (!contact.name.empty()) role.object("practitioner").text("display", contact.name);
    refer(role, "organization", reference_to(notice_.sender.id));
    if (!contact.type.empty()) role.concept_item("code", contact_type_system, contact.type);
    write_phone(role, contact.phone);
    if (contact.team.empty()) return;
    Branch team = resource("CareTeam");
    team.concept_item("category", team_system, "team");
    team.text("name", contact.team);
    write_phone(team, contact.team_phone);
  }

  void write_consent(const Consent& said) {
    Branch consent = resource("Consent");
    consent.text("status", status_of(said.decision));
    consent.concept_of("scope", "http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy");
    for (const std::string& scope : said.scopes) consent.concept_item("category", consent_scope_system, scope);
    refer(consent, "patient", reference_to_person);
    consent.text("dateTime", said.at);
    if (!said.by.empty()) consent.item("performer").text("display", said.by);
    consent.concept_of("policyRule", consent_basis_system, said.is_menprovning ? "menprovning" : "samtycke");
    if (said.units.empty()) return;
    Branch provision = consent.object("provision");
    provision.text("type", said.decision == Consent::Decision::Given ? "permit" : "deny");
    for (const std::string& unit : said.units) {
      Branch actor = provision.item("actor");
      actor.concept_of("role", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP");
      refer(actor, "reference", reference_to(unit));
    }
  }

  void write_plan(const PlanContent& said) {
    Branch plan = resource("CarePlan");
    const auto say = [&](std::string_view name, std::string_view element, const std::string& value) {
      if (!value.empty()) plan.extension(extension_url(name)).text(element, value);
    };
    say("onskad-av", "valueCode", said.wished_by);
    say("beslut-om-insatser", "valueString", said.decision);
    say("installning", "valueString", said.attitude);
    say("egna-ord", "valueString", said.own_words);
    say("om-det-blir-samre", "valueString", said.if_worse);
    if (said.nobody_else_acts) plan.extension(extension_url("ingen-annan-atgard")).boolean("valueBoolean", true);
    if (!said.value.empty()) write_identity(plan.item("identifier"), said);
    plan.text("status", "draft").text("intent", "plan");
    plan.item("category").item("coding").text("code", code_of(said.kind));
    plan.text("description", said.need);
    refer(plan, "subject", reference_to_person);
    refer(plan, "author", reference_to(said.main_responsible));
    for (const PlanGoal& each : said.goals) write_goal(each);
    for (const PlanActivity& each : said.activities) write_activity(each);
    if (said.follow_up) write_follow_up(*said.follow_up);
    write_meeting(said);
    write_team(said.participants);
  }

  static void write_identity(Branch identifier, const PlanContent& said) {
    identifier.text("system", said.system).text("value", said.value);
    if (said.begun_by.empty()) return;
    const std::size_t bar = said.begun_by.find('|');
    Branch assigner = identifier.object("assigner");
    assigner.text("type", "Organization");
    if (bar == std::string::npos)
      assigner.identifier("identifier", sweden::system_uri(sweden::IdentifierSystem::HsaId), said.begun_by);
    else
      assigner.identifier("identifier", said.begun_by.substr(0, bar), said.begun_by.substr(bar + 1));
  }

  void write_goal(const PlanGoal& said) {
    Branch goal = resource("Goal");
    if (!said.key.empty()) goal.item("identifier").text("value", said.key);
    goal.text("lifecycleStatus", "active");
    if (!said.state.empty()) goal.concept_of("achievementStatus", achievement_system, said.state);
    if (said.is_short_term) goal.concept_item("category", system_of("plan-mal"), "delmal");
    goal.object("description").text("text", said.text);
    refer(goal, "subject", reference_to_person);
    if (!said.due.empty()) goal.item("target").text("dueDate", said.due);
    if (said.is_persons) refer(goal, "expressedBy", reference_to_person);
  }

  Branch work(const std::string& status) {
    Branch task = resource("Task");
    task.text("status", status.empty() ? "requested" : status).text("intent", "order");
    return task;
  }
  void write_owner(Branch task, const std::string& organisation, const std::string& by = {}) const {
    if (!organisation.empty()) return refer(task, "owner", reference_to(organisation));
    if (!by.empty()) task.object("owner").text("display", by);
  }
  static void write_due(Branch task, const std::string& due) {
    if (!due.empty()) task.object("restriction").object("period").text("end", due);
  }

  void write_activity(const PlanActivity& said) {
    Branch task = work(said.status);
    if (!said.key.empty()) task.item("identifier").text("value", said.key);
    task.text("description", said.text);
    if (!said.start.empty()) task.object("executionPeriod").text("start", said.start);
    write_owner(task, said.organisation, said.by);
    write_due(task, said.due);
    if (said.outcome.empty()) return;
    Branch output = task.item("output");
    output.object("type").text("text", "utfall");
    output.text("valueString", said.outcome);
  }

  void write_follow_up(const PlanFollowUp& said) {
    Branch task = work("");
    task.concept_of("code", task_system, "folj-upp-sip");
    task.text("description", said.form);
    write_owner(task, said.organisation);
    write_due(task, said.due);
  }

  /// Who has answered is named in the Appointment, everybody else in the CareTeam.
  void write_meeting(const PlanContent& said) {
    const bool has_answers = std::any_of(said.participants.begin(), said.participants.end(),
                                         [](const PlanParticipant& each) { return !each.answer.empty(); });
    if (!said.meeting && !has_answers) return;
    Branch appointment = resource("Appointment");
    const PlanMeeting meeting = said.meeting.value_or(PlanMeeting{});
    if (!meeting.video_link.empty()) appointment.extension(extension_url("videolank")).text("valueUrl", meeting.video_link);
    appointment.text("status", "booked").text("start", meeting.start).text("end", meeting.end);
    if (!meeting.place.empty()) {
      Branch place = appointment.item("participant");
      place.object("actor").text("type", "Location").text("display", meeting.place);
      place.text("status", "accepted");
    }
    for (const PlanParticipant& each : said.participants) {
      if (each.answer.empty()) continue;
      Branch participant = appointment.item("participant");
      if (!each.role.empty()) participant.concept_item("type", system_of("plan-roll"), each.role);
      Branch actor = participant.object("actor");
      actor.text("reference", reference_to(each.organisation));
      if (each.organisation.empty()) actor.text("display", each.name);
      participant.text("status", each.answer);
    }
  }

  void write_team(const std::vector<PlanParticipant>& participants) {
    const bool is_needed =
        std::any_of(participants.begin(), participants.end(), [](const PlanParticipant& each) { return each.answer.empty(); });
    if (!is_needed) return;
    Branch team = resource("CareTeam");
    for (const PlanParticipant& each : participants) {
      if (!each.answer.empty()) continue;
      Branch participant = team.item("participant");
      if (!each.role.empty()) participant.concept_item("role", system_of("plan-roll"), each.role);
      Branch member = participant.object("member");
      member.text("reference", reference_to(each.organisation)).text("display", each.name);
    }
  }

  const Notice& notice_;
  tree::Document document_;
  Branch root_;
  std::vector<const Party*> parties_;
};

}  // namespace

tree::Document to_bundle(const Notice& notice, const tree::Names& names) { return BundleWriter(notice, names).write(); }

}  // namespace vardbron::care
