#include "gateway/clients/notification_client.h"

#include "gateway/base/text.h"
#include "gateway/clients/summaries.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/workspace/print.h"

#include <cstdio>
#include <fstream>
#include <utility>
#include <vector>

namespace vardbron::clients {

namespace {

constexpr std::string_view backport = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

std::string_view part_of(tree::Item parameters, std::string_view list, std::string_view name) {
  for (tree::Item each = parameters.first_child(); each; each = each.next()) {
    if (each.name_text() == list && each.text_of("name") == name) return value_of(each);
  }
  return {};
}

// The status comes first in every notification bundle.
tree::Item status_of(const tree::Document& bundle) { return tree::root(bundle).child("entry").child("resource"); }

std::string subscription_text(const ReceiveOptions& options, const std::string& endpoint) {
  const std::string topic = "https://vardbron.example/fhir/SubscriptionTopic/" + options.topic;
  json::Composer json;
  json.begin_object().text("resourceType", "Subscription").text("status", "requested").text("reason", options.name);
  json.text("criteria", topic).begin_object("channel").text("type", "rest-hook").text("endpoint", endpoint);
  json.text("payload", "application/fhir+json").begin_object("_payload").begin_list("extension").begin_object();
  json.text("url", std::string(backport) + "backport-payload-content").text("valueCode", options.content);
  json.end_object().end_list().end_object().end_object().end_object();
  return json.finish();
}

}  // namespace

NotificationClient::NotificationClient(const ReceiveOptions& options) : options_(options) {}

void NotificationClient::say(std::string_view words) const {
  if (options_.quiet) return;
  std::printf("[%s] %s\n", options_.name.c_str(), visible(words).c_str());
  std::fflush(stdout);
}

Result<void> NotificationClient::subscribe(const std::string& endpoint) {
  Result<WebClient> gateway = WebClient::open(options_.gateway, options_.token, options_.authorities);
  if (!gateway) return std::move(gateway).failure();
  gateway_.emplace(std::move(*gateway));
  http::Fields fields{{"Content-Type", "application/fhir+json"}};
  Result<http::Response> answer =
      gateway_->send("POST", "/fhir/Subscription", std::move(fields), subscription_text(options_, endpoint));
  if (!answer) return std::move(answer).failure();
  if (answer->status != 201) return Failure{Cause::Invalid, workspace::outcome_in_words(answer->body), options_.gateway};
  Result<tree::Document> made = json::parse(std::move(answer->body), names_);
  if (made) subscription_ = tree::root(*made).text_of("id");
  say("has subscribed to \"" + options_.topic + "\"");
  return done();
}

void NotificationClient::unsubscribe() {
  if (subscription_.empty()) return;
  const std::string path = "/fhir/Subscription/" + subscription_;
  Result<http::Response> answer = gateway_->send("DELETE", path, {}, "");
  const bool is_gone = answer && (answer->status == 200 || answer->status == 204);
  say(is_gone ? "has taken its subscription away" : "could not take its subscription away; it stays until DELETE " + path);
  subscription_.clear();
}

bool NotificationClient::is_event_notification(std::string_view body) {
  return body.find("\"event-notification\"") != std::string_view::npos;
}

Result<void> NotificationClient::take(const std::string& body) {
  Result<tree::Document> bundle = json::parse(body, names_);
  if (!bundle) return std::move(bundle).failure();
  const tree::Item status = status_of(*bundle);
  const std::string_view type = part_of(status, "parameter", "type");
  if (type == "handshake") {
    say("is reached by the gateway: the subscription begins");
    if (!options_.ready_file.empty()) std::ofstream(options_.ready_file) << "ready\n";
    return done();
  }
  if (type == "heartbeat") return done();
  if (type != "event-notification") return Failure{Cause::Invalid, "This is no notification of a subscription.", ""};
  for (tree::Item each = status.first_child(); each; each = each.next()) {
    if (each.name_text() == "parameter" && each.text_of("name") == "notification-event") take_event(each);
  }
  return done();
}

void NotificationClient::take_event(tree::Item event) {
  const std::int64_t number = parse_int(part_of(event, "part", "event-number")).value_or(0);
  if (number <= last_number_) return say("event " + std::to_string(number) + " again: known already");
  if (number != last_number_ + 1 && last_number_ != 0)
    say("GAP: events " + std::to_string(last_number_ + 1) + " to " + std::to_string(number - 1) + " are missing");
  last_number_ = number;
  ++events_;
  std::vector<std::string> about{std::string(part_of(event, "part", "focus"))};
  for (tree::Item each = event.first_child(); each; each = each.next()) {
    if (each.name_text() == "part" && each.text_of("name") == "additional-context") about.emplace_back(value_of(each));
  }
  const std::string focus = in_words(about.front());
  say("event " + std::to_string(number) + ": " + (focus.empty() ? "something changed in " + about.front() : focus));
  for (std::size_t i = 1; i < about.size(); ++i) {
    const std::string words = in_words(about[i]);
    if (!words.empty()) say("    " + words);
  }
  for (const std::string& task : std::exchange(to_accept_, {})) accept_task(task);
}

std::string NotificationClient::in_words(const std::string& reference) {
  if (!gateway_ || options_.quiet) return {};
  const std::size_t type_at = reference.rfind('/', reference.rfind('/') - 1);
  const std::string path = type_at == std::string::npos ? reference : reference.substr(type_at + 1);
  const bool is_encounter = path.starts_with("Encounter/"), is_task = path.starts_with("Task/");
  if (!is_encounter && !is_task) return {};
  std::optional<tree::Document> resource = fetch(path);
  if (!resource) return {};
  std::string words = resource_in_words(tree::root(*resource));
  if (is_task && said_[path] == words) return {};
  said_[path] = words;
  if (is_task && options_.accept_tasks && tree::root(*resource).text_of("status") == "requested") to_accept_.push_back(path);
  return words;
}

std::optional<tree::Document> NotificationClient::fetch(const std::string& reference) {
  http::Fields fields{{"Accept", "application/fhir+json"}};
  Result<http::Response> answer = gateway_->send("GET", "/fhir/" + reference, std::move(fields), "");
  if (!answer || answer->status != 200) return std::nullopt;
  Result<tree::Document> resource = json::parse(std::move(answer->body), names_);
  if (!resource) return std::nullopt;
  return std::move(*resource);
}

void NotificationClient::accept_task(const std::string& path) {
  const std::string id = path.substr(path.find('/') + 1);
  json::Composer json;
  json.begin_object().text("resourceType", "Task").text("id", id).text("status", "accepted").text("intent", "order").end_object();
  http::Fields fields{{"Content-Type", "application/fhir+json"}};
  Result<http::Response> answer = gateway_->send("PUT", "/fhir/" + path, std::move(fields), json.finish());
  say(answer && answer->status == 200 ? "    accepts it" : "    wanted to accept it, and was refused");
}

}  // namespace vardbron::clients
