#include "gateway/subscription/matcher.h"

#include "gateway/care/notifications.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace vardbron::subscription {

namespace {

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The event's code, and its topics: its own, and that of the notice it corrects or cancels.
struct Named {
  std::string_view event;
  const Topic* topic;
  const Topic* about_topic;
};

// A late notice that is history already is an update: it gets a code without a topic, which belongs to `update`.
Named names_of(const care::CaseEvent& event) {
  const std::string_view code = event.is_history ? std::string_view("history") : std::string_view(event.event);
  return {code, topic_of_event(code), event.about.empty() ? nullptr : topic_of_event(event.about)};
}

bool is_named(std::string_view value, std::string_view event, const Topic* topic) {
  return topic != nullptr && (value == event || value == topic->code || value == topic->swedish);
}

bool value_fits(const Filter& filter, const std::string& value, const care::CaseEvent& event, const Named& named) {
  if (filter.parameter == "recipient") return value == event.party;
  if (filter.parameter == "event") {
    return is_named(value, named.event, named.topic) || is_named(value, event.about, named.about_topic);
  }
  if (filter.parameter == "jurisdiction") return holds(event.kommuner, value);
  return holds(event.context, value) || event.focus == value;
}

// Source: backport guide, components: values are ORed, filters are ANDed.
bool fits(const Subscription& subscription, const care::CaseEvent& event, const Named& named) {
  const Topic* topic = subscription.topic;
  if (topic != named.topic && topic != named.about_topic && topic != &case_topic()) return false;
  for (const Filter& filter : subscription.filters) {
    // An event without a municipality passes: that of a protected person is never given, and not every export has one.
    if (filter.parameter == "jurisdiction" && event.kommuner.empty()) continue;
    auto one_fits = [&](const std::string& value) { return value_fits(filter, value, event, named); };
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

std::vector<store::EventWrite> Matcher::match(const care::CaseEvent& event) const {
  std::vector<store::EventWrite> writes;
  const Named named = names_of(event);
  const auto found = by_organisation_.find(event.party);
  if (named.topic == nullptr || found == by_organisation_.end()) return writes;
  for (const auto& subscription : *found->second) {
    if (!fits(*subscription, event, named)) continue;
    writes.push_back({subscription->id, subscription->criteria, event.case_key, event.focus, event.context});
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
