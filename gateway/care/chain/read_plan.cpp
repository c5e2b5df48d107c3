#include "gateway/care/chain/read_plan.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <string>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

constexpr std::string_view extensions = "https://vardbron.example/fhir/StructureDefinition/";
constexpr std::string_view follow_up_code = "folj-upp-sip";
constexpr std::string_view role_system = "https://vardbron.example/fhir/CodeSystem/plan-roll";

/// The code of a CodeableConcept in one system, or in any for an empty one.
std::string code_at(Item concept_item, std::string_view system) {
  std::string code;
  tree::for_each_child(concept_item, "coding", [&](Item coding) {
    if (code.empty() && (system.empty() || trim(coding.text_of("system")) == system)) code = trim(coding.text_of("code"));
  });
  return code;
}

Item extension(Item parent, std::string_view name) {
  Item found;
  tree::for_each_child(parent, "extension", [&](Item one) {
    const std::string_view url = one.text_of("url");
    if (url.starts_with(extensions) && url.substr(extensions.size()) == name) found = one;
  });
  return found;
}

class PlanReader {
 public:
  PlanReader(const PartyAt& party_at, Notice& notice) : party_at_(party_at), notice_(notice) {}

  Result<void> read(Item bundle) {
    std::size_t index = 0;
    bool has_plan = false;
    tree::for_each_child(bundle, "entry", [&](Item entry) {
      const Item resource = entry.child("resource");
      const std::string path = "Bundle.entry[" + std::to_string(index++) + "].resource";
      const std::string_view type = resource.text_of("resourceType");
      has_plan |= type == "CarePlan";
      if (type == "CarePlan") read_plan(resource, path);
      if (type == "Goal") read_goal(resource, path);
      if (type == "Task") read_task(resource, path);
      if (type == "Appointment") read_appointment(resource, path);
      if (type == "CareTeam") read_team(resource, path);
    });
    if (!has_plan) return done();
    if (const std::size_t items = content_.goals.size() + content_.activities.size() + content_.participants.size();
        items > limits::plan_items_per_notice_max)
      fail(Cause::TooLarge, "The plan has more goals, insatser and participants than one notice may have.", "Bundle.entry");
    if (failure_) return *failure_;
    notice_.plan = std::move(content_);
    return done();
  }

 private:
  void fail(Cause cause, std::string says, std::string where) {
    if (!failure_) failure_ = Failure{cause, std::move(says), std::move(where)};
  }

  /// A date or dateTime as sent; empty if there is none.
  std::string time_at(Item parent, std::string_view name, const std::string& path) {
    const std::string_view text = parent.text_of(name);
    if (text.empty() || time::parse_civil(text)) return std::string(text);
    fail(Cause::Invalid, "This is no date or time.", path + "." + std::string(name));
    return "";
  }

  /// The id of the organisation that is referred to; empty: none is.
  std::string party_of(Item reference, const std::string& path) {
    const std::string_view text = reference.text_of("reference");
    if (text.empty()) return "";
    const std::optional<Party> party = party_at_(text);
    if (!party) {
      fail(Cause::Invalid, "This is no Organization of the Bundle with an identifier.", path);
      return "";
    }
    const auto is_it = [&](const Party& each) { return each.id == party->id; };
    const bool is_known = notice_.sender.id == party->id ||
                          std::any_of(notice_.receivers.begin(), notice_.receivers.end(), is_it) ||
                          std::any_of(notice_.others.begin(), notice_.others.end(), is_it);
    if (!is_known) notice_.others.push_back(*party);
    return party->id;
  }

  /// An Organization of the Bundle, or one that is named by its identifier, as the gateway writes it.
  std::string begun_by(Item assigner, const std::string& path) {
    const Item identifier = assigner.child("identifier");
    const std::string_view system = trim(identifier.text_of("system")), value = trim(identifier.text_of("value"));
    if (!assigner.text_of("reference").empty() || value.empty()) return party_of(assigner, path);
    const bool is_hsa_id = sweden::find_system(system) == sweden::IdentifierSystem::HsaId;
    return is_hsa_id ? sweden::normal_hsa_id(value) : std::string(system) + "|" + std::string(value);
  }

  void read_plan(Item plan, const std::string& path) {
    const Item identifier = plan.child("identifier");
    content_.system = trim(identifier.text_of("system"));
    content_.value = trim(identifier.text_of("value"));
    content_.begun_by = begun_by(identifier.child("assigner"), path + ".identifier[0].assigner");
    const std::optional<PlanKind> kind = find_plan_kind(code_at(plan.child("category"), ""));
    if (!kind) fail(Cause::Invalid, "Which kind of plan it is is missing, or no code of plan-typ.", path + ".category");
    content_.kind = kind.value_or(PlanKind::Sip);
    content_.need = plan.text_of("description");
    content_.main_responsible = party_of(plan.child("author"), path + ".author");
    content_.wished_by =
        known_role(std::string(trim(extension(plan, "onskad-av").text_of("valueCode"))), "Who wished for the plan");
    content_.decision = extension(plan, "beslut-om-insatser").text_of("valueString");
    content_.attitude = extension(plan, "installning").text_of("valueString");
    content_.own_words = extension(plan, "egna-ord").text_of("valueString");
    content_.if_worse = extension(plan, "om-det-blir-samre").text_of("valueString");
    content_.nobody_else_acts = extension(plan, "ingen-annan-atgard").text_of("valueBoolean") == "true";
  }

