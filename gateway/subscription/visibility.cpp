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

/// What the subscriber sees of a resource, and how often the events refer to it.
struct Seen {
  Shown shown;
  std::size_t uses = 0;
};
/// By reference; the texts are the events'.
using AllSeen = std::unordered_map<std::string_view, Seen>;

/// The references of some events, each once.
struct Names {
  std::vector<store::ResourceName> names;
  std::vector<std::string_view> references;
};

// Subscribers without references see the focus only.
Names names_in(const std::vector<store::Event>& events, Content content, AllSeen& seen) {
  Names all;
  auto add = [&](const std::string& reference) {
    const std::size_t slash = reference.find('/');
    if (slash == std::string::npos || ++seen[reference].uses > 1) return;
    all.names.push_back({reference.substr(0, slash), reference.substr(slash + 1)});
    all.references.push_back(reference);
  };
  for (const store::Event& event : events) {
    add(event.focus);
    if (content == Content::Empty) continue;
    for (const std::string& reference : event.context) add(reference);
  }
  return all;
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

// The last one gets the resource itself: its body may be large, and most are referred to once.
Shown take(AllSeen& seen, const std::string& reference) {
  const auto found = seen.find(reference);
  if (found != seen.end() && found->second.uses > 0) {
    if (--found->second.uses == 0) return std::move(found->second.shown);
    return found->second.shown;
  }
  Shown nothing;
  nothing.reference = reference;
  return nothing;
}

ShownEvent show(const store::Event& event, Content content, AllSeen& seen) {
  ShownEvent shown;
  shown.number = event.number;
  shown.at = event.at;
  shown.focus = take(seen, event.focus);
  const bool withheld = shown.focus.as == Shown::As::Withheld;
  if (withheld) REACHED("subscription: an event is withheld from who left the case");
  if (withheld || content == Content::Empty) return shown;
  shown.context.reserve(event.context.size());
  for (const std::string& reference : event.context) shown.context.push_back(take(seen, reference));
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
  AllSeen seen;
  Names all = names_in(events, content, seen);
  const store::Bodies bodies = content == Content::FullResource ? store::Bodies::With : store::Bodies::Without;
  Result<std::vector<Result<store::Resource>>> read = co_await store.read_all(std::move(reader), std::move(all.names), bodies);
  if (!read) co_return std::move(read).failure();
  for (std::size_t at = 0; at < all.references.size(); ++at)
    seen[all.references[at]].shown = shown_as(std::string(all.references[at]), std::move((*read)[at]));
  std::vector<ShownEvent> shown;
  shown.reserve(events.size());
  for (const store::Event& event : events) shown.push_back(show(event, content, seen));
  co_return shown;
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
