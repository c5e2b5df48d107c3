#include "gateway/care/plan/plan_editions.h"

#include <algorithm>
#include <vector>

namespace vardbron::care::plan {

void PlanEditions::prepare(const Notice& notice) {
  Edition& edition = facts_.editions.back();
  if (!notice.plan || edition.status != Edition::Status::Draft) return;
  const auto take = [](auto& kept, const auto& newer) {
    if (!newer.empty()) kept = newer;
  };
  const PlanContent& newer = *notice.plan;
  take(edition.content.need, newer.need);
  take(edition.content.own_words, newer.own_words);
  take(edition.content.goals, newer.goals);
  take(edition.content.activities, newer.activities);
}

void PlanEditions::draft(const ChainEntry& link) {
  Edition& edition = next(link);
  edition.content = link.notice->plan.value_or(PlanContent{});
  edition.by = link.notice->sender.id;
  edition.approved = {edition.by};
  agree_if_approved(link);
}

void PlanEditions::approve(const ChainEntry& link) {
  if (facts_.editions.back().status != Edition::Status::Draft) return;
  facts_.editions.back().approved.insert(link.notice->sender.id);
  agree_if_approved(link);
}

void PlanEditions::agree(const ChainEntry& link) { agree(link, facts_.editions.back()); }

void PlanEditions::revise(const ChainEntry& link) { agree(link, next(link)); }

void PlanEditions::set_aside() {
  for (Edition& each : facts_.editions) {
    if (each.status == Edition::Status::Replaced) continue;
    each.status = Edition::Status::Draft;
    each.agreed.reset();
    each.approved.clear();
  }
}

Edition& PlanEditions::next(const ChainEntry& link) {
  Edition& last = facts_.editions.back();
  if (last.status == Edition::Status::Draft) return last;
  Edition& made = facts_.editions.emplace_back();
  made.name = link.root;
  return made;
}

void PlanEditions::agree_if_approved(const ChainEntry& link) {
  Edition& edition = facts_.editions.back();
  const auto is_approved = [&](const PlanActivity& each) {
    return each.organisation.empty() || edition.approved.contains(each.organisation);
  };
  const std::vector<PlanActivity>& activities = edition.content.activities;
  if (!std::all_of(activities.begin(), activities.end(), is_approved)) return;
  facts_.state = is_active(facts_.state) ? State::Reviderad : State::Upprattad;
  hold_from(link, edition);
}

void PlanEditions::agree(const ChainEntry& link, Edition& edition) {
  edition.content = link.notice->plan.value_or(PlanContent{});
  edition.by = link.notice->sender.id;
  hold_from(link, edition);
}

void PlanEditions::hold_from(const ChainEntry& link, Edition& edition) {
  for (Edition& each : facts_.editions)
    if (each.status == Edition::Status::Active) each.status = Edition::Status::Replaced;
  edition.status = Edition::Status::Active;
  edition.agreed = link.notice->happened;
  tasks_.agree(edition, link);
  if (policy_.plan_follow_up_is_expected && !edition.content.follow_up)
    facts_.findings.push_back({link.identity, "no-follow-up", "The plan names no day on which it is followed up."});
}

}  // namespace vardbron::care::plan
