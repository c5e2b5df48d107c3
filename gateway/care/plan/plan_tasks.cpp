#include "gateway/care/plan/plan_tasks.h"

#include "gateway/care/chain/task_status.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vardbron::care::plan {
namespace {

constexpr std::string_view coordinating_type = "4";

void touch(PlanTask& task, std::string_view status, WallTime at, std::string_view reason) {
  task.status = status;
  task.reason = reason;
  task.modified = std::max(task.modified, at);
}

/// Its owner, or the units that the plan gives the overall responsibility, say what became of an insats.
bool may_say(const ActivityTask& task, const Party& sender) { return sender.id == task.owner || sender.id == task.requester; }

}  // namespace

template <class Use>
void PlanTasks::for_each(Use use) {
  for (ActivityTask& each : facts_.activities) use(each);
  for (FollowUpTask& each : facts_.follow_ups) use(each);
}

ActivityTask* PlanTasks::find_activity(std::string_view name) {
  const auto found = std::find_if(facts_.activities.begin(), facts_.activities.end(),
                                  [&](const ActivityTask& each) { return each.name == name; });
  return found == facts_.activities.end() ? nullptr : &*found;
}

void PlanTasks::agree(const Edition& edition, const ChainEntry& link) {
  const PlanContent& content = edition.content;
  const std::string responsible = content.main_responsible.empty() ? edition.by : content.main_responsible;
  std::set<std::string> named;
  for (const PlanActivity& each : content.activities) {
    const std::string name = plan::name_of(each);
    if (!named.insert(name).second) continue;
    ActivityTask* task = find_activity(name);
    if (task == nullptr) {
      task = &facts_.activities.emplace_back();
      task->name = name;
      task->authored = link.at;
    }
    const bool is_new = task->status.empty() || task->status == "cancelled" || task->owner != each.organisation;
    if (is_new) touch(*task, "requested", link.at, "");
    task->activity = each;
    task->owner = each.organisation;
    task->requester = responsible;
    task->deadline = plan::end_of(each.due);
    task->modified = std::max(task->modified, link.at);
    const Participant* owner = facts_.find(each.organisation);
    if (each.organisation.empty() || (owner != nullptr && owner->takes_part())) continue;
    touch(*task, "cancelled", link.at, changed_participants);
    facts_.findings.push_back({link.identity, "responsible-takes-no-part",
                               "The plan gives an insats to a unit that takes no part in it; it is not asked for it."});
  }
  for (ActivityTask& each : facts_.activities)
    if (!named.contains(each.name) && is_open_status(each.status)) touch(each, "cancelled", link.at, "reviderad plan");
  for (FollowUpTask& each : facts_.follow_ups) each.requester = responsible;
  if (content.follow_up) book(*content.follow_up, link, true);
}

void PlanTasks::take_activities(std::size_t index) {
  ChainEntry& link = facts_.links[index];
  bool is_taken = false;
  for (const PlanActivity& said : link.notice->plan->activities) {
    ActivityTask* task = find_activity(plan::name_of(said));
    if (task == nullptr || !may_say(*task, link.notice->sender)) {
      facts_.findings.push_back({link.identity, task == nullptr ? "no-such-activity" : "not-the-responsible-unit",
                                 task == nullptr ? "The notice is about an insats that the plan does not have."
                                                 : "What became of an insats is said by the unit that is responsible for it, or "
                                                   "by the one with the overall responsibility."});
      continue;
    }
    const Result<void> moved = said.status.empty() ? done() : may_move(task->status, said.status);
    if (!moved) {
      facts_.findings.push_back({link.identity, "not-allowed-in-state", "The insats is as it was: " + moved.failure().says});
      continue;
    }
    is_taken = true;
    if (!said.status.empty()) touch(*task, said.status, link.at, link.notice->reason);
    if (!said.outcome.empty()) task->activity.outcome = said.outcome;
  }
  if (!is_taken) link.link_status = LinkStatus::History;
}

FollowUpTask* PlanTasks::open_follow_up() {
  for (FollowUpTask& each : facts_.follow_ups)
    if (each.held.empty() && is_open_status(each.status)) return &each;
  return nullptr;
}

std::string PlanTasks::caller_of(const PlanFollowUp& follow_up) const {
  if (!follow_up.organisation.empty()) return follow_up.organisation;
  for (const StayView& stay : person_.others)
    for (const Appointment& each : stay.contacts) {
      const Participant* participant = facts_.find(each.unit.id);
      const bool coordinates = each.contact.type == coordinating_type && each.until.empty();
      if (coordinates && participant != nullptr && participant->takes_part()) return each.unit.id;
    }
  const Edition& edition = facts_.current();
  return edition.content.main_responsible.empty() ? edition.by : edition.content.main_responsible;
}

