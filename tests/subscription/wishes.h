#pragma once

#include <string>
#include <vector>

namespace vardbron::subscription {

/// A Subscription as a municipality's system writes it; what does not matter to a test is filled in.
struct Wish {
  std::string topic = "https://vardbron.example/fhir/SubscriptionTopic/case";
  std::string endpoint = "https://a.example/hook";
  std::string content = "id-only";  ///< "" = the extension is left out
  std::string mime = "application/fhir+json";
  std::string status = "requested";
  std::string reason = "notices";
  std::vector<std::string> filters = {};
  std::vector<std::string> headers = {};
  std::string channel_extensions = {};  ///< JSON objects, separated by commas
  std::string further = {};             ///< further members of the resource, each followed by a comma

  std::string json() const {
    std::string text = R"({"resourceType":"Subscription",)" + further + R"("status":")" + status +
                       R"(","reason":")" + reason + R"(","criteria":")" + topic + "\"";
    if (!filters.empty()) text += ",\"_criteria\":{\"extension\":[" + filter_extensions() + "]}";
    text += ",\"channel\":{";
    if (!channel_extensions.empty()) text += "\"extension\":[" + channel_extensions + "],";
    text += R"("type":"rest-hook","endpoint":")" + endpoint + R"(","payload":")" + mime + "\"";
    if (!content.empty())
      text += ",\"_payload\":{\"extension\":[" + extension("backport-payload-content", "Code", "\"" + content + "\"") + "]}";
    if (!headers.empty()) text += ",\"header\":[" + quoted(headers) + "]";
    return text + "}}";
  }

  /// One of the guide's extensions.
  static std::string extension(const std::string& name, const std::string& type, const std::string& value) {
    return R"({"url":"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/)" + name + "\",\"value" + type +
           "\":" + value + "}";
  }

 private:
  std::string filter_extensions() const {
    std::string text;
    for (const std::string& filter : filters) {
      text += (text.empty() ? "" : ",") + extension("backport-filter-criteria", "String", "\"" + filter + "\"");
    }
    return text;
  }
  static std::string quoted(const std::vector<std::string>& list) {
    std::string text;
    for (const std::string& item : list) text += (text.empty() ? "\"" : ",\"") + item + "\"";
    return text;
  }
};

}  // namespace vardbron::subscription
