#pragma once

#include "gateway/base/clock.h"
#include "gateway/fhir/definitions.h"
#include "gateway/store/store.h"
#include "gateway/subscription/subscription.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::subscription {

/// Source: backport guide, value set of the status parameter `type`.
enum class NotificationType : std::uint8_t { Handshake, Heartbeat, EventNotification, QueryStatus, QueryEvent };

std::string_view to_string(NotificationType type);

/// The part of an event's resource that the subscriber may see when the notification is written.
struct Shown {
  enum class As : std::uint8_t {
    Here,        ///< `resource` is its newest version
    Deleted,     ///< it was deleted
    Unreadable,  ///< it exists, and the store cannot read it
    Withheld     ///< no longer a party, or never stored: nothing about it is shown
  };
  As as = As::Withheld;
  std::string reference;  ///< "Type/id"
  store::Resource resource;
};

/// One event as the subscriber sees it. With a withheld focus number and time remain, so that the numbers have no gaps.
struct ShownEvent {
  std::int64_t number = 0;
  WallTime at{};
  Shown focus;
  std::vector<Shown> context;
};

/// The properties of the subscription in every bundle (BackportSubscriptionStatusR4).
struct StatusFacts {
  const Subscription* subscription = nullptr;
  Status status = Status::Requested;
  NotificationType type = NotificationType::Handshake;
  std::int64_t events = 0;  ///< since the subscription began, this notification's included
  std::string error;        ///< "" = none
};

/// A bundle of events as it is sent.
struct Notification {
  std::string json;
  std::size_t left_out = 0;  ///< resources that did not fit and are included by reference only, to be fetched
};

/// Same for every retry of the same events: the receiver's key against duplicates. UUIDv5 of subscription, first and last number.
std::string notification_id(std::string_view subscription, std::int64_t from, std::int64_t to);

/// Writes the bundles of the backport guide (R4 shape) as FHIR JSON. Stored bodies are appended as they are.
/// Source: backport guide 1.1.0, notifications; R4 Bundle invariants bdl-3 and bdl-4 (request and response on every entry).
class BundleWriter {
 public:
  /// `base_url`: "https://host/fhir", without a slash at the end.
  explicit BundleWriter(std::string base_url) : base_url_(std::move(base_url)) {}

  /// Handshake, heartbeat, event-notification, query-event: a history Bundle with the status first. Resources are included, in
  /// order, as long as it stays within limits::notification_bytes_max; further ones by reference, as in an id-only notification.
  Notification notification(const StatusFacts& facts, std::span<const ShownEvent> events, std::string_view id,
                            WallTime now) const;
  /// The same, if all resources are included and it is no larger than that. One pass: nearly every notification fits.
  std::optional<Notification> notification_that_fits(const StatusFacts& facts, std::span<const ShownEvent> events,
                                                     std::string_view id, WallTime now) const;
  /// How many of the first events fit into one notification with all their resources; at least one.
  std::size_t events_that_fit(const StatusFacts& facts, std::span<const ShownEvent> events) const;
  /// $status: a searchset of statuses.
  std::string statuses(std::span<const StatusFacts> facts, std::string_view id, WallTime now) const;

  const std::string& base_url() const { return base_url_; }

 private:
  std::string base_url_;
};

/// The same resource as FHIR XML. Broken: the JSON is not FHIR, which is a bug of its writer.
Result<std::string> to_xml(std::string_view json, const fhir::Definitions& definitions);

}  // namespace vardbron::subscription
