#include "gateway/care/plan/plan_writer.h"

#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/consents.h"
#include "gateway/care/chain/task_status.h"
#include "gateway/care/person/person_writer.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace vardbron::care::plan {
namespace {

constexpr std::string_view state_url = "https://vardbron.example/fhir/StructureDefinition/plan-tillstand";
constexpr std::string_view role_system = "https://vardbron.example/fhir/CodeSystem/plan-roll";
constexpr std::string_view consent_area_system = "http://terminology.hl7.org/CodeSystem/consentscope";
constexpr std::string_view participation_system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
constexpr std::string_view achievement_system = "http://terminology.hl7.org/CodeSystem/goal-achievement";
constexpr std::string_view in_error = "entered-in-error";

/// A dateTime that is not after the other one, so that a period has an order (FHIR R4 per-1).
bool is_in_order(const std::string& start, const std::string& end) {
  const Result<time::CivilTime> from = time::parse_civil(start), until = time::parse_civil(end);
  return from && until && from->at <= until->at;
}

class Writer {
 public:
  Writer(const Facts& facts, const PersonView& person, const tree::Names& names, bool has_documents)
      : facts_(facts), names_(names), has_documents_(has_documents), patient_(patient_of(facts, person)) {}

  std::vector<Projected> all() {
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

 private:
  bool is_cancelled() const { return facts_.state == State::Makulerad || facts_.state == State::None; }
  /// The person does not consent: that there is no plan is all that is said.
  bool is_silent() const { return is_cancelled() || facts_.is_silent(); }

  /// A resource with its id and meta, and the least that its type asks for: as of one that is in error.
  Projected& start(std::string_view type, const std::string& name) {
    Projected& made =
        made_.emplace_back(Projected{std::string(type), id_of(facts_, type, name), tree::Document(names_), facts_.viewers});
    Branch root(made.document, 0);
    root.text("resourceType", type).text("id", made.id);
    const Participant* source = facts_.find(facts_.source);
    const bool has_unit = source && source->party.identifier.system == sweden::system_uri(sweden::IdentifierSystem::HsaId);
    if (!has_unit && facts_.protection == Protection::None && !facts_.stay) return made;
    Branch meta = root.object("meta");
    if (has_unit) meta.text("source", sweden::hsa_uri(source->party.identifier.value));
    if (facts_.protection != Protection::None) meta.coding_item("security", protection_system, code_of(facts_.protection));
    if (facts_.stay) meta.coding_item("tag", facts_.stay->system, facts_.stay->value);
    return made;
  }

  /// What a notice made that counts no more: in error, where it is stored.
  template <class Things>
  void write_former(std::string_view type, const std::string& start_of_name, const std::set<std::string>& named,
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

  void refer_to_patient(Branch branch, std::string_view name) const {
    Branch reference = branch.object(name);
    if (patient_.empty())
      reference.text("type", "Patient").text("display", "Uppgift saknas");
    else
      reference.text("reference", "Patient/" + patient_);
  }

  void refer_to_encounter(Branch branch) const {
    if (!facts_.encounter.empty()) branch.object("encounter").text("reference", "Encounter/" + facts_.encounter);
  }

  /// Units are named by their identifier; the gateway keeps what they are elsewhere.
  void refer_to(Branch branch, std::string_view type, const Participant& participant) const {
    const Party& party = participant.party;
    branch.text("type", type);
    if (!party.id.empty()) branch.identifier("identifier", party.identifier.system, party.identifier.value);
    const std::string& person = participant.said.name;
    branch.text("display", person.empty() || party.name.empty() ? person + party.name : person + ", " + party.name);
  }

  void refer_to_party(Branch branch, std::string_view name, const std::string& id) const {
    if (const Participant* participant = facts_.find(id)) refer_to(branch.object(name), "Organization", *participant);
  }

  std::string reference_to_plan() const {
    const Edition& edition = facts_.current();
    return "CarePlan/" + id_of(facts_, "CarePlan", edition.name.empty() ? "" : "version|" + edition.name);
  }

  // --- CarePlan ---
  std::string_view status_of_edition(const Edition& edition) const {
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

  void write_plan_head(Branch root, std::string_view status, std::string_view description = {}) const {
    const Kind& kind = kind_of(facts_.key.kind);
    root.text("status", status).text("intent", facts_.state == State::BehovBedomt ? "proposal" : "plan");
    root.concept_item("category", kind.system, code_of(kind.kind));
    root.text("title", kind.title).text("description", description);
    refer_to_patient(root, "subject");
  }

  void write_plan(std::size_t index) {
    const Edition& edition = facts_.editions[index];
    Projected& made = start("CarePlan", edition.name.empty() ? "" : "version|" + edition.name);
    made.is_former = facts_.state == State::None;
    Branch root(made.document, 0);
    root.extension(state_url).text("valueCode", to_string(facts_.state));
    if (!facts_.key.key.starts_with("sip|")) {
      const std::size_t bar = facts_.key.key.find('|');
      root.identifier_item(facts_.key.key.substr(0, bar), facts_.key.key.substr(bar + 1));
    }
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

  /// Of a plan that holds, a Task; of a draft what is to become one.
  void write_plan_activity(Branch activity, const PlanActivity& said, const Edition& edition) const {
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

  void write_notes(Branch root, const PlanContent& content) const {
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

  // --- CareTeam ---
  void write_team() {
    Projected& made = start("CareTeam", "plan");
    made.is_former = facts_.state == State::None;
    Branch root(made.document, 0);
    const bool is_over = plan::is_over(facts_.state) || facts_.state == State::Installd;
    root.text("status", is_cancelled() ? in_error : is_over ? "inactive" : is_active(facts_.state) ? "active" : "proposed");
    root.concept_item("category", team_system, "team");
    root.text("name", kind_of(facts_.key.kind).title);
    refer_to_patient(root, "subject");
    if (is_silent()) return;
    refer_to_encounter(root);
    // One that the person never let take part is not shown: that would show what the person decided.
    for (const Participant& each : facts_.participants)
      if (each.takes_part() || each.was_shared_with || !each.until.empty()) write_member(root.item("participant"), each);
    if (const Participant* source = facts_.find(facts_.source))
      refer_to(root.item("managingOrganization"), "Organization", *source);
  }

  /// Who takes part no more has an end, whatever the reason.
  void write_member(Branch branch, const Participant& each) const {
    if (!each.said.role.empty()) branch.concept_item("role", role_system, each.said.role);
    if (each.said.role == "patient")
      refer_to_patient(branch, "member");
    else
      refer_to(branch.object("member"), each.party.id.empty() ? "RelatedPerson" : "Organization", each);
    Branch period = branch.object("period");
    period.text("start", each.since);
    if (each.takes_part()) return;
    const std::string& until = each.until.empty() ? each.denied : each.until;
    if (is_in_order(each.since, until)) period.text("end", until);
  }

  // --- Goal ---
  void write_goal(const PlanGoal& goal) {
    Projected& made = start("Goal", "mal|" + name_of(goal));
    made.is_former = facts_.state == State::None;
    Branch root(made.document, 0);
    const Edition& edition = facts_.current();
    const auto is_it = [&](const PlanGoal& each) { return name_of(each) == name_of(goal); };
    const bool is_current = std::any_of(edition.content.goals.begin(), edition.content.goals.end(), is_it);
    const bool is_over = plan::is_over(facts_.state) || facts_.state == State::Installd;
    const std::string_view lifecycle = is_cancelled()                                  ? in_error
                                       : facts_.state == State::Avslutad && is_current ? "completed"
                                       : is_over || !is_current                        ? "cancelled"
                                       : edition.status == Edition::Status::Active     ? "active"
                                                                                       : "proposed";
    root.text("lifecycleStatus", lifecycle);
    if (!is_silent() && !goal.state.empty()) root.concept_of("achievementStatus", achievement_system, goal.state);
    if (!is_silent()) root.item("category").text("text", goal.is_short_term ? "Delmål" : "Mål");
    root.object("description").text("text", is_silent() ? "Uppgiften visas inte." : goal.text);
    refer_to_patient(root, "subject");
    if (is_silent()) return;
    if (!goal.due.empty()) root.item("target").text("dueDate", goal.due);
    if (goal.is_persons) refer_to_patient(root, "expressedBy");
  }

  void write_former_goal(const std::string& name) {
    Projected& made = start("Goal", "mal|" + name);
    made.is_former = true;
    Branch root(made.document, 0);
    root.text("lifecycleStatus", in_error);
    root.object("description").text("text", "Uppgiften visas inte.");
    refer_to_patient(root, "subject");
  }

  // --- Appointment ---
  /// Until the participants. FHIR R4 asks for one at least.
  void write_meeting_head(Branch root, std::string_view status) const {
    root.text("status", status).text("description", "Möte om samordnad planering");
  }

  void write_patient_in_meeting(Branch root) const {
    Branch participant = root.item("participant");
    refer_to_patient(participant, "actor");
    participant.text("status", "needs-action");
  }

  std::string_view status_of(const Meeting& meeting) const {
    if (is_cancelled()) return in_error;
    if (meeting.status == Meeting::Status::Cancelled || is_silent()) return "cancelled";
    if (meeting.at.start.empty()) return "proposed";
    return meeting.status == Meeting::Status::Held ? "fulfilled" : "booked";
  }

  void write_meeting(const Meeting& meeting) {
    Projected& made = start("Appointment", meeting.name.empty() ? "" : "mote|" + meeting.name);
    Branch root(made.document, 0);
    write_meeting_head(root, status_of(meeting));
    if (is_silent()) return write_patient_in_meeting(root);
    root.item("supportingInformation").text("reference", reference_to_plan());
    std::string comment = write_time(root, meeting.at);
    root.text("created", meeting.called.text);
    const auto add = [&](std::string_view what, const std::string& text) {
      if (!text.empty()) comment += (comment.empty() ? "" : " ") + std::string(what) + ": " + text;
    };
    if (facts_.protection == Protection::None) add("Plats", meeting.at.place);
    add("Video", meeting.at.video_link);
    root.text("comment", comment);
    write_patient_in_meeting(root);
    for (const Participant& each : facts_.participants) {
      if (!each.takes_part() || each.said.role == "patient") continue;
      Branch participant = root.item("participant");
      if (!each.said.role.empty()) participant.concept_item("type", role_system, each.said.role);
      // R4 lets no Organization take part in an Appointment; the unit is the service that does.
      refer_to(participant.object("actor"), each.party.id.empty() ? "RelatedPerson" : "HealthcareService", each);
      participant.text("status", each.said.answer.empty() ? "needs-action" : each.said.answer);
    }
  }

  /// FHIR R4 app-2: a meeting has both times or none, and a call may say only when it begins. What is to be said of that.
  static std::string write_time(Branch root, const PlanMeeting& at) {
    const Result<time::CivilTime> start = time::parse_civil(at.start);
    if (at.start.empty() || !start) return "";
    const bool has_end = is_in_order(at.start, at.end);
    const WallTime end = has_end ? time::parse_civil(at.end)->at : start->at + std::chrono::hours(1);
    root.text("start", time::format_local(start->at)).text("end", time::format_local(end));
    return has_end ? "" : "Sluttiden är inte angiven.";
  }

  // --- Task ---
  /// What a Task is beside its states.
  struct TaskWords {
    std::string_view code;
    std::string description, begins, ended, outcome;
    std::string owner_in_words;  ///< of a measure of somebody who is no unit
  };

  void write_task(const std::string& name, const PlanTask& task, const TaskWords& words) {
    Projected& made = start("Task", name);
    Branch root(made.document, 0);
    if (!is_cancelled()) root.item("basedOn").text("reference", reference_to_plan());
    root.text("status", is_cancelled() ? in_error : std::string_view(task.status));
    if (!task.reason.empty()) root.object("statusReason").text("text", task.reason);
    if (task.is_late) root.concept_of("businessStatus", task_state_system, "forsenad");
    root.text("intent", "order").concept_of("code", task_system, words.code);
    if (is_silent()) return refer_to_patient(root, "for");
    root.text("description", words.description);
    root.object("focus").text("reference", reference_to_plan());
    refer_to_patient(root, "for");
    refer_to_encounter(root);
    if (!words.begins.empty() || !words.ended.empty())
      root.object("executionPeriod").text("start", words.begins).text("end", words.ended);
    root.text("authoredOn", time::format_local(task.authored)).text("lastModified", time::format_local(task.modified));
    refer_to_party(root, "requester", task.requester);
    refer_to_party(root, "owner", task.owner);
    if (task.owner.empty() && !words.owner_in_words.empty()) root.object("owner").text("display", words.owner_in_words);
    for (const Note& note : task.notes) write_note(root.item("note"), note);
    if (task.deadline) root.object("restriction").object("period").text("end", time::format_local(*task.deadline));
    if (words.outcome.empty()) return;
    Branch output = root.item("output");
    output.object("type").text("text", "utfall");
    output.text("valueString", words.outcome);
  }

  void write_note(Branch annotation, const Note& note) const {
    const Participant* unit = note.by_organisation ? facts_.find(note.organisation) : nullptr;
    if (unit != nullptr)
      refer_to(annotation.object("authorReference"), "Organization", *unit);
    else
      annotation.text("authorString", note.author);
    annotation.text("time", note.at).text("text", note.text);
  }

  void write_activity(const ActivityTask& task) {
    const PlanActivity& said = task.activity;
    write_task("insats|" + task.name, task, {"insats", said.text, said.start, "", said.outcome, said.by});
  }

  void write_follow_up(const FollowUpTask& task) {
    write_task("folj-upp|" + task.name, task, {"folj-upp-sip", task.follow_up.form, "", task.held, "", ""});
  }

  // --- Consent ---
  /// What the person decided is for who registered it; a permission also for the unit that it is about.
  void write_consent(const std::string& unit) {
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

  const Facts& facts_;
  const tree::Names& names_;
  bool has_documents_;
  std::string patient_;
  std::vector<Projected> made_;
};

}  // namespace

std::vector<Projected> resources(const Facts& facts, const PersonView& person, const tree::Names& names, bool has_documents) {
  return Writer(facts, person, names, has_documents).all();
}

std::string patient_of(const Facts& facts, const PersonView& person) {
  const bool names_nobody = facts.state == State::Makulerad || facts.person.identifiers.empty();
  return names_nobody ? "" : patient_id(person_key(person.key, first_number(facts.person.identifiers)));
}

}  // namespace vardbron::care::plan
