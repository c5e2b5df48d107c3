#include "gateway/care/case_changes.h"

#include "gateway/base/counted.h"
#include "gateway/care/chain/task_status.h"
#include "gateway/care/notifications.h"

#include <algorithm>
#include <map>

namespace vardbron::care {
namespace {

bool is_same(tree::Item left, tree::Item right) {
  if (left.kind() != right.kind() || left.name_text() != right.name_text() || left.text() != right.text()) return false;
  if (left.document->in_list(left.node) != right.document->in_list(right.node)) return false;
  tree::Item one = left.first_child();
  tree::Item other = right.first_child();
  while (one && other) {
    if (!is_same(one, other)) return false;
    one = one.next();
    other = other.next();
  }
  return !one && !other;
}

}  // namespace

CaseChanges::CaseChanges(const Projection& before, const Projection& after) : before_(before), after_(after) {
  for (const CaseTask& case_task : before.case_tasks) case_tasks_before_.emplace(case_task.id, &case_task);
  for (const ContactReport& contact : before.contacts) contacts_before_.emplace(contact.id, &contact);
  for (const ChargeReport& charge : before.charges) charges_before_.emplace(charge.id, &charge);
}

bool CaseChanges::has_changed(const CaseTask& case_task) const {
  auto found = case_tasks_before_.find(case_task.id);
  if (case_task.status == "draft") return false;
  if (found == case_tasks_before_.end()) return case_task.status == "requested";
  const CaseTask& before = *found->second;
  if (case_task.has_lapsed) return false;  // nobody has to do anything
  const bool is_proposal_shown = is_open_status(case_task.status) && case_task.contact.empty();
  if (is_proposal_shown && case_task.proposed != before.proposed) return true;
  return case_task.status != before.status || case_task.reason != before.reason ||
         case_task.reason_codes != before.reason_codes || case_task.notes != before.notes;
}

bool CaseChanges::got_late(const CaseTask& case_task) const {
  auto found = case_tasks_before_.find(case_task.id);
  if (!case_task.is_late || found == case_tasks_before_.end()) return false;
  return !found->second->is_late && is_open_status(found->second->status);
}

bool CaseChanges::is_late_no_more(const CaseTask& case_task) const {
  auto found = case_tasks_before_.find(case_task.id);
  if (case_task.is_late || found == case_tasks_before_.end()) return false;
  return found->second->is_late && is_open_status(found->second->status) && is_open_status(case_task.status);
}

bool CaseChanges::has_changed(const ChargeReport& charge, const std::string& party) const {
  auto found = charges_before_.find(charge.id);
  const bool is_new = found == charges_before_.end() || found->second->reading != charge.reading ||
                      found->second->status != charge.status || found->second->days != charge.days;
  return is_new && std::binary_search(charge.parties.begin(), charge.parties.end(), party);
}

bool CaseChanges::has_changed(const ContactReport& contact) const {
  auto found = contacts_before_.find(contact.id);
  return found == contacts_before_.end() ? contact.appointment.has_value() : contact.appointment != found->second->appointment;
}

std::size_t CaseChanges::changed_contacts() const {
  return static_cast<std::size_t>(std::count_if(after_.contacts.begin(), after_.contacts.end(),
                                                [&](const ContactReport& each) { return has_changed(each); }));
}

std::vector<std::string> CaseChanges::changed_meetings() const {
  const auto holds = [](const std::vector<MeetingReport>& all, const auto& fits) {
    return std::any_of(all.begin(), all.end(), fits);
  };
  std::vector<std::string> ids;
  for (const MeetingReport& each : after_.meetings)
    if (!holds(before_.meetings, [&](const MeetingReport& one) { return one == each; })) ids.push_back(each.id);
  for (const MeetingReport& each : before_.meetings)
    if (!holds(after_.meetings, [&](const MeetingReport& one) { return one.id == each.id; })) ids.push_back(each.id);
  return ids;
}

std::size_t CaseChanges::changed_tasks() const {
  return static_cast<std::size_t>(
      std::count_if(after_.case_tasks.begin(), after_.case_tasks.end(), [&](const CaseTask& each) { return has_changed(each); }));
}

bool CaseChanges::died_elsewhere() const { return after_.of_others.has_died && !before_.of_others.has_died; }

bool CaseChanges::lives_after_all() const {
  return before_.of_others.has_died && !after_.of_others.has_died && !after_.stay.person.deceased;
}

std::string CaseChanges::what_other_cases_changed() const {
  std::string says;
  const auto add = [&](const std::string& one) { says += (says.empty() ? "" : ", ") + one; };
  if (died_elsewhere()) add("the patient died");
  if (lives_after_all()) add("no death any more");
  if (before_.header.protection != after_.header.protection)
    add(after_.header.protection == Protection::None ? "the identity is not protected any more" : "the identity is protected");
  if (before_.of_others.earlier != after_.of_others.earlier) add("another stay before this one");
  const std::size_t tasks = changed_tasks(), contacts = changed_contacts();
  if (tasks > 0) add(counted(tasks, "Task") + " changed");
  if (contacts > 0) add(counted(contacts, "CareTeam") + " changed");
  return "another ärende of the patient: " + (says.empty() ? "nothing changed here" : says);
}

std::vector<std::size_t> what_changed(const Projection& before, const Projection& after) {
  std::map<std::string_view, const Projected*> known;
  for (const Projected& resource : before.resources) known.emplace(resource.id, &resource);
  std::vector<std::size_t> changed;
  for (std::size_t index = 0; index < after.resources.size(); ++index) {
    const Projected& resource = after.resources[index];
    auto found = known.find(resource.id);
    bool is_known = found != known.end() && found->second->parties == resource.parties &&
                    is_same(tree::root(found->second->document), tree::root(resource.document));
    if (!is_known) changed.push_back(index);
  }
  return changed;
}

}  // namespace vardbron::care
