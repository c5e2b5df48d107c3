#include "gateway/care/notifications.h"

#include "gateway/care/case_changes.h"
#include "gateway/care/chain/task_status.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace vardbron::care {
namespace {

using Status = Dispatch::Status;

/// Events about the patient's location. Sent late, they would be taken for current.
bool says_where(Event event) {
  switch (event) {
    case Event::Admission:
    case Event::DischargeReady:
    case Event::DischargeReadyWithdrawn:
    case Event::LeaveStart:
    case Event::LeaveEnd:
    case Event::Interruption:
    case Event::Discharge:
    case Event::CaseClosed: return true;
    default: return false;
  }
}

class CaseEvents {
 public:
  CaseEvents(const Projection& before, const Projection& after) : before_(before), after_(after), changes_(before, after) {
    while (same_links_ < after.links.size() && after.links.shares(before.links, same_links_)) ++same_links_;
    // Where all links are the same, so are the receivers of each.
    if (same_links_ == before.links.size()) same_dispatches_ = before.dispatches.size();
  }

  std::vector<CaseEvent> run() {
    for (std::size_t index = 0; index < after_.dispatches.size(); ++index)
      if (!is_as_before(index) && after_.dispatches[index].status == Status::Sent && status_before(index) != Status::Sent)
        notify_of_notice(after_.dispatches[index]);
    for (std::size_t index = 0; index < after_.dispatches.size(); ++index) {
      const Dispatch& dispatch = after_.dispatches[index];
      // Who takes no part in a plan any more learns nothing of it, not even that something was taken back.
      if (is_as_before(index) || (!after_.plan.empty() && !is_party(dispatch.party))) continue;
      if (dispatch.status == Status::TakenBack && status_before(index) == Status::Sent && !is_notified(dispatch.party))
        notify_of_withdrawal(dispatch);
    }
    notify_of_named_contact();
    notify_of_death_elsewhere();
    for (const CaseTask& case_task : after_.case_tasks)
      if (changes_.has_changed(case_task)) notify_of_task(case_task);
    for (const CaseTask& case_task : after_.case_tasks)
      if (changes_.got_late(case_task) || changes_.is_late_no_more(case_task)) notify_owner_and_requester(case_task);
    return finish();
  }

  std::vector<CaseEvent> run_of_other_cases() {
    notify_of_death_elsewhere();
    if (before_.header.protection != after_.header.protection || before_.of_others.earlier != after_.of_others.earlier)
      notify_readers_of_patient("update");
    if (changes_.changed_contacts() > 0) notify_readers_of_patient(to_string(Event::FastVardkontakt));
    for (const CaseTask& case_task : after_.case_tasks)
      if (changes_.has_changed(case_task)) notify_owner_and_requester(case_task);
    return finish();
  }

 private:
  std::vector<CaseEvent> finish() {
    for (CaseEvent& event : events_) {
      event.case_key = after_.case_key;
      event.kommuner = after_.kommuner;
      event.plan_kind = after_.plan_kind;
    }
    return std::move(events_);
  }

  bool is_as_before(std::size_t index) const { return after_.dispatches.shares(before_.dispatches, index); }

  Status status_before(std::size_t index) {
    if (index < same_dispatches_) return before_.dispatches[index].status;
    if (same_dispatches_ > 0) return Status::Held;  // of a link that is new
    if (status_before_.empty())
      for (const Dispatch& each : before_.dispatches) status_before_.emplace(each.communication, each.status);
    auto found = status_before_.find(after_.dispatches[index].communication);
    return found == status_before_.end() ? Status::Held : found->second;
  }

  bool was_notified(const LinkReport& link) const {
    if (!notified_before_) {
      notified_before_.emplace();
      for (const Dispatch& each : before_.dispatches)
        if (each.status == Status::Sent && before_.links[each.link].link_status == LinkStatus::Effective)
          notified_before_->insert(before_.links[each.link].identity);
    }
    return notified_before_->contains(link.identity);
  }

