#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vardbron::subscription {

/// What one may subscribe to. Source: Subscriptions R5 Backport 1.1.0, components (topics by canonical).
struct Topic {
  std::string_view code;       ///< last step of the canonical
  std::string_view canonical;  ///< https://vardbron.example/fhir/SubscriptionTopic/<code>
  std::string_view swedish;
  std::string_view describes;  ///< one sentence for the capability statement
  std::string_view resource;   ///< type of the focus; "" = Encounter or Task
};

/// The whole catalogue, `case` (every event of a case) last.
std::span<const Topic> topics();

/// By canonical, with or without `|version`; nullptr when we have no such topic.
const Topic* find_topic(std::string_view canonical);

/// The topic an event belongs to: a code of CodeSystem/notice-event, or "task". nullptr for what never leaves the region
/// (`admission.local`). A code nobody planned for belongs to `update`: better told too much than not at all.
const Topic* topic_of_event(std::string_view event);

/// True for the codes of CodeSystem/notice-event and "task".
bool is_event(std::string_view code);

/// What one may filter by, in FHIR's words (names of R4 search parameters).
struct FilterBy {
  std::string_view parameter;
  std::string_view describes;
  std::string_view example;
};

std::span<const FilterBy> filters();

}  // namespace vardbron::subscription
