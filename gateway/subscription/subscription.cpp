#include "gateway/subscription/subscription.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/time/moment.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <utility>

namespace vardbron::subscription {

namespace {

constexpr std::string_view guide = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";
constexpr std::string_view cross_version = "http://hl7.org/fhir/";  // .../5.0/StructureDefinition/extension-Subscription.x

constexpr std::array<std::pair<Content, std::string_view>, 3> contents{
    {{Content::Empty, "empty"}, {Content::IdOnly, "id-only"}, {Content::FullResource, "full-resource"}}};
constexpr std::array<std::pair<Status, std::string_view>, 4> statuses{
    {{Status::Requested, "requested"}, {Status::Active, "active"}, {Status::Error, "error"}, {Status::Off, "off"}}};

// Subscriptions stored under earlier rules can still be read; nothing is sent to them.
enum class Rules : std::uint8_t { Ours, AsStored };

Failure invalid(std::string says, std::string where) { return {Cause::Invalid, std::move(says), std::move(where)}; }
Failure unsupported(std::string says, std::string where) { return {Cause::Unsupported, std::move(says), std::move(where)}; }

// The value[x] child of an extension; an empty item when there is none or it has another type.
tree::Item value_of(tree::Item extension, std::string_view type) { return extension.child("value" + std::string(type)); }

// The guide's own elements must be used; equivalent cross-version ones are refused (backport guide, conformance).
Failure strange(std::string_view url, const std::string& where) {
  bool r5 = url.starts_with(cross_version) && url.find("/StructureDefinition/extension-Subscription") != std::string_view::npos;
  if (r5) return unsupported("Use the extensions of the backport guide, not cross-version extensions of R5.", where);
  return unsupported("This extension is not supported here: " + std::string(url), where);
}

using OnExtension = std::function<Result<void>(std::string_view name, tree::Item extension, const std::string& where)>;

// Calls `each` with every extension of the guide below `parent`, by its name; all others are refused.
Result<void> each_extension(tree::Item parent, const std::string& where, const OnExtension& each) {
  if (!parent) return done();
  std::size_t at = 0;
  for (tree::Item child = parent.first_child(); child; child = child.next()) {
    if (child.name_text() == "modifierExtension") return unsupported("Modifier extensions are not supported.", where);
    if (child.name_text() != "extension") continue;
    std::string place = where + ".extension[" + std::to_string(at++) + "]";
    std::string_view url = child.text_of("url");
    if (!url.starts_with(guide)) return strange(url, place);
    Result<void> taken = each(url.substr(guide.size()), child, place);
    if (!taken) return taken;
  }
  return done();
}

Result<std::int64_t> read_count(tree::Item extension, std::string_view type, std::int64_t least, const std::string& where) {
  tree::Item value = value_of(extension, type);
  std::optional<std::int64_t> number = value ? parse_int(value.text()) : std::nullopt;
  if (!number || *number < least || *number > 2'147'483'647) {
    return invalid("A value" + std::string(type) + " of at least " + std::to_string(least) + " is needed.", where);
  }
  return *number;
}

std::string no_such_topic(std::string_view criteria) {
  std::vector<std::string_view> codes;
  std::string listed;
  for (const Topic& topic : topics()) {
    codes.push_back(topic.code);
    listed.append(listed.empty() ? "" : ", ").append(topic.code);
  }
  std::string says =
      "The criteria must be the canonical of a topic, which is " + std::string(topic_root) + " and one of " + listed + ".";
  const std::string_view meant = nearest(criteria.substr(criteria.rfind('/') + 1), codes);
  if (!meant.empty()) says.append(" Did you mean ").append(topic_root).append(meant).append("?");
  return says;
}

Result<void> read_criteria(tree::Item resource, Subscription& into) {
  const std::string where = "Subscription.criteria";
  tree::Item criteria = resource.child("criteria");
  into.criteria = criteria.has_value() ? criteria.text() : std::string_view{};
  into.topic = find_topic(into.criteria);
  if (into.topic == nullptr) {
    return unsupported(no_such_topic(into.criteria), where);
  }
  auto take = [&into](std::string_view name, tree::Item extension, const std::string& place) -> Result<void> {
    if (name != "backport-filter-criteria") return strange(extension.text_of("url"), place);
    Result<std::vector<Filter>> read =
        parse_filter(value_of(extension, "String") ? extension.text_of("valueString") : "", *into.topic);
    if (!read) return Failure{read.failure().cause, read.failure().says, place};
    into.filters.insert(into.filters.end(), read->begin(), read->end());
    if (into.filters.size() > limits::subscription_filters_max) {
      return unsupported("A subscription has at most " + std::to_string(limits::subscription_filters_max) + " filters.", place);
    }
    return done();
  };
  return each_extension(criteria, where, take);
}

Result<void> read_channel_type(tree::Item channel) {
  const std::string where = "Subscription.channel.type";
  tree::Item type = channel.child("type");
  if (!type || !type.has_value()) return invalid("A channel type is needed: rest-hook.", where);
  if (type.text() != "rest-hook") return unsupported("Only the channel type rest-hook is supported.", where);
  auto refuse = [](std::string_view, tree::Item, const std::string& place) -> Result<void> {
    return unsupported("Channel types of one's own are not supported.", place);
  };
  return each_extension(type, where, refuse);
}

Result<void> read_channel_extensions(tree::Item channel, Subscription& into) {
  auto take = [&into](std::string_view name, tree::Item extension, const std::string& place) -> Result<void> {
    if (name == "backport-heartbeat-period") {
      Result<std::int64_t> period = read_count(extension, "UnsignedInt", 0, place);
      if (!period) return std::move(period).failure();
      into.heartbeat = std::chrono::seconds(*period);
    } else if (name == "backport-timeout") {
      Result<std::int64_t> longest = read_count(extension, "UnsignedInt", 1, place);
      if (!longest) return std::move(longest).failure();
      into.attempt_time_max = std::min<std::chrono::nanoseconds>(std::chrono::seconds(*longest), limits::delivery_time_max);
    } else if (name == "backport-max-count") {
      Result<std::int64_t> most = read_count(extension, "PositiveInt", 1, place);
      if (!most) return std::move(most).failure();
      into.events_per_notification_max = std::min(static_cast<std::size_t>(*most), limits::events_per_notification_max);
    } else {
      return strange(extension.text_of("url"), place);
    }
    return done();
  };
  return each_extension(channel, "Subscription.channel", take);
}

bool is_token(std::string_view text) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

// Fields that frame the request or that we write ourselves, and those of one connection (RFC 9110 7.6.1).
constexpr std::string_view our_fields[] = {
    "Host",
    "Date",
    "Content-Length",
    "Content-Type",
    "Content-Encoding",
    "Transfer-Encoding",
    "Trailer",
    "TE",
    "Upgrade",
    "Expect",
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "HTTP2-Settings",
    "Content-Range",
    "Idempotency-Key",
    "X-Request-Id",
};

// CGI and servers that imitate it read "Content_Length" as "Content-Length" (RFC 3875 4.1.18).
std::string_view our_field(std::string_view name) {
  std::string read(name);
  std::replace(read.begin(), read.end(), '_', '-');
  for (std::string_view ours : our_fields) {
    if (equal_without_case(read, ours)) return ours;
  }
  return {};
}

Failure is_ours(std::string_view name, std::string_view ours, const std::string& where) {
  std::string says = "Leave the header " + std::string(name) + " away: ";
  if (!equal_without_case(name, ours)) says += "some servers read it as " + std::string(ours) + ", and ";
  return unsupported(says + std::string(ours) + " belongs to the connection or is set by the gateway.", where);
}

Result<http::Field> read_header(std::string_view text, const std::string& where, Rules rules) {
  std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !is_token(text.substr(0, colon))) return invalid("A header reads Name: value", where);
  std::string_view name = text.substr(0, colon), value = text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  bool clean = std::all_of(value.begin(), value.end(), [](char c) { return (c >= ' ' && c < '\x7f') || c == '\t'; });
  if (!clean) return invalid("A header value has characters that no header may have.", where);
  std::string_view ours = our_field(name);
  if (!ours.empty() && rules == Rules::Ours) return is_ours(name, ours, where);
  return http::Field{std::string(name), std::string(value)};
}

Result<void> read_headers(tree::Item channel, Subscription& into, Rules rules) {
  std::size_t at = 0;
  for (tree::Item child = channel.first_child(); child; child = child.next()) {
    if (child.name_text() != "header") continue;
    std::string where = "Subscription.channel.header[" + std::to_string(at++) + "]";
    Result<http::Field> field = read_header(child.has_value() ? child.text() : std::string_view{}, where, rules);
    if (!field) return std::move(field).failure();
    into.headers.push_back(std::move(*field));
    if (at > limits::subscription_headers_max) {
      return unsupported("A subscription has at most " + std::to_string(limits::subscription_headers_max) + " headers.", where);
    }
  }
  return done();
}

// "4.0", "4.0.1", with or without quotes.
bool is_r4(std::string_view version) {
  if (version.size() >= 2 && version.starts_with('"') && version.ends_with('"')) version = version.substr(1, version.size() - 2);
  return version == "4.0" || version == "4.0.1";
}

Result<void> read_mime(std::string_view mime, Subscription& into) {
  const std::string where = "Subscription.channel.payload";
  std::vector<std::string_view> pieces = split(mime, ';');
  std::string type = to_lower(trim(pieces.front()));
  if (type == "application/fhir+xml" || type == "application/xml" || type == "text/xml") {
    into.syntax = Syntax::Xml;
  } else if (type != "application/fhir+json" && type != "application/json") {
    return unsupported("Payloads are application/fhir+json or application/fhir+xml.", where);
  }
  for (std::size_t at = 1; at < pieces.size(); ++at) {
    std::string_view piece = trim(pieces[at]);
    std::size_t equals = piece.find('=');
    std::string name = to_lower(piece.substr(0, equals));
    std::string_view value = equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1);
    bool charset = name == "charset" && equal_without_case(value, "utf-8");
    if (name == "fhirversion" && !is_r4(value)) return unsupported("Only fhirVersion=4.0 is spoken here.", where);
    if (name != "fhirversion" && !charset) return unsupported("This MIME parameter is not supported: " + name, where);
  }
  bool clean = std::all_of(mime.begin(), mime.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
  if (!clean) return invalid("The MIME type has characters that no header may have.", where);
  into.content_type = mime;
  return done();
}

Result<void> read_payload(tree::Item channel, Subscription& into) {
  tree::Item payload = channel.child("payload");
  if (payload && payload.has_value()) {
    Result<void> read = read_mime(payload.text(), into);
    if (!read) return read;
  }
  auto take = [&into](std::string_view name, tree::Item extension, const std::string& place) -> Result<void> {
    if (name != "backport-payload-content") return strange(extension.text_of("url"), place);
    std::string_view code = extension.text_of("valueCode");
    for (const auto& [content, word] : contents) {
      if (word != code) continue;
      into.content = content;
      return done();
    }
    return unsupported("The payload content is empty, id-only or full-resource.", place);
  };
  return each_extension(payload, "Subscription.channel.payload", take);
}

Result<void> read_channel(tree::Item resource, const Endpoints& endpoints, Subscription& into) {
  tree::Item channel = resource.child("channel");
  if (!channel) return invalid("A channel is needed.", "Subscription.channel");
  if (Result<void> read = read_channel_type(channel); !read) return read;
  if (Result<void> read = read_channel_extensions(channel, into); !read) return read;
  if (Result<void> read = read_headers(channel, into, endpoints.is_unchecked() ? Rules::AsStored : Rules::Ours); !read)
    return read;
  if (Result<void> read = read_payload(channel, into); !read) return read;
  into.endpoint = channel.text_of("endpoint");
  Result<Url> url = endpoints.check(into.organisation, into.endpoint);
  if (!url) return Failure{url.failure().cause, url.failure().says, "Subscription.channel.endpoint"};
  into.to = std::move(*url);
  return done();
}

Result<void> read_frame(tree::Item resource, Subscription& into) {
  if (resource.text_of("resourceType") != "Subscription") return invalid("A Subscription is needed.", "resourceType");
  if (resource.child("implicitRules")) return unsupported("implicitRules are not supported.", "Subscription.implicitRules");
  if (resource.text_of("reason").empty()) return invalid("A reason is needed.", "Subscription.reason");
  into.id = resource.text_of("id");
  std::optional<Status> status = parse_status(resource.text_of("status"));
  if (!status) return invalid("The status is requested, active, error or off.", "Subscription.status");
  into.status = *status;
  if (std::string_view end = resource.text_of("end"); !end.empty()) {
    const std::optional<time::Moment> moment = time::parse_instant(end);
    if (!moment) return invalid("An instant with seconds and time zone is needed.", "Subscription.end");
    into.end = moment->period().first;
  }
  return done();
}

// On the resource itself foreign extensions are kept and ignored, but R5's Subscription elements would be dropped.
Result<void> refuse_strangers(tree::Item resource) {
  std::size_t at = 0;
  for (tree::Item child = resource.first_child(); child; child = child.next()) {
    if (child.name_text() == "modifierExtension") return unsupported("Modifier extensions are not supported.", "Subscription");
    if (child.name_text() != "extension") continue;
    std::string where = "Subscription.extension[" + std::to_string(at++) + "]";
    std::string_view url = child.text_of("url");
    if (url.find("/StructureDefinition/extension-Subscription") != std::string_view::npos) return strange(url, where);
  }
  return done();
}

}  // namespace

