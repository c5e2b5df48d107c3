#include "gateway/care/plan/plan_facts.h"

#include "gateway/care/chain/case_id.h"
#include "gateway/time/civil.h"

#include <algorithm>

namespace vardbron::care::plan {

const Edition& Facts::current() const {
  const Edition* found = &editions.back();
  for (const Edition& each : editions)
    if (each.status == Edition::Status::Active) found = &each;
  return *found;
}

int Facts::follow_ups_held() const {
  return static_cast<int>(
      std::count_if(follow_ups.begin(), follow_ups.end(), [](const FollowUpTask& each) { return !each.held.empty(); }));
}

const Participant* Facts::find(std::string_view name) const {
  const auto found =
      std::find_if(participants.begin(), participants.end(), [&](const Participant& each) { return each.name == name; });
  return found == participants.end() ? nullptr : &*found;
}

PlanView view_of(const Facts& facts) {
  PlanView view{facts.key, facts.state, facts.consent == Sharing::Denied, facts.first_call, std::nullopt, {}};
  for (const FollowUpTask& each : facts.follow_ups)
    if (each.held.empty() && each.deadline && each.status == "requested") view.follow_up = time::day_of(*each.deadline);
  for (const Participant& each : facts.participants)
    if (each.takes_part() && !each.party.id.empty()) view.participants.push_back(each.party.id);
  std::sort(view.participants.begin(), view.participants.end());
  return view;
}

std::string name_of(const PlanGoal& goal) { return goal.key.empty() ? "text|" + goal.text : "key|" + goal.key; }

std::string name_of(const PlanActivity& activity) {
  return activity.key.empty() ? "text|" + activity.organisation + "|" + activity.text : "key|" + activity.key;
}

std::string id_of(const Facts& facts, std::string_view type, std::string_view name) {
  return to_string(id_in_case(facts.id, std::string(type) + "|" + std::string(name)));
}

}  // namespace vardbron::care::plan
