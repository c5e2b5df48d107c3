#include "gateway/subscription/matcher.h"

#include "gateway/care/chain/plan_content.h"
#include "gateway/care/notifications.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace vardbron::subscription {

namespace {

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The event's code, and its topics: its own, and that of the notice it corrects or cancels; null: there is none.
struct Named {
  std::string_view event;
  const Topic* topic;
  const Topic* about_topic;
  std::array<const Topic*, 5> carried;  // by what it is about and what it carries, and the one it was of before it had its own

  bool is_of(const Topic* sought) const {
    return sought == topic || sought == about_topic || std::find(carried.begin(), carried.end(), sought) != carried.end();
  }
};

// The first of that type in the context; null: there is none.
const std::string* carried(const care::CaseEvent& event, std::string_view type) {
  const auto found = std::find_if(event.context.begin(), event.context.end(), [&](const std::string& each) {
    return each.starts_with(type) && each.substr(type.size()).starts_with('/');
  });
  return found == event.context.end() ? nullptr : &*found;
}

// A late notice that is history already is an update: it gets a code without a topic, which belongs to `update`.
Named names_of(const care::CaseEvent& event) {
  const std::string_view code = event.is_history ? std::string_view("history") : std::string_view(event.event);
  const bool is_update = is_update_too(code) || is_update_too(event.about);
  const bool is_of_plan = event.focus.starts_with("CarePlan/");
  return {code,
          topic_of_event(code),
          event.about.empty() ? nullptr : topic_of_event(event.about),
          {carried(event, "CareTeam") ? &contact_topic() : nullptr, is_of_plan ? &plan_topic() : nullptr,
           is_of_plan && event.plan_kind == care::code_of(care::PlanKind::Sip) ? &sip_topic() : nullptr,
           carried(event, "Appointment") ? &meeting_topic() : nullptr, is_update ? topic_of_event("") : nullptr}};
}

bool is_named(std::string_view value, std::string_view event, const Topic* topic) {
  return topic != nullptr && (value == event || value == topic->code || value == topic->swedish);
}

bool value_fits(const Filter& filter, const std::string& value, const care::CaseEvent& event, const Named& named) {
  if (filter.parameter == "recipient") return value == event.party;
  if (filter.parameter == "event") {
    return is_named(value, named.event, named.topic) || is_named(value, event.about, named.about_topic) ||
           std::any_of(named.carried.begin(), named.carried.end(), [&](const Topic* one) { return is_named(value, "", one); });
  }
  if (filter.parameter == "jurisdiction") return holds(event.kommuner, value);
  return holds(event.context, value) || event.focus == value;
}

// Source: backport guide, components: values are ORed, filters are ANDed.
bool fits(const Subscription& subscription, const care::CaseEvent& event, const Named& named) {
  const Topic* topic = subscription.topic;
  if (!named.is_of(topic) && topic != &case_topic()) return false;
  for (const Filter& filter : subscription.filters) {
    // An event without a municipality passes: that of a protected person is never given, and not every export has one.
    if (filter.parameter == "jurisdiction" && event.kommuner.empty()) continue;
    auto one_fits = [&](const std::string& value) { return value_fits(filter, value, event, named); };
    bool any = std::any_of(filter.values.begin(), filter.values.end(), one_fits);
    if (any == filter.negated) return false;
  }
  return true;
}

// With an end that no text in it can look like.
void append(std::string& name, std::string_view text, char end) {
  for (const char each : text) {
    if (each == '\\' || each == ',' || each == ' ') name += '\\';
    name += each;
  }
  name += end;
}

// What the topic is about is the focus, and the plan that it belongs to is in the context.
store::EventWrite written(std::shared_ptr<const store::Audience> to, const Subscription& subscription,
                          const care::CaseEvent& event) {
  store::EventWrite made{std::move(to), subscription.criteria, event.case_key, event.focus, event.context};
  const std::string* meeting = subscription.topic == &meeting_topic() ? carried(event, "Appointment") : nullptr;
  if (meeting == nullptr) return made;
  made.focus = *meeting;
  std::replace(made.context.begin(), made.context.end(), *meeting, event.focus);
  return made;
}

std::shared_ptr<const store::Audience> audience_of(std::string name, std::vector<std::string> ids) {
  return std::make_shared<const store::Audience>(store::Audience{std::move(name), std::move(ids)});
}

}  // namespace

