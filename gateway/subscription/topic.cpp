#include "gateway/subscription/topic.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::subscription {

namespace {

constexpr std::array<Topic, 14> catalogue{{
    {"admission", "https://vardbron.example/fhir/SubscriptionTopic/admission", "ankomst",
     "A patient who needs help after the stay was admitted.", "Encounter"},
    {"discharge-ready", "https://vardbron.example/fhir/SubscriptionTopic/discharge-ready", "utskrivningsklar",
     "The patient is ready to be discharged.", "Encounter"},
    {"discharge-ready-withdrawn", "https://vardbron.example/fhir/SubscriptionTopic/discharge-ready-withdrawn", "aterkallad",
     "The patient is not ready to be discharged after all.", "Encounter"},
    {"discharge", "https://vardbron.example/fhir/SubscriptionTopic/discharge", "utskriven", "The patient was discharged.",
     "Encounter"},
    {"leave", "https://vardbron.example/fhir/SubscriptionTopic/leave", "permission", "The patient went on leave, or came back.",
     "Encounter"},
    {"death", "https://vardbron.example/fhir/SubscriptionTopic/death", "avliden", "The patient died.", "Encounter"},
    {"nullified", "https://vardbron.example/fhir/SubscriptionTopic/nullified", "makulerad",
     "A notice was cancelled by its sender.", "Encounter"},
    {"update", "https://vardbron.example/fhir/SubscriptionTopic/update", "uppdaterad",
     "Something else about the stay or its planning changed.", "Encounter"},
    {"fast-vardkontakt", "https://vardbron.example/fhir/SubscriptionTopic/fast-vardkontakt", "fast-vardkontakt",
     "A fast vårdkontakt was appointed, changed, confirmed or ended.", "Encounter"},
    {"plan", "https://vardbron.example/fhir/SubscriptionTopic/plan", "sip-plan",
     "A plan of any kind was needed, called to, agreed, followed up, revised or ended, or who takes part in it changed.",
     "CarePlan"},
    {"sip", "https://vardbron.example/fhir/SubscriptionTopic/sip", "sip", "The same, of a samordnad individuell plan alone.",
     "CarePlan"},
    {"meeting", "https://vardbron.example/fhir/SubscriptionTopic/meeting", "mote",
     "A meeting of a plan was called to, rebooked, answered, held or called off, or who is called to it changed.", "Appointment"},
    {"task", "https://vardbron.example/fhir/SubscriptionTopic/task", "task", "A Task of the case was made or changed.", "Task"},
    {"case", "https://vardbron.example/fhir/SubscriptionTopic/case", "arende", "Every event of a case.", ""},
}};

constexpr std::string_view contact = "fast-vardkontakt", plan = "plan", sip = "sip", meeting = "meeting";

// Codes of CodeSystem/notice-event; "" is not notified outside the region.
constexpr std::array<std::pair<std::string_view, std::string_view>, 39> events{{
    {"care-request", "update"},
    {"municipal.report", "update"},
    {"admin", "update"},
    {"consent", "update"},
    {"admission.local", ""},
    {"admission", "admission"},
    {"receipt", "update"},
    {"planning", "update"},
    {"planned-discharge.changed", "update"},
    {"party.changed", "update"},
    {contact, contact},
    {"discharge-ready", "discharge-ready"},
    {"discharge-ready.withdrawn", "discharge-ready-withdrawn"},
    {"sip.invitation", "update"},
    {"discharge", "discharge"},
    {"discharge.information", "update"},
    {"patient.information", "update"},
    {"leave.start", "leave"},
    {"leave.end", "leave"},
    {"transfer", "update"},
    {"interruption", "update"},
    {"death", "death"},
    {"nullified", "nullified"},
    {"corrected", "update"},
    {"case.closed", "update"},
    {"plan.need", plan},
    {"plan.participants", plan},
    {"plan.answer", plan},
    {"plan.held", plan},
    {"plan.agreed", plan},
    {"plan.approved", plan},
    {"plan.activity", plan},
    {"plan.followed-up", plan},
    {"plan.revised", plan},
    {"plan.cancelled", plan},
    {"plan.closed", plan},
    {"person.merged", ""},
    {"person.unmerged", ""},
    {"task", "task"},
}};

// Names of R4 search parameters: Communication recipient, MessageHeader event, jurisdiction of many, Encounter patient.
constexpr std::array<FilterBy, 4> filter_table{{
    {"recipient", "organisation the notice is addressed to, by HSA-id", "recipient=SE2120000142-K001"},
    {"event", "code of the topic, or of CodeSystem/notice-event", "event=discharge,death"},
    {"jurisdiction", "municipality concerned, by its four-digit code; unknown fits all", "jurisdiction=0182"},
    {"patient", "the patient the case is about", "Encounter?patient=Patient/4711"},
}};

}  // namespace

std::span<const Topic> topics() { return catalogue; }

const Topic* find_topic_code(std::string_view code) {
  for (const Topic& topic : catalogue) {
    if (topic.code == code || topic.swedish == code) return &topic;
  }
  return nullptr;
}

const Topic* find_topic(std::string_view canonical) {
  if (!canonical.starts_with(topic_root)) return nullptr;
  std::string_view code = canonical.substr(topic_root.size());
  return find_topic_code(code.substr(0, code.find('|')));
}

const Topic& case_topic() { return catalogue.back(); }

const Topic& contact_topic() { return *find_topic_code(contact); }

const Topic& plan_topic() { return *find_topic_code(plan); }

const Topic& sip_topic() { return *find_topic_code(sip); }

const Topic& meeting_topic() { return *find_topic_code(meeting); }

bool is_update_too(std::string_view event) { return event == contact; }

const Topic* topic_of_event(std::string_view event) {
  for (const auto& [code, topic] : events) {
    if (code == event) return topic.empty() ? nullptr : find_topic_code(topic);
  }
  return find_topic_code("update");
}

bool is_event(std::string_view code) {
  return std::any_of(events.begin(), events.end(), [&](const auto& row) { return row.first == code && !row.second.empty(); });
}

std::span<const FilterBy> filters() { return filter_table; }

}  // namespace vardbron::subscription