  void read_goal(Item goal, const std::string& path) {
    PlanGoal read;
    read.key = trim(goal.child("identifier").text_of("value"));
    read.text = goal.child("description").text_of("text");
    read.due = time_at(goal.child("target"), "dueDate", path + ".target");
    read.is_short_term = code_at(goal.child("category"), goal_system) == "delmal";
    read.is_persons = bool(goal.child("expressedBy"));
    read.state = code_at(goal.child("achievementStatus"), "");
    content_.goals.push_back(std::move(read));
  }

  void read_task(Item task, const std::string& path) {
    const std::string due = time_at(task.child("restriction").child("period"), "end", path + ".restriction.period");
    const std::string owner = party_of(task.child("owner"), path + ".owner");
    if (code_at(task.child("code"), task_system) == follow_up_code) {
      if (due.empty()) fail(Cause::Invalid, "When the plan is to be followed up is missing.", path + ".restriction.period.end");
      content_.follow_up = PlanFollowUp{due, std::string(task.text_of("description")), owner};
      return;
    }
    PlanActivity read;
    read.key = trim(task.child("identifier").text_of("value"));
    read.text = task.text_of("description");
    read.organisation = owner;
    if (owner.empty()) read.by = task.child("owner").text_of("display");
    read.start = time_at(task.child("executionPeriod"), "start", path + ".executionPeriod");
    read.due = due;
    read.status = trim(task.text_of("status"));
    read.outcome = task.child("output").text_of("valueString");
    if (read.key.empty() && read.text.empty())
      fail(Cause::Invalid, "Which insats it is is missing: neither an identifier nor a description.", path + ".description");
    content_.activities.push_back(std::move(read));
  }

  void read_appointment(Item appointment, const std::string& path) {
    PlanMeeting meeting;
    meeting.start = time_at(appointment, "start", path);
    meeting.end = time_at(appointment, "end", path);
    meeting.video_link = trim(extension(appointment, "videolank").text_of("valueUrl"));
    std::size_t index = 0;
    tree::for_each_child(appointment, "participant", [&](Item participant) {
      const std::string where = path + ".participant[" + std::to_string(index++) + "].actor";
      const Item actor = participant.child("actor");
      if (actor.text_of("type") == "Location") {
        meeting.place = actor.text_of("display");
        return;
      }
      const std::string answer(trim(participant.text_of("status")));
      const std::string organisation = party_of(actor, where);
      if (answer == "needs-action" || (organisation.empty() && actor.text_of("display").empty())) return;
      add_participant({organisation, role_of(participant.child("type")),
                       organisation.empty() ? std::string(actor.text_of("display")) : "", "", answer});
    });
    if (!meeting.start.empty()) content_.meeting = std::move(meeting);
  }

  void read_team(Item team, const std::string& path) {
    std::size_t index = 0;
    tree::for_each_child(team, "participant", [&](Item participant) {
      const std::string where = path + ".participant[" + std::to_string(index++) + "].member";
      const Item member = participant.child("member");
      std::string organisation = party_of(member, where);
      add_participant(
          {std::move(organisation), role_of(participant.child("role")), std::string(member.text_of("display")), "", ""});
    });
  }

  std::string role_of(Item role) {
    if (!role) return "";
    std::string code = code_at(role, role_system);
    if (code.empty()) doubt("A participant's role has no code of plan-roll, and is not kept.");
    return known_role(std::move(code), "A participant's role");
  }
  std::string known_role(std::string code, const std::string& what) {
    if (code.empty() || std::find(plan_roles.begin(), plan_roles.end(), code) != plan_roles.end()) return code;
    doubt(what + " is no code of plan-roll, and is not kept: \"" + visible(code) + "\".");
    return "";
  }
  void doubt(std::string says) { notice_.doubts.push_back({"doubtful-value", std::move(says)}); }

  /// CareTeam and Appointment may both name somebody.
  void add_participant(PlanParticipant said) {
    for (PlanParticipant& known : content_.participants) {
      const bool is_it = said.organisation.empty() ? known.organisation.empty() && known.name == said.name
                                                   : known.organisation == said.organisation;
      if (!is_it) continue;
      if (!said.role.empty()) known.role = std::move(said.role);
      if (!said.name.empty()) known.name = std::move(said.name);
      if (!said.answer.empty()) known.answer = std::move(said.answer);
      return;
    }
    content_.participants.push_back(std::move(said));
  }

  const PartyAt& party_at_;
  Notice& notice_;
  PlanContent content_;
  std::optional<Failure> failure_;
};

}  // namespace

Result<void> read_plan(Item bundle, const PartyAt& party_at, Notice& notice) { return PlanReader(party_at, notice).read(bundle); }

Result<void> read_consent_units(Item consent, std::string_view path, const PartyAt& party_at, Notice& notice) {
  std::optional<Failure> failure;
  std::size_t index = 0;
  tree::for_each_child(consent.child("provision"), "actor", [&](Item actor) {
    const std::string where = std::string(path) + ".provision.actor[" + std::to_string(index++) + "].reference";
    const std::optional<Party> party = party_at(actor.child("reference").text_of("reference"));
    if (!party && !failure)
      failure = Failure{Cause::Invalid, "With whom may be shared is no Organization of the Bundle with an identifier.", where};
    if (party) notice.consent->units.push_back(party->id);
  });
  // With whom else is shared what the patient says of the sharing with some, is not kept.
  if (!failure && !notice.consent->units.empty() && notice.consent->scopes != std::vector<std::string>{"sip"})
    failure =
        Failure{Cause::Invalid, "A consent that names organisations is about a plan alone: its category is sip and no other.",
                std::string(path) + ".category"};
  if (failure) return *failure;
  return done();
}

}  // namespace vardbron::care