void PlanTasks::book(const PlanFollowUp& follow_up, const ChainEntry& link, bool is_moved) {
  FollowUpTask* task = is_moved ? open_follow_up() : nullptr;
  if (task == nullptr) {
    task = &facts_.follow_ups.emplace_back();
    task->name = link.root;
    task->authored = link.at;
    touch(*task, "requested", link.at, "");
  }
  const Edition& edition = facts_.current();
  task->requester = edition.content.main_responsible.empty() ? edition.by : edition.content.main_responsible;
  task->follow_up = follow_up;
  task->owner = caller_of(follow_up);
  task->deadline = plan::end_of(follow_up.due);
  task->modified = std::max(task->modified, link.at);
}

void PlanTasks::hold(FollowUpTask& task, const SentTime& at) {
  task.held = at.text;
  touch(task, "completed", at.at, "");
}

void PlanTasks::follow_up(const ChainEntry& link) {
  if (open_follow_up() == nullptr) {  // one that nobody had booked counts as well
    book({}, link, false);
    facts_.follow_ups.back().name += unbooked;
  }
  hold(*open_follow_up(), link.notice->happened);
  if (link.notice->plan && link.notice->plan->follow_up) book(*link.notice->plan->follow_up, link, false);
}

void PlanTasks::write(std::size_t index) {
  ChainEntry& link = facts_.links[index];
  const Write& write = *link.write;
  PlanTask* task = nullptr;
  FollowUpTask* follow_up = nullptr;
  for (ActivityTask& each : facts_.activities)
    if (id_of(facts_, "Task", "insats|" + each.name) == write.task) task = &each;
  for (FollowUpTask& each : facts_.follow_ups)
    if (id_of(facts_, "Task", "folj-upp|" + each.name) == write.task) task = follow_up = &each;
  const Participant* owner = task == nullptr ? nullptr : facts_.find(task->owner);
  if (task == nullptr || task->owner != write.organisation || owner == nullptr || !owner->takes_part()) {
    link.link_status = LinkStatus::Withheld;
    return;
  }
  const bool is_news = !write.status.empty() && write.status != task->status;
  if (is_news && !may_move(task->status, write.status)) {
    link.link_status = LinkStatus::History;
    return;
  }
  if (is_news) touch(*task, write.status, write.at.at, write.reason);
  if (is_news && follow_up != nullptr && write.status == "completed") follow_up->held = write.at.text;
  task->notes.insert(task->notes.end(), write.notes.begin(), write.notes.end());
  task->modified = std::max(task->modified, write.at.at);
}

void PlanTasks::cancel_all(WallTime at, std::string_view reason) {
  for_each([&](PlanTask& each) {
    if (is_open_status(each.status)) touch(each, "cancelled", at, reason);
  });
}

void PlanTasks::cancel_of(std::string_view unit, WallTime at, std::string_view reason) {
  for_each([&](PlanTask& each) {
    if (each.owner == unit && is_open_status(each.status)) touch(each, "cancelled", at, reason);
  });
}

void PlanTasks::ask_again(std::string_view unit, WallTime at) {
  const Participant* participant = facts_.find(unit);
  if (participant == nullptr || !participant->takes_part()) return;
  const auto ask = [&](PlanTask& task) {
    if (task.owner == unit && task.status == "cancelled" && task.reason == changed_participants) touch(task, "requested", at, "");
  };
  for (const PlanActivity& each : facts_.current().content.activities)
    if (ActivityTask* task = find_activity(plan::name_of(each))) ask(*task);
  for (FollowUpTask& each : facts_.follow_ups) ask(each);
}

void PlanTasks::finish(WallTime now) {
  for_each([&](PlanTask& each) {
    if (!is_open_status(each.status) || !each.deadline) return;
    each.is_late = *each.deadline < now;
    const WallTime late = *each.deadline + std::chrono::milliseconds(1);
    if (!each.is_late && (!facts_.next_change || late < *facts_.next_change)) facts_.next_change = late;
  });
}

std::optional<WallTime> end_of(const std::string& due) {
  constexpr std::size_t day_characters = 10;
  const Result<time::CivilTime> moment = time::parse_civil(due);
  if (due.size() < day_characters || !moment) return std::nullopt;
  return due.size() > day_characters ? moment->at : time::end_of(time::day_of(moment->at));
}

}  // namespace vardbron::care::plan
