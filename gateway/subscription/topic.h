#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vardbron::subscription {

/// A topic of subscriptions. Source: Subscriptions R5 Backport 1.1.0, components (topics by canonical).
struct Topic {
  std::string_view code;       ///< last step of the canonical
  std::string_view canonical;  ///< https://vardbron.example/fhir/SubscriptionTopic/<code>
  std::string_view swedish;    ///< the same topic's Swedish code; a canonical may end in it as well
  std::string_view describes;  ///< one sentence for the capability statement
  std::string_view resource;   ///< type of the focus; "" = Encounter, CarePlan or Task
};

inline constexpr std::string_view topic_root = "https://vardbron.example/fhir/SubscriptionTopic/";

/// The whole catalogue, `case` (every event of a case) last.
std::span<const Topic> topics();

/// By canonical, with or without `|version`; nullptr if there is no such topic.
const Topic* find_topic(std::string_view canonical);
/// By code, in either language; nullptr when there is none.
const Topic* find_topic_code(std::string_view code);
/// The topic of every event of a case.
const Topic& case_topic();

/// The topic of a code of CodeSystem/notice-event, or of "task". nullptr for events that never leave the region
/// (`admission.local`). Codes without a topic of their own belong to `update`, and so do unknown codes: better one notification
/// too many than none.
const Topic* topic_of_event(std::string_view event);
/// The topic of every change of a fast kontakt. An event of a notice of one is of it, and so is any event that carries a
/// CareTeam, such as a death, which ends them.
const Topic& contact_topic();
/// Every event of a plan is of `plan`, whatever it is called; of a samordnad individuell plan also of `sip`.
const Topic& plan_topic();
const Topic& sip_topic();
/// What becomes of a meeting of a plan: any event that carries its Appointment, which is the focus for who subscribes to it.
const Topic& meeting_topic();
/// Is the event, which has a topic of its own now, one of `update` too? Subscriptions that are older than the topic go on getting
/// it.
bool is_update_too(std::string_view event);
/// True for a code that topic_of_event knows and whose events leave the region.
bool is_event(std::string_view code);

/// The filters, by names of R4 search parameters.
struct FilterBy {
  std::string_view parameter;
  std::string_view describes;
  std::string_view example;
};

std::span<const FilterBy> filters();

}  // namespace vardbron::subscription
