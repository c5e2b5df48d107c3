#include "gateway/subscription/notification.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/formats/json/composer.h"

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

/// A bundle of the gateway at that address.
struct Writer {
  json::Composer& json;
  const std::string& base_url;

  std::string url(std::string_view reference) const { return base_url + "/" + std::string(reference); }

  void parameter(std::string_view name, std::string_view element, std::string_view value) {
    json.begin_object().text("name", name).text(element, value).end_object();
  }
  void reference(std::string_view name, std::string_view target) {
    json.begin_object()
        .text("name", name)
        .begin_object("valueReference")
        .text("reference", url(target))
        .end_object()
        .end_object();
  }
};

void write_event(Writer& to, const ShownEvent& event, Content content) {
  to.json.begin_object().text("name", "notification-event").begin_list("part");
  to.parameter("event-number", "valueString", std::to_string(event.number));
  to.parameter("timestamp", "valueInstant", to_instant(event.at));
  if (content != Content::Empty && event.focus.as != Shown::As::Withheld) {
    to.reference("focus", event.focus.reference);
    for (const Shown& shown : event.context) {
      if (shown.as != Shown::As::Withheld) to.reference("additional-context", shown.reference);
    }
  }
  to.json.end_list().end_object();
}

// BackportSubscriptionStatusR4. The topic is left out of empty notifications (backport guide, payloads).
void write_parameters(Writer& to, const StatusFacts& facts, std::span<const ShownEvent> events, std::string_view id) {
  const Subscription& subscription = *facts.subscription;
  to.json.begin_object().text("resourceType", "Parameters").text("id", id);
  to.json.begin_object("meta").begin_list("profile").text(status_profile).end_list().end_object();
  to.json.begin_list("parameter");
  to.reference("subscription", "Subscription/" + subscription.id);
  if (subscription.content != Content::Empty || facts.type == NotificationType::QueryStatus)
    to.parameter("topic", "valueCanonical", subscription.criteria);
  to.parameter("status", "valueCode", to_string(facts.status));
  to.parameter("type", "valueCode", to_string(facts.type));
  to.parameter("events-since-subscription-start", "valueString", std::to_string(facts.events));
  for (const ShownEvent& event : events) write_event(to, event, subscription.content);
  if (!facts.error.empty()) {
    to.json.begin_object().text("name", "error").begin_object("valueCodeableConcept").text("text", facts.error);
    to.json.end_object().end_object();
  }
  to.json.end_list().end_object();
}

void write_request(Writer& to, std::string_view method, std::string_view url) {
  to.json.begin_object("request").text("method", method).text("url", url).end_object();
}

// The bytes that bodies may still use, and the number of those that did not fit.
struct Room {
  std::size_t bytes = 0;
  std::size_t used = 0, left_out = 0;
};

constexpr std::string_view any_id = "00000000-0000-0000-0000-000000000000";  // as long as every other
constexpr std::size_t body_member_bytes = std::string_view(",\"resource\":").size();

std::size_t bytes_of_bodies(std::span<const ShownEvent> events) {
  std::size_t bytes = 0;
  for (const ShownEvent& event : events) {
    bytes += body_member_bytes + event.focus.resource.body.size();
    for (const Shown& shown : event.context) bytes += body_member_bytes + shown.resource.body.size();
  }
  return bytes;
}

// True if the body fits; its bytes are then used.
bool fits(const Shown& shown, Room& room) {
  std::size_t bytes = body_member_bytes + shown.resource.body.size();
  if (shown.resource.body.empty() || bytes > room.bytes - room.used) {
    ++room.left_out;
    return false;
  }
  room.used += bytes;
  return true;
}

// FHIR R4 Bundle: response.outcome is for information about one entry.
void write_unreadable(Writer& to, const Shown& shown) {
  to.json.begin_object().text("fullUrl", to.url(shown.reference));
  write_request(to, "GET", shown.reference);
  to.json.begin_object("response").text("status", "500").begin_object("outcome").text("resourceType", "OperationOutcome");
  to.json.begin_list("issue").begin_object().text("severity", "error").text("code", "exception");
  to.json.text("diagnostics", shown.reference + " cannot be read back from the gateway's store. Ask whoever runs the gateway.");
  to.json.end_object().end_list().end_object().end_object().end_object();
}