std::string audience_name(const Subscription& subscription) {
  std::string name;
  append(name, subscription.organisation, ' ');
  append(name, subscription.criteria, ' ');
  for (const Filter& filter : subscription.filters) {
    name += filter.parameter;
    name += filter.negated ? ":not=" : "=";
    for (const std::string& value : filter.values) append(name, value, ',');
    name += ' ';
  }
  return name;
}

bool is_counted(Status status) { return status == Status::Active || status == Status::Error; }

Matcher::Matcher(const Subscriptions& subscriptions, std::shared_ptr<const Reaches> reaches)
    : size_(subscriptions.size()), reaches_(std::move(reaches)) {
  std::map<std::pair<std::string, std::string>, Subscriptions> sorted;
  for (const auto& subscription : subscriptions)
    sorted[{subscription->organisation, audience_name(*subscription)}].push_back(subscription);
  std::unordered_map<std::string, Groups> groups;
  for (const auto& [named, alike] : sorted) {
    std::vector<std::string> ids;
    for (const auto& each : alike) ids.push_back(each->id);
    std::sort(ids.begin(), ids.end());
    groups[named.first].push_back({alike.front(), audience_of(named.second, std::move(ids))});
  }
  for (auto& [organisation, theirs] : groups)
    by_organisation_.emplace(organisation, std::make_shared<const Groups>(std::move(theirs)));
}

Matcher Matcher::with(const std::string& organisation, const std::string& id,
                      std::shared_ptr<const Subscription> subscription) const {
  Matcher next = *this;
  const auto before = next.by_organisation_.find(organisation);
  Groups groups = before == next.by_organisation_.end() ? Groups() : *before->second;
  const std::string name = subscription ? audience_name(*subscription) : std::string();
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    const std::vector<std::string>& now = group->audience->subscriptions;
    if (!std::binary_search(now.begin(), now.end(), id)) continue;
    if (subscription && group->audience->name == name) return next;
    std::vector<std::string> ids = now;
    ids.erase(std::lower_bound(ids.begin(), ids.end(), id));
    --next.size_;
    if (ids.empty()) {
      groups.erase(group);
    } else {
      group->audience = audience_of(group->audience->name, std::move(ids));
    }
    break;
  }
  if (subscription) {
    const auto is_earlier = [](const Group& group, const std::string& sought) { return group.audience->name < sought; };
    auto group = std::lower_bound(groups.begin(), groups.end(), name, is_earlier);
    if (group == groups.end() || group->audience->name != name)
      group = groups.insert(group, {std::move(subscription), audience_of(name, {})});
    const std::vector<std::string>& now = group->audience->subscriptions;
    const auto place = std::lower_bound(now.begin(), now.end(), id);
    std::vector<std::string> ids;
    ids.reserve(now.size() + 1);
    ids.assign(now.begin(), place);
    ids.push_back(id);
    ids.insert(ids.end(), place, now.end());
    group->audience = audience_of(name, std::move(ids));
    ++next.size_;
  }
  next.by_organisation_.erase(organisation);
  if (!groups.empty()) next.by_organisation_.emplace(organisation, std::make_shared<const Groups>(std::move(groups)));
  return next;
}

bool Matcher::has(const std::string& organisation, const std::string& id) const {
  const auto found = by_organisation_.find(organisation);
  if (found == by_organisation_.end()) return false;
  return std::any_of(found->second->begin(), found->second->end(), [&](const Group& group) {
    const std::vector<std::string>& all = group.audience->subscriptions;
    return std::binary_search(all.begin(), all.end(), id);
  });
}

std::vector<store::EventWrite> Matcher::match(const care::CaseEvent& event) const {
  std::vector<store::EventWrite> writes;
  const Named named = names_of(event);
  const auto found = by_organisation_.find(event.party);
  if (named.topic == nullptr || found == by_organisation_.end()) return writes;
  for (const Group& group : *found->second) {
    if (!fits(*group.one, event, named)) continue;
    writes.push_back(written(group.audience, *group.one, event));
  }
  return writes;
}

// Between the snapshot and this moment subscriptions may have come or gone.
Reached Matcher::reached(const store::Audience& audience) const {
  const std::size_t all = audience.subscriptions.size();
  if (!reaches_) return {.delivering = all};
  Reached reached = reaches_->of(audience.name);
  reached.delivering = std::min(reached.delivering, all);
  reached.not_taking = std::min(reached.not_taking, all - reached.delivering);
  reached.stopped = all - reached.delivering - reached.not_taking;
  return reached;
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
