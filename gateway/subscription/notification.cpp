#include "gateway/subscription/notification.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>
#include <utility>

namespace vardbron::subscription {

namespace {

constexpr std::string_view notification_profile =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-notification-r4";
constexpr std::string_view status_profile =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4";

constexpr std::array<std::pair<NotificationType, std::string_view>, 5> types{{
    {NotificationType::Handshake, "handshake"},
    {NotificationType::Heartbeat, "heartbeat"},
    {NotificationType::EventNotification, "event-notification"},
    {NotificationType::QueryStatus, "query-status"},
    {NotificationType::QueryEvent, "query-event"},
}};

// Appends to one buffer; every text of ours is plain ASCII, every text of others is quoted.
struct Appender {
  std::string& out;
  const std::string& base;

  void text(std::string_view bytes) { out += bytes; }
  void quoted(std::string_view value) { out += json_quoted(value); }
  void number(std::int64_t value) { out += std::to_string(value); }

  void reference(std::string_view name, std::string_view target) {
    text(",{\"name\":\"");
    text(name);
    text("\",\"valueReference\":{\"reference\":");
    quoted(base + "/" + std::string(target));
    text("}}");
  }
};

void append_event(Appender& to, const ShownEvent& event, Content content) {
  to.text(",{\"name\":\"notification-event\",\"part\":[{\"name\":\"event-number\",\"valueString\":\"");
  to.number(event.number);
  to.text("\"},{\"name\":\"timestamp\",\"valueInstant\":\"");
  to.text(to_instant(event.at));
  to.text("\"}");
  if (content != Content::Empty && event.focus.as != Shown::As::Withheld) {
    to.reference("focus", event.focus.reference);
    for (const Shown& shown : event.context) {
      if (shown.as != Shown::As::Withheld) to.reference("additional-context", shown.reference);
    }
  }
  to.text("]}");
}

// BackportSubscriptionStatusR4. The topic is left out of empty notifications (backport guide, payloads).
void append_parameters(Appender& to, const StatusFacts& facts, std::span<const ShownEvent> events, std::string_view id) {
  const Subscription& subscription = *facts.subscription;
  to.text("{\"resourceType\":\"Parameters\",\"id\":\"");
  to.text(id);
  to.text("\",\"meta\":{\"profile\":[\"");
  to.text(status_profile);
  to.text("\"]},\"parameter\":[{\"name\":\"subscription\",\"valueReference\":{\"reference\":");
  to.quoted(to.base + "/Subscription/" + subscription.id);
  to.text("}}");
  if (subscription.content != Content::Empty || facts.type == NotificationType::QueryStatus) {
    to.text(",{\"name\":\"topic\",\"valueCanonical\":");
    to.quoted(subscription.criteria);
    to.text("}");
  }
  to.text(",{\"name\":\"status\",\"valueCode\":\"");
  to.text(to_string(facts.status));
  to.text("\"},{\"name\":\"type\",\"valueCode\":\"");
  to.text(to_string(facts.type));
  to.text("\"},{\"name\":\"events-since-subscription-start\",\"valueString\":\"");
  to.number(facts.events);
  to.text("\"}");
  for (const ShownEvent& event : events) append_event(to, event, subscription.content);
  if (!facts.error.empty()) {
    to.text(",{\"name\":\"error\",\"valueCodeableConcept\":{\"text\":");
    to.quoted(facts.error);
    to.text("}}");
  }
  to.text("]}");
}

void append_request(Appender& to, const Shown& shown, bool first_version) {
  std::string_view type = std::string_view(shown.reference).substr(0, shown.reference.find('/'));
  bool deleted = shown.as == Shown::As::Deleted;
  to.text(",\"request\":{\"method\":\"");
  to.text(deleted ? "DELETE" : (first_version ? "POST" : "PUT"));
  to.text("\",\"url\":");
  to.quoted(first_version && !deleted ? type : std::string_view(shown.reference));
  to.text("},\"response\":{\"status\":\"");
  to.text(deleted ? "204" : (first_version ? "201" : "200"));
  to.text("\"");
}

// What the bodies may still take, and what came of it.
struct Room {
  std::size_t bytes = 0;
  std::size_t used = 0, left_out = 0;
};

constexpr std::string_view any_id = "00000000-0000-0000-0000-000000000000";  // as long as every other
constexpr std::string_view body_member = ",\"resource\":";

// True when the body goes in; it takes its room.
bool fits(const Shown& shown, Room& room) {
  std::size_t bytes = body_member.size() + shown.resource.body.size();
  if (shown.resource.body.empty() || bytes > room.bytes - room.used) {
    ++room.left_out;
    return false;
  }
  room.used += bytes;
  return true;
}

// FHIR R4 Bundle: response.outcome says what is to be said of one entry.
void append_unreadable(Appender& to, const Shown& shown) {
  to.text(",{\"fullUrl\":");
  to.quoted(to.base + "/" + shown.reference);
  to.text(",\"request\":{\"method\":\"GET\",\"url\":");
  to.quoted(shown.reference);
  to.text(
      "},\"response\":{\"status\":\"500\",\"outcome\":{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\","
      "\"code\":\"exception\",\"diagnostics\":");
  to.quoted(shown.reference + " cannot be read back from the gateway's store. Ask whoever runs the gateway.");
  to.text("}]}}}");
}

void append_resource(Appender& to, const Shown& shown, Content content, Room& room) {
  if (shown.as == Shown::As::Unreadable) return append_unreadable(to, shown);
  to.text(",{\"fullUrl\":");
  to.quoted(to.base + "/" + shown.reference);
  bool here = shown.as == Shown::As::Here;
  if (content == Content::FullResource && here && fits(shown, room)) {
    to.text(body_member);
    to.text(shown.resource.body);
  }
  append_request(to, shown, shown.resource.version <= 1);
  if (here) {
    to.text(",\"etag\":\"W/\\\"");
    to.number(shown.resource.version);
    to.text("\\\"\",\"lastModified\":\"");
    to.text(to_instant(shown.resource.last_updated));
    to.text("\"");
  }
  to.text("}}");
}

using References = std::unordered_set<std::string_view>;

// Each resource once, however many of the events speak of it.
void append_resources(Appender& to, const ShownEvent& event, Content content, References& done, Room& room) {
  if (content == Content::Empty || event.focus.as == Shown::As::Withheld) return;
  auto append_once = [&](const Shown& shown) {
    if (shown.as != Shown::As::Withheld && done.insert(shown.reference).second) append_resource(to, shown, content, room);
  };
  append_once(event.focus);
  for (const Shown& shown : event.context) append_once(shown);
}

void append_head(Appender& to, std::string_view id, std::string_view meta, std::string_view type, WallTime now) {
  to.text("{\"resourceType\":\"Bundle\",\"id\":");
  to.quoted(id);
  to.text(meta);
  to.text(",\"type\":\"");
  to.text(type);
  to.text("\",\"timestamp\":\"");
  to.text(to_instant(now));
  to.text("\"");
}

std::string status_id(std::string_view bundle, std::string_view subscription) {
  return to_string(uuid_v5(uuid_root, "status " + std::string(bundle) + " " + std::string(subscription)));
}

std::string write(const std::string& base_url, const StatusFacts& facts, std::span<const ShownEvent> events, std::string_view id,
                  WallTime now, Room& room) {
  std::string out;
  out.reserve(1024 + 1280 * events.size() + room.bytes);
  Appender to{out, base_url};
  std::string meta = ",\"meta\":{\"profile\":[\"" + std::string(notification_profile) + "\"]}";
  std::string parameters = status_id(id, facts.subscription->id);
  append_head(to, id, meta, "history", now);
  to.text(",\"entry\":[{\"fullUrl\":\"urn:uuid:");
  to.text(parameters);
  to.text("\",\"resource\":");
  append_parameters(to, facts, events, parameters);
  to.text(",\"request\":{\"method\":\"GET\",\"url\":");
  to.quoted(base_url + "/Subscription/" + facts.subscription->id + "/$status");
  to.text("},\"response\":{\"status\":\"200\"}}");
  References done;
  for (const ShownEvent& event : events) append_resources(to, event, facts.subscription->content, done, room);
  to.text("]}");
  return out;
}

}  // namespace

std::string_view to_string(NotificationType type) {
  for (const auto& [value, word] : types) {
    if (value == type) return word;
  }
  return {};
}

std::string notification_id(std::string_view subscription, std::int64_t from, std::int64_t to) {
  std::string name = "notification " + std::string(subscription) + " " + std::to_string(from) + " " + std::to_string(to);
  return to_string(uuid_v5(uuid_root, name));
}

Notification BundleWriter::notification(const StatusFacts& facts, std::span<const ShownEvent> events, std::string_view id,
                                        WallTime now) const {
  Room room;
  std::string bare = write(base_url_, facts, events, id, now, room);
  if (facts.subscription->content != Content::FullResource) return {std::move(bare), 0};
  room = {limits::notification_bytes_max - std::min(limits::notification_bytes_max, bare.size()), 0, 0};
  std::string json = write(base_url_, facts, events, id, now, room);
  return {std::move(json), room.left_out};
}

std::size_t BundleWriter::events_that_fit(const StatusFacts& facts, std::span<const ShownEvent> events) const {
  Room room{std::numeric_limits<std::size_t>::max(), 0, 0};
  std::string scratch;
  Appender to{scratch, base_url_};
  References done;
  std::size_t bytes = write(base_url_, facts, {}, any_id, {}, room).size();
  for (std::size_t at = 0; at < events.size(); ++at) {
    scratch.clear();
    append_event(to, events[at], facts.subscription->content);
    append_resources(to, events[at], facts.subscription->content, done, room);
    bytes += scratch.size();
    if (bytes > limits::notification_bytes_max) return std::max<std::size_t>(at, 1);
  }
  return events.size();
}

std::string BundleWriter::statuses(std::span<const StatusFacts> facts, std::string_view id, WallTime now) const {
  std::string out;
  out.reserve(512 + 1024 * facts.size());
  Appender to{out, base_url_};
  append_head(to, id, "", "searchset", now);
  to.text(",\"total\":");
  to.number(static_cast<std::int64_t>(facts.size()));
  // An empty list is not written: FHIR JSON has none.
  std::string_view between = ",\"entry\":[";
  for (const StatusFacts& one : facts) {
    std::string parameters = status_id(id, one.subscription->id);
    to.text(std::exchange(between, ","));
    to.text("{\"fullUrl\":\"urn:uuid:");
    to.text(parameters);
    to.text("\",\"resource\":");
    append_parameters(to, one, {}, parameters);
    to.text(",\"search\":{\"mode\":\"match\"}}");
  }
  to.text(facts.empty() ? "}" : "]}");
  return out;
}

}  // namespace vardbron::subscription