void write_resource(Writer& to, const Shown& shown, Content content, Room& room) {
  if (shown.as == Shown::As::Unreadable) return write_unreadable(to, shown);
  const bool is_here = shown.as == Shown::As::Here, is_deleted = shown.as == Shown::As::Deleted;
  const bool is_first = shown.resource.version <= 1;
  to.json.begin_object().text("fullUrl", to.url(shown.reference));
  if (content == Content::FullResource && is_here && fits(shown, room)) to.json.raw("resource", shown.resource.body);
  const std::string_view reference = shown.reference, type = reference.substr(0, reference.find('/'));
  write_request(to, is_deleted ? "DELETE" : (is_first ? "POST" : "PUT"), is_first && !is_deleted ? type : reference);
  to.json.begin_object("response").text("status", is_deleted ? "204" : (is_first ? "201" : "200"));
  if (is_here) {
    to.json.text("etag", "W/\"" + std::to_string(shown.resource.version) + "\"");
    to.json.text("lastModified", to_instant(shown.resource.last_updated));
  }
  to.json.end_object().end_object();
}

using References = std::unordered_set<std::string_view>;

// Each resource once, however many of the events refer to it.
void write_resources(Writer& to, const ShownEvent& event, Content content, References& done, Room& room) {
  if (content == Content::Empty || event.focus.as == Shown::As::Withheld) return;
  auto write_once = [&](const Shown& shown) {
    if (shown.as != Shown::As::Withheld && done.insert(shown.reference).second) write_resource(to, shown, content, room);
  };
  write_once(event.focus);
  for (const Shown& shown : event.context) write_once(shown);
}

std::string status_id(std::string_view bundle, std::string_view subscription) {
  return to_string(uuid_v5(uuid_root, "status " + std::string(bundle) + " " + std::string(subscription)));
}

std::string write(const std::string& base_url, const StatusFacts& facts, std::span<const ShownEvent> events, std::string_view id,
                  WallTime now, Room& room) {
  json::Composer json(1024 + 1280 * events.size() + std::min(room.bytes, bytes_of_bodies(events)));
  Writer to{json, base_url};
  const std::string parameters = status_id(id, facts.subscription->id);
  json.begin_object().text("resourceType", "Bundle").text("id", id);
  json.begin_object("meta").begin_list("profile").text(notification_profile).end_list().end_object();
  json.text("type", "history").text("timestamp", to_instant(now)).begin_list("entry");
  json.begin_object().text("fullUrl", "urn:uuid:" + parameters).key("resource");
  write_parameters(to, facts, events, parameters);
  write_request(to, "GET", to.url("Subscription/" + facts.subscription->id + "/$status"));
  json.begin_object("response").text("status", "200").end_object().end_object();
  References done;
  for (const ShownEvent& event : events) write_resources(to, event, facts.subscription->content, done, room);
  return json.end_list().end_object().finish();
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

std::optional<Notification> BundleWriter::notification_that_fits(const StatusFacts& facts, std::span<const ShownEvent> events,
                                                                 std::string_view id, WallTime now) const {
  Room room{limits::notification_bytes_max, 0, 0};
  std::string json = write(base_url_, facts, events, id, now, room);
  if (json.size() > limits::notification_bytes_max || room.left_out > 0) return std::nullopt;
  return Notification{std::move(json), 0};
}

std::size_t BundleWriter::events_that_fit(const StatusFacts& facts, std::span<const ShownEvent> events) const {
  Room room{std::numeric_limits<std::size_t>::max(), 0, 0};
  References done;
  std::size_t bytes = write(base_url_, facts, {}, any_id, {}, room).size();
  for (std::size_t at = 0; at < events.size(); ++at) {
    json::Composer json;
    Writer to{json, base_url_};
    json.begin_list().null();  // so that every further item starts with a comma, as in a bundle
    const std::size_t before = json.size();
    write_event(to, events[at], facts.subscription->content);
    write_resources(to, events[at], facts.subscription->content, done, room);
    bytes += json.size() - before;
    if (bytes > limits::notification_bytes_max) return std::max<std::size_t>(at, 1);
  }
  return events.size();
}

std::string BundleWriter::statuses(std::span<const StatusFacts> facts, std::string_view id, WallTime now) const {
  json::Composer json(512 + 1024 * facts.size());
  Writer to{json, base_url_};
  json.begin_object().text("resourceType", "Bundle").text("id", id).text("type", "searchset");
  json.text("timestamp", to_instant(now)).number("total", facts.size());
  if (!facts.empty()) json.begin_list("entry");  // FHIR JSON has no empty list
  for (const StatusFacts& one : facts) {
    const std::string parameters = status_id(id, one.subscription->id);
    json.begin_object().text("fullUrl", "urn:uuid:" + parameters).key("resource");
    write_parameters(to, one, {}, parameters);
    json.begin_object("search").text("mode", "match").end_object().end_object();
  }
  if (!facts.empty()) json.end_list();
  return json.end_object().finish();
}

}  // namespace vardbron::subscription
