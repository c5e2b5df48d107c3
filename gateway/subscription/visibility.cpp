#include "gateway/subscription/visibility.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace vardbron::subscription {

namespace {

using Seen = std::unordered_map<std::string, Shown>;

// The references of the events, each once. Subscribers without references see the focus only.
std::vector<store::ResourceName> names_in(const std::vector<store::Event>& events, Content content, Seen& seen) {
  std::vector<store::ResourceName> names;
  auto add = [&](const std::string& reference) {
    const std::size_t slash = reference.find('/');
    if (slash == std::string::npos || !seen.emplace(reference, Shown{}).second) return;
    names.push_back({reference.substr(0, slash), reference.substr(slash + 1)});
  };
  for (const store::Event& event : events) {
    add(event.focus);
    if (content == Content::Empty) continue;
    for (const std::string& reference : event.context) add(reference);
  }
  return names;
}

Shown shown_as(std::string reference, Result<store::Resource> resource) {
  Shown shown;
  shown.reference = std::move(reference);
  if (resource) {
    shown.as = Shown::As::Here;
    shown.resource = std::move(*resource);
    return shown;
  }
  const Cause cause = resource.failure().cause;
  if (cause == Cause::Gone) shown.as = Shown::As::Deleted;
  if (cause == Cause::Gone || cause == Cause::NotFound || cause == Cause::Forbidden) return shown;
  shown.as = Shown::As::Unreadable;
  return shown;
}

Shown find(const Seen& seen, const std::string& reference) {
  auto found = seen.find(reference);
  if (found != seen.end()) return found->second;
  Shown nothing;
  nothing.reference = reference;
  return nothing;
}

ShownEvent show(const store::Event& event, Content content, const Seen& seen) {
  ShownEvent shown;
  shown.number = event.number;
  shown.at = event.at;
  shown.focus = find(seen, event.focus);
  const bool withheld = shown.focus.as == Shown::As::Withheld;
  if (withheld) REACHED("subscription: an event is withheld from who left the case");
  if (withheld || content == Content::Empty) return shown;
  for (const std::string& reference : event.context) shown.context.push_back(find(seen, reference));
  return shown;
}

// Size of the bodies that were not counted before.
std::size_t bytes_of(const ShownEvent& event, std::unordered_set<std::string>& counted) {
  std::size_t bytes = 0;
  auto add = [&](const Shown& shown) {
    if (counted.insert(shown.reference).second) bytes += shown.resource.body.size();
  };
  add(event.focus);
  for (const Shown& shown : event.context) add(shown);
  return bytes;
}

constexpr std::size_t first_slice = 4;

// How many events to read next, when so many had so many bytes.
std::size_t next_slice(std::size_t events, std::size_t bytes) {
  if (events == 0) return first_slice;
  return 1 + (limits::notification_bytes_max - bytes) / (1 + bytes / events);
}

}  // namespace

Task<Result<std::vector<ShownEvent>>> redact(store::Store& store, store::Reader reader, std::vector<store::Event> events,
                                             Content content) {
  Seen seen;
  std::vector<store::ResourceName> names = names_in(events, content, seen);
  const store::Bodies bodies = content == Content::FullResource ? store::Bodies::With : store::Bodies::Without;
  Result<std::vector<Result<store::Resource>>> read = co_await store.read_all(std::move(reader), names, bodies);
  if (!read) co_return std::move(read).failure();
  for (std::size_t at = 0; at < names.size(); ++at) {
    std::string reference = names[at].type + "/" + names[at].id;
    seen[reference] = shown_as(reference, std::move((*read)[at]));
  }
  std::vector<ShownEvent> all;
  for (const store::Event& event : events) all.push_back(show(event, content, seen));
  co_return all;
}

Task<Result<std::vector<ShownEvent>>> redact_first(store::Store& store, store::Reader reader, std::vector<store::Event> events,
                                                   Content content) {
  if (content != Content::FullResource) co_return co_await redact(store, std::move(reader), std::move(events), content);
  std::vector<ShownEvent> all;
  std::unordered_set<std::string> counted;
  std::size_t bytes = 0;
  while (all.size() < events.size() && bytes <= limits::notification_bytes_max) {
    auto from = events.begin() + static_cast<std::ptrdiff_t>(all.size());
    std::size_t count = std::min(events.size() - all.size(), next_slice(all.size(), bytes));
    std::vector<store::Event> slice(from, from + static_cast<std::ptrdiff_t>(count));
    Result<std::vector<ShownEvent>> shown = co_await redact(store, reader, std::move(slice), content);
    if (!shown) co_return std::move(shown).failure();
    for (ShownEvent& each : *shown) {
      bytes += bytes_of(each, counted);
      all.push_back(std::move(each));
    }
  }
  co_return all;
}

const Shown* first_unreadable(const std::vector<ShownEvent>& shown) {
  for (const ShownEvent& event : shown) {
    if (event.focus.as == Shown::As::Unreadable) return &event.focus;
    for (const Shown& each : event.context) {
      if (each.as == Shown::As::Unreadable) return &each;
    }
  }
  return nullptr;
}

std::vector<store::AuditRow> audit_of(const std::string& organisation, const std::vector<store::Event>& events,
                                      const std::vector<ShownEvent>& shown) {
  CHECK(events.size() == shown.size());
  std::vector<store::AuditRow> rows;
  for (std::size_t at = 0; at < events.size(); ++at) {
    bool withheld = shown[at].focus.as == Shown::As::Withheld;
    store::AuditRow row;
    row.action = withheld ? "withhold" : "deliver";
    row.caller = organisation;
    row.subject = events[at].focus;
    row.case_key = events[at].case_key;
    row.says = "Subscription/" + events[at].subscription + " event " + std::to_string(events[at].number);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace vardbron::subscription