  bool is_party(const std::string& organisation) const {
    return std::binary_search(after_.parties.begin(), after_.parties.end(), organisation);
  }

  bool is_notified(const std::string& party) const {
    return std::any_of(events_.begin(), events_.end(), [&](const CaseEvent& one) { return one.party == party; });
  }

  void notify_owner_and_requester(const CaseTask& case_task) {
    for (const std::string& party : {case_task.party, case_task.requester})
      if (is_party(party) && !knows_of(party, "Task/" + case_task.id)) notify_of_task(case_task, party);
  }

  bool knows_of(const std::string& party, const std::string& resource) const {
    return std::any_of(events_.begin(), events_.end(), [&](const CaseEvent& one) {
      bool mentions = one.focus == resource || std::find(one.context.begin(), one.context.end(), resource) != one.context.end();
      return one.party == party && mentions;
    });
  }

  /// The case has no Communication of it. Who has just sent a notice to this case is warned by the answer.
  void notify_of_death_elsewhere() {
    if (!changes_.died_elsewhere() && !changes_.lives_after_all()) return;
    const LinkReport* cause = new_link();
    for (const std::string& party : patient_readers(after_.stay)) {
      if (cause && cause->by == party) continue;
      CaseEvent event = event_of_case(changes_.died_elsewhere() ? to_string(Event::Death) : to_string(Event::Nullified), party);
      if (changes_.lives_after_all()) event.about = to_string(Event::Death);
      events_.push_back(std::move(event));
    }
  }

  void notify_readers_of_patient(std::string_view event) {
    for (const std::string& party : patient_readers(after_.stay))
      if (!is_notified(party)) events_.push_back(event_of_case(event, party));
  }

  CaseEvent event_of_case(std::string_view event, const std::string& party) const {
    CaseEvent made;
    made.event = event;
    made.party = party;
    made.focus = after_.focus();
    add_changes(made, LinkReport{});
    return made;
  }

  /// Every party of the case may see its contacts. Who confirms one is news of it, though it is as it was.
  void add_contacts(std::vector<std::string>& context, const LinkReport& link) const {
    if (!link.contact.empty()) context.push_back("CareTeam/" + link.contact);
    for (const ContactReport& contact : after_.contacts)
      if (changes_.has_changed(contact) && contact.id != link.contact) context.push_back("CareTeam/" + contact.id);
  }

  void notify_of_notice(const Dispatch& dispatch) {
    const LinkReport& link = after_.links[dispatch.link];
    CaseEvent event;
    event.event = to_string(link.event);
    if (link.event == Event::Corrected || link.event == Event::Nullified) event.about = to_string(link.says);
    event.is_history = is_history(dispatch.link);
    address(event, dispatch);
    events_.push_back(std::move(event));
  }

  /// Sent before and not effective any more, without a correction or cancellation to report it: the receiver is not on the
  /// corrected list.
  void notify_of_withdrawal(const Dispatch& dispatch) {
    CaseEvent event;
    event.event = to_string(Event::Nullified);
    event.about = to_string(after_.links[dispatch.link].says);
    address(event, dispatch);
    events_.push_back(std::move(event));
  }

  /// Of a cancelled case the patient that it named.
  void add_patient(CaseEvent& event) const {
    const std::string& patient = after_.patient.empty() ? before_.patient : after_.patient;
    if (!patient.empty()) event.context.push_back("Patient/" + patient);
  }

  void address(CaseEvent& event, const Dispatch& dispatch) const {
    std::string communication = "Communication/" + dispatch.communication;
    event.party = dispatch.party;
    // An organisation that is no party any more sees only its own Communications.
    if (!is_party(dispatch.party)) {
      event.focus = std::move(communication);
      return;
    }
    event.focus = after_.focus();
    event.context = {std::move(communication)};
    add_changes(event, after_.links[dispatch.link]);
  }

