#include "gateway/subscription/matcher.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace vardbron::subscription {

namespace {

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// What a happening is: its own topic, and that of the notice it corrects or cancels.
struct Topics {
  const Topic* event;
  const Topic* about;
};

bool is_named(std::string_view value, std::string_view event, const Topic* topic) {
  return topic != nullptr && (value == event || value == topic->code || value == topic->swedish);
}

bool value_fits(const Filter& filter, const std::string& value, const Happening& happening, const Topics& topics) {
  if (filter.parameter == "recipient") {
    return holds(happening.recipients.empty() ? happening.parties : happening.recipients, value);
  }
  if (filter.parameter == "event") {
    return is_named(value, happening.event, topics.event) || is_named(value, happening.about, topics.about);
  }
  if (filter.parameter == "jurisdiction") return holds(happening.kommuner, value);
  return holds(happening.context, value) || happening.focus == value;
}

// Source: backport guide, components: values are ORed, filters are ANDed.
bool fits(const Subscription& subscription, const Happening& happening, const Topics& topics) {
  const Topic* topic = subscription.topic;
  if (topic != topics.event && topic != topics.about && topic != &case_topic()) return false;
  for (const Filter& filter : subscription.filters) {
    // Where a protected person is registered is not told, and not every export knows it: better a party too many than no one.
    if (filter.parameter == "jurisdiction" && happening.kommuner.empty()) continue;
    auto one_fits = [&](const std::string& value) { return value_fits(filter, value, happening, topics); };
    bool any = std::any_of(filter.values.begin(), filter.values.end(), one_fits);
    if (any == filter.negated) return false;
  }
  return true;
}

}  // namespace

bool is_counted(Status status) { return status == Status::Active || status == Status::Error; }

Matcher::Matcher(const Subscriptions& subscriptions) : size_(subscriptions.size()) {
  std::unordered_map<std::string, Subscriptions> sorted;
  for (const auto& subscription : subscriptions) sorted[subscription->organisation].push_back(subscription);
  for (auto& [organisation, theirs] : sorted)
    by_organisation_.emplace(organisation, std::make_shared<const Subscriptions>(std::move(theirs)));
}

Matcher Matcher::with(const std::string& organisation, Subscriptions subscriptions) const {
  Matcher next = *this;
  const auto before = next.by_organisation_.find(organisation);
  if (before != next.by_organisation_.end()) {
    next.size_ -= before->second->size();
    next.by_organisation_.erase(before);
  }
  next.size_ += subscriptions.size();
  if (!subscriptions.empty())
    next.by_organisation_.emplace(organisation, std::make_shared<const Subscriptions>(std::move(subscriptions)));
  return next;
}

std::vector<store::EventWrite> Matcher::match(const Happening& happening) const {
  std::vector<store::EventWrite> writes;
  const Topics topics{topic_of_event(happening.event), happening.about.empty() ? nullptr : topic_of_event(happening.about)};
  if (topics.event == nullptr) return writes;
  std::vector<std::string> parties = happening.parties;  // a party named twice is told once
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
  for (const std::string& party : parties) {
    auto found = by_organisation_.find(party);
    if (found == by_organisation_.end()) continue;
    for (const auto& subscription : *found->second) {
      if (!fits(*subscription, happening, topics)) continue;
      writes.push_back(
          store::EventWrite{subscription->id, subscription->criteria, happening.case_key, happening.focus, happening.context});
    }
  }
  std::sort(writes.begin(), writes.end(), [](const auto& a, const auto& b) { return a.subscription < b.subscription; });
  return writes;
}

std::shared_ptr<const Matcher> CurrentMatcher::now() const {
  std::lock_guard hold(lock_);
  return matcher_;
}

void CurrentMatcher::replace(std::shared_ptr<const Matcher> matcher) {
  std::lock_guard hold(lock_);
  matcher_.swap(matcher);
}

}  // namespace vardbron::subscription
