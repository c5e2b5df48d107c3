#include "gateway/care/plan_projection.h"

#include "gateway/care/arende/organization_writer.h"
#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/profiles.h"
#include "gateway/care/chain/task_status.h"
#include "gateway/care/person/person_writer.h"
#include "gateway/care/plan/plan_facts.h"
#include "gateway/care/plan/plan_fold.h"
#include "gateway/care/plan/plan_writer.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

constexpr std::string_view event_system = "https://vardbron.example/fhir/CodeSystem/notice-event";
constexpr std::string_view event_time_url = "https://vardbron.example/fhir/StructureDefinition/event-time";

class PlanProjector {
 public:
  PlanProjector(const plan::Facts& facts, const PersonView& person, const tree::Names& names, bool has_documents)
      : facts_(facts), person_(person), names_(names), has_documents_(has_documents) {}

  Projection projection() {
    made_.case_key = plan::chain_key(facts_.key);
    made_.patient = plan::patient_of(facts_, person_);
    const plan::Edition& edition = facts_.current();
    made_.plan = plan::id_of(facts_, "CarePlan", edition.name.empty() ? "" : "version|" + edition.name);
    made_.plan_state = plan::to_string(facts_.state);
    made_.plan_kind = code_of(facts_.key.kind);
    made_.hides_former_versions = facts_.is_silent();
    made_.parties = facts_.viewers;
    made_.findings = facts_.findings;
    made_.next_change = facts_.next_change;
    if (!facts_.person.kommun.empty() && facts_.protection == Protection::None) made_.kommuner.push_back(facts_.person.kommun);
    made_.of_others.has_died = facts_.state == plan::State::Avliden && person_.death() != nullptr;
    write_header();
    write_stay_view();
    name_organizations();
    for (const plan::ActivityTask& each : facts_.activities) note_task(each, "insats|", CaseTaskKind::Insats);
    for (const plan::FollowUpTask& each : facts_.follow_ups) note_task(each, "folj-upp|", CaseTaskKind::FoljUppSip);
    for (const plan::Meeting& each : facts_.meetings) note_meeting(each);
    made_.resources = plan::resources(facts_, person_, names_, has_documents_);
    for (std::size_t index = 0; index < facts_.links.size(); ++index) report(index);
    return std::move(made_);
  }

 private:
  void write_header() {
    CaseHeader& header = made_.header;
    header.case_key = made_.case_key;
    if (facts_.stay) header.case_identity = *facts_.stay;
    header.protection = facts_.protection;
    header.patient = made_.patient;
    if (facts_.state != plan::State::Makulerad) header.person = facts_.person.identifiers;
    for (const plan::Participant& each : facts_.participants)
      if (!each.party.id.empty()) header.organisations.push_back({each.party.id, each.party.identifier, each.party.name});
    std::sort(header.organisations.begin(), header.organisations.end());
  }

  /// The person's other cases know of the plan as of a case that is no stay.
  void write_stay_view() {
    StayView& view = made_.stay;
    view.case_key = made_.case_key;
    view.viewers = facts_.viewers;
    if (facts_.state == plan::State::Makulerad || facts_.state == plan::State::None) return;
    view.person = facts_.person;
    view.person.placing_kommun.clear();
    view.said = facts_.person_said;
    view.is_unconsented =
        facts_.consent != plan::Sharing::Permitted && plan::kind_of(facts_.key.kind).needs_consent && !facts_.stay;
    view.plan_kind = code_of(facts_.key.kind);
    view.plan_state = plan::to_string(facts_.state);
  }

  void name_organizations() {
    for (const plan::Participant& each : facts_.participants) {
      if (each.party.id.empty() || !each.was_shared_with) continue;
      const unsigned roles = each.party.role == Role::Unknown ? 0u : 1u << unsigned(each.party.role);
      made_.organizations.push_back(
          {organization_id(each.party.identifier), each.party.identifier, each.party.name, each.party.phone, roles, false, {}});
    }
  }

  void note_task(const plan::PlanTask& task, const std::string& start_of_name, CaseTaskKind kind) {
    CaseTask noted;
    noted.id = plan::id_of(facts_, "Task", start_of_name + task.name);
    noted.kind = kind;
    noted.party = task.owner;
    noted.status = facts_.state == plan::State::Makulerad ? "entered-in-error" : task.status;
    noted.reason = task.reason;
    noted.deadline = task.deadline;
    noted.is_late = task.is_late;
    noted.requester = task.requester;
    noted.notes = task.notes;
    made_.case_tasks.push_back(std::move(noted));
  }

  void note_meeting(const plan::Meeting& meeting) {
    MeetingReport noted{plan::id_of(facts_, "Appointment", meeting.name.empty() ? "" : "mote|" + meeting.name)};
    const bool is_over = facts_.is_silent() || facts_.state == plan::State::Makulerad;
    noted.is_cancelled = is_over || meeting.status == plan::Meeting::Status::Cancelled;
    noted.is_held = meeting.status == plan::Meeting::Status::Held;
    noted.at = meeting.at;
    for (const plan::Participant& each : facts_.participants)
      if (meeting.status == plan::Meeting::Status::Booked && each.takes_part())
        noted.answers.emplace_back(each.name, each.said.answer);
    made_.meetings.push_back(std::move(noted));
  }