  void add_changes(CaseEvent& event, const LinkReport& link) const {
    add_patient(event);
    for (const CaseTask& case_task : after_.case_tasks)
      if (case_task.party == event.party && changes_.has_changed(case_task)) event.context.push_back("Task/" + case_task.id);
    for (const ChargeReport& charge : after_.charges)
      if (changes_.has_changed(charge, event.party)) event.context.push_back("ChargeItem/" + charge.id);
    add_contacts(event.context, link);
    for (const std::string& meeting : changes_.changed_meetings()) event.context.push_back("Appointment/" + meeting);
  }

  bool is_history(std::size_t index) const {
    const LinkReport& link = after_.links[index];
    if (link.link_status == LinkStatus::History) return true;
    if (link.event != link.says || !says_where(link.event)) return false;
    for (std::size_t later = index + 1; later < after_.links.size(); ++later) {
      const LinkReport& other = after_.links[later];
      bool moves = says_where(other.says) || other.says == Event::Death;
      if (moves && other.link_status == LinkStatus::Effective && was_notified(other)) return true;
    }
    return false;
  }

  /// A party's write is notified to the other parties; a change of a party's Task by a notice, to that party, unless it receives
  /// the notice itself. Who sent the notice is notified of what it has to do now.
  void notify_of_task(const CaseTask& case_task) {
    const LinkReport* cause = new_link();
    if (!cause) return;
    if (!cause->is_write) {
      const bool is_news = cause->by != case_task.party || is_open_status(case_task.status);
      if (is_news && is_party(case_task.party) && !is_notified(case_task.party)) notify_of_task(case_task, case_task.party);
      return;
    }
    for (const std::string& party : after_.parties)
      if (party != cause->by) notify_of_task(case_task, party);
  }

  /// Whom a party named as it completed its Task is news as if it had sent a notice of it.
  void notify_of_named_contact() {
    const LinkReport* cause = new_link();
    if (!cause || !cause->is_write || cause->link_status != LinkStatus::Effective) return;
    CaseEvent event;
    event.event = to_string(Event::FastVardkontakt);
    event.focus = after_.focus();
    add_patient(event);
    // The same write again is no confirmation.
    const bool completes_task = std::any_of(after_.case_tasks.begin(), after_.case_tasks.end(), [&](const CaseTask& one) {
      return !one.contact.empty() && changes_.has_changed(one);
    });
    add_contacts(event.context, completes_task ? *cause : LinkReport{});
    if (event.context.size() == 1) return;
    for (const std::string& party : after_.parties) {
      if (party == cause->by) continue;
      event.party = party;
      events_.push_back(event);
    }
  }

  void notify_of_task(const CaseTask& case_task, const std::string& party) {
    CaseEvent event;
    event.event = "task";
    event.party = party;
    event.focus = "Task/" + case_task.id;
    event.context = {after_.focus()};
    add_patient(event);
    events_.push_back(std::move(event));
  }

  const LinkReport* new_link() const {
    if (same_links_ == before_.links.size()) return same_links_ < after_.links.size() ? &after_.links[same_links_] : nullptr;
    std::unordered_set<std::string_view> known;
    for (const LinkReport& link : before_.links) known.insert(link.identity);
    for (const LinkReport& link : after_.links)
      if (!known.contains(link.identity)) return &link;
    return nullptr;
  }

  const Projection& before_;
  const Projection& after_;
  const CaseChanges changes_;
  std::size_t same_links_ = 0, same_dispatches_ = 0;  ///< the first ones, in both projections
  // Hashed: a long case has thousands of dispatches. Empty until they are needed.
  std::unordered_map<std::string_view, Status> status_before_;
  mutable std::optional<std::unordered_set<std::string_view>> notified_before_;
  std::vector<CaseEvent> events_;
};

}  // namespace

std::vector<CaseEvent> case_events(const Projection& before, const Projection& after) { return CaseEvents(before, after).run(); }

std::vector<CaseEvent> events_of_other_cases(const Projection& before, const Projection& after) {
  return CaseEvents(before, after).run_of_other_cases();
}

std::string what_other_cases_changed(const Projection& before, const Projection& after) {
  return CaseChanges(before, after).what_other_cases_changed();
}

}  // namespace vardbron::care
