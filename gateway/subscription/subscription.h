#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/http/message.h"
#include "gateway/subscription/endpoints.h"
#include "gateway/subscription/topic.h"
#include "gateway/tree/document.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::subscription {

/// The content of notifications. Source: backport guide, payloads.
enum class Content : std::uint8_t { Empty, IdOnly, FullResource };
enum class Syntax : std::uint8_t { Json, Xml };
/// Source: FHIR R4 value set subscription-status.
enum class Status : std::uint8_t { Requested, Active, Error, Off };

std::string_view to_string(Content content);
std::string_view to_string(Status status);
std::optional<Status> parse_status(std::string_view code);

/// One `parameter[:not]=value,value` of a filter; the values are ORed, several filters are ANDed.
struct Filter {
  std::string parameter;  ///< one of filters()
  bool negated = false;
  std::vector<std::string> values;
  bool operator==(const Filter&) const = default;
};

/// A checked R4 Subscription of the backport profile: everything in it is supported.
struct Subscription {
  std::string id;
  std::int64_t version = 0;  ///< of the resource that it was read from; 0: of none
  std::string organisation;  ///< who subscribed; notified of cases it is party to
  Status status = Status::Requested;
  const Topic* topic = nullptr;
  std::string criteria;  ///< the topic's canonical as written
  std::vector<Filter> filters;
  std::string endpoint;  ///< as written
  Url to;
  http::Fields headers;  ///< as given, in order
  Content content = Content::IdOnly;
  Syntax syntax = Syntax::Json;
  std::string content_type = "application/fhir+json";  ///< as asked for
  std::chrono::seconds heartbeat{0};                   ///< 0 = none asked for
  std::chrono::nanoseconds attempt_time_max{};         ///< for one delivery attempt
  std::size_t events_per_notification_max = 1;
  std::optional<WallTime> end;
};

/// Reads one backport-filter-criteria: `parameter=value`, `parameter:not=value`, `Type.parameter=value` or the query form
/// `Type?parameter=value&parameter=value`. Unsupported: a parameter, type, modifier or value that would never match anything.
/// Source: backport guide, components (and the forms in its examples).
Result<std::vector<Filter>> parse_filter(std::string_view text, const Topic& topic);

/// Our own element for the subscriber; set by us, never by the sender.
inline constexpr std::string_view subscriber_extension = "https://vardbron.example/fhir/StructureDefinition/subscriber";

/// The subscriber, from our own element of a stored Subscription; "" if it has none.
std::string_view subscriber_of(tree::Item resource);

/// Reads and checks a Subscription of `organisation`. Anything unsupported is refused and never dropped:
/// Invalid or Unsupported with the FHIRPath of the element; Forbidden for an endpoint that is not on the allow-list.
/// Source: backport guide 1.1.0, profile backport-subscription; channels; payloads.
Result<Subscription> parse_subscription(tree::Item resource, std::string_view organisation, const Endpoints& endpoints);

}  // namespace vardbron::subscription