  void report(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    LinkReport one{link.identity,         Event::Receipt,   Event::Receipt, "",
                   link.write != nullptr, link.link_status, link.at,        link.arrival};
    one.by = link.notice ? link.notice->sender.id : link.write->organisation;
    if (link.notice) {
      const Event says = link.notice->says(), shown = facts_.news[index].shown;
      const bool is_as_shown = facts_.news[index].audience.empty() || says == shown || link.notice->event == Event::Nullified;
      one.event = is_as_shown ? link.notice->event : shown;
      one.says = is_as_shown ? (link.notice->event == Event::Nullified ? shown : says) : shown;
    }
    const std::size_t reported = made_.links.size();
    made_.links.push_back(one);
    if (link.notice) dispatch(index, reported, one);
  }

  /// Every organisation that may have got the notice at some time has a Communication of it.
  void dispatch(std::size_t index, std::size_t reported, const LinkReport& report) {
    const ChainEntry& link = facts_.links[index];
    const std::vector<std::string>& audience = facts_.news[index].audience;
    for (const plan::Participant& each : facts_.participants) {
      const std::string& party = each.party.id;
      if (party.empty() || party == link.notice->sender.id) continue;
      Dispatch made;
      made.communication = plan::id_of(facts_, "Communication", link.identity + "|" + party);
      made.party = party;
      made.link = reported;
      const bool is_sent = std::binary_search(audience.begin(), audience.end(), party);
      const bool is_taken_back = link.link_status == LinkStatus::Replaced || link.link_status == LinkStatus::Nullified;
      made.status = is_sent ? Dispatch::Status::Sent : is_taken_back ? Dispatch::Status::TakenBack : Dispatch::Status::Held;
      if (const auto received = facts_.received.find({index, party}); is_sent && received != facts_.received.end())
        made.received = received->second;
      write_communication(*link.notice, report, made);
      made_.dispatches.push_back(std::move(made));
    }
  }

  void write_communication(const Notice& notice, const LinkReport& report, const Dispatch& dispatch) {
    Projected& made =
        made_.resources.emplace_back(Projected{"Communication", dispatch.communication, tree::Document(names_), {}});
    const bool is_sent = dispatch.status == Dispatch::Status::Sent;
    made.is_former = !is_sent;
    for (const std::string& party : {dispatch.party, notice.sender.id})
      if (std::binary_search(facts_.viewers.begin(), facts_.viewers.end(), party)) made.parties.push_back(party);
    std::sort(made.parties.begin(), made.parties.end());
    if (!has_documents_) return;
    Branch root(made.document, 0);
    root.text("resourceType", "Communication").text("id", made.id);
    Branch meta = root.object("meta");
    meta.text_item("profile", profile_of("Communication"));
    if (facts_.protection != Protection::None) meta.coding_item("security", protection_system, code_of(facts_.protection));
    if (is_sent) root.extension(event_time_url).text("valueDateTime", notice.happened.text);
    root.text("status", is_sent ? "completed" : "entered-in-error");
    root.concept_item("category", event_system, to_string(report.event));
    refer_to_patient(root);
    root.item("about").text("reference", "CarePlan/" + made_.plan);
    root.text("sent", time::format_local(notice.sent));
    root.text("received", dispatch.received);
    refer_to(root.item("recipient"), dispatch.party);
    refer_to(root.object("sender"), notice.sender.id);
    const bool is_as_said = report.event == notice.event && !facts_.is_silent();
    if (!is_sent || !is_as_said) return;
    if (!notice.reason.empty()) root.item("payload").text("contentString", notice.reason);
    for (const Payload& each : notice.payloads)
      if (!each.text.empty()) root.item("payload").text("contentString", each.text);
  }

  void refer_to_patient(Branch root) const {
    Branch reference = root.object("subject");
    if (made_.patient.empty())
      reference.text("type", "Patient").text("display", "Uppgift saknas");
    else
      reference.text("reference", "Patient/" + made_.patient);
  }

  void refer_to(Branch branch, const std::string& id) const {
    branch.text("type", "Organization");
    const plan::Participant* participant = facts_.find(id);
    if (participant == nullptr) return;
    branch.identifier("identifier", participant->party.identifier.system, participant->party.identifier.value);
    branch.text("display", participant->party.name);
  }

  const plan::Facts& facts_;
  const PersonView& person_;
  const tree::Names& names_;
  bool has_documents_;
  Projection made_;
};

}  // namespace

bool is_plan(const Chain& chain) {
  for (const Link& link : chain)
    if (const Notice* notice = std::get_if<Notice>(&link)) return plan::is_chain_key(notice->case_key);
  return false;
}

Projection project_plan(const Chain& chain, const Policies& policies, WallTime now, const tree::Names& names,
                        const PersonView& person, bool has_documents) {
  const plan::Facts facts = plan::fold(chain, person, policies.everywhere, now);
  return PlanProjector(facts, person, names, has_documents).projection();
}

}  // namespace vardbron::care