std::string_view to_string(Content content) {
  for (const auto& [value, word] : contents) {
    if (value == content) return word;
  }
  return {};
}

std::string_view to_string(Status status) {
  for (const auto& [value, word] : statuses) {
    if (value == status) return word;
  }
  return {};
}

std::optional<Status> parse_status(std::string_view code) {
  for (const auto& [value, word] : statuses) {
    if (word == code) return value;
  }
  return std::nullopt;
}

std::string_view subscriber_of(tree::Item resource) {
  for (tree::Item child = resource.first_child(); child; child = child.next()) {
    if (child.name_text() == "extension" && child.text_of("url") == subscriber_extension) return child.text_of("valueString");
  }
  return {};
}

Result<Subscription> parse_subscription(tree::Item resource, std::string_view organisation, const Endpoints& endpoints) {
  Subscription read;
  read.organisation = organisation;
  read.attempt_time_max = limits::delivery_time_max;
  read.events_per_notification_max = limits::events_per_notification_max;
  if (Result<void> frame = read_frame(resource, read); !frame) return std::move(frame).failure();
  if (Result<void> rest = refuse_strangers(resource); !rest) return std::move(rest).failure();
  if (Result<void> criteria = read_criteria(resource, read); !criteria) return std::move(criteria).failure();
  if (Result<void> channel = read_channel(resource, endpoints, read); !channel) return std::move(channel).failure();
  return read;
}

}  // namespace vardbron::subscription
