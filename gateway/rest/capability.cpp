#include "gateway/base/text.h"
#include "gateway/base/version.h"
#include "gateway/rest/routes.h"
#include "gateway/search/served.h"
#include "gateway/subscription/topic.h"

namespace vardbron::rest {

namespace {

constexpr std::string_view backport = "http://hl7.org/fhir/uv/subscriptions-backport/";

// What the statement has no element for.
constexpr std::string_view documentation =
    "$process-message with Prefer: respond-async is answered with 202, and its Content-Location tells what became of the "
    "message. Of a Task a party writes status, statusReason and notes. Prefer: return is obeyed by writes, Prefer: handling by "
    "searches.";

std::string interactions(bool update) {
  std::string text = ",\"interaction\":[{\"code\":\"read\"},{\"code\":\"vread\"},{\"code\":\"search-type\"}";
  return text.append(update ? ",{\"code\":\"update\"}]" : "]");
}

std::string search_parameters(std::string_view parameters) {
  std::string text = ",\"searchParam\":[{\"name\":\"_id\",\"type\":\"token\"},{\"name\":\"_lastUpdated\",\"type\":\"date\"}";
  for (std::string_view each : split(parameters, ' ')) {
    const std::size_t colon = each.find(':');
    text.append(",{\"name\":").append(json_quoted(each.substr(0, colon)));
    text.append(",\"type\":").append(json_quoted(each.substr(colon + 1))).append("}");
  }
  return text.append("]");
}

// Source: backport guide 1.1.0, conformance: topics are listed on the Subscription entry of the statement.
std::string subscription_entry() {
  std::string text = "{\"type\":\"Subscription\",\"extension\":[";
  for (const subscription::Topic& topic : subscription::topics()) {
    if (&topic != subscription::topics().data()) text += ',';
    text.append("{\"url\":\"").append(backport).append("StructureDefinition/capabilitystatement-subscriptiontopic-canonical\"");
    text.append(",\"valueCanonical\":").append(json_quoted(topic.canonical)).append("}");
  }
  text.append("],\"supportedProfile\":[\"").append(backport).append("StructureDefinition/backport-subscription\"]");
  text.append(
      ",\"interaction\":[{\"code\":\"read\"},{\"code\":\"create\"},{\"code\":\"update\"},{\"code\":\"delete\"},{\"code\":"
      "\"search-type\"}]");
  text.append(
      ",\"conditionalCreate\":true,\"searchParam\":[{\"name\":\"url\",\"type\":\"uri\"},{\"name\":\"status\",\"type\":\"token\"},"
      "{\"name\":\"criteria\",\"type\":\"string\"}],\"operation\":[");
  for (std::string_view name : {"status", "events"}) {
    if (name != "status") text += ',';
    text.append("{\"name\":").append(json_quoted(name)).append(",\"definition\":\"").append(backport);
    text.append("OperationDefinition/backport-subscription-").append(name).append("\"}");
  }
  return text.append("]}");
}

}  // namespace

// Tells strangers what the software can do, and nothing of what it holds.
http::Response capabilities(const ServiceParts& parts, const Call& call) {
  std::string json =
      "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"date\":\"2026-11-22\",\"kind\":\"instance\"";
  json.append(",\"instantiates\":[\"").append(backport).append("CapabilityStatement/backport-subscription-server-r4\"]");
  json.append(",\"software\":{\"name\":\"Vårdbron\",\"version\":").append(json_quoted(version())).append("}");
  json.append(",\"implementation\":{\"description\":\"Integration gateway for the Swedish discharge process\",\"url\":");
  json.append(json_quoted(parts.base_url)).append("},\"fhirVersion\":\"4.0.1\"");
  json.append(
      ",\"format\":[\"application/fhir+json\",\"application/fhir+xml\"],\"rest\":[{\"mode\":\"server\",\"documentation\":");
  json.append(json_quoted(documentation)).append(",\"resource\":[");
  for (const search::Served& each : search::served()) {
    json.append("{\"type\":").append(json_quoted(each.type)).append(interactions(each.type == "Task"));
    json.append(",\"versioning\":\"versioned\",\"readHistory\":true").append(search_parameters(each.parameters)).append("},");
  }
  json.append(subscription_entry()).append("]");
  json.append(
      ",\"operation\":[{\"name\":\"process-message\",\"definition\":\"http://hl7.org/fhir/OperationDefinition/"
      "MessageHeader-process-message\"}]");
  return fhir_answer(call, 200, json.append("}]}"), parts.definitions);
}

}  // namespace vardbron::rest
