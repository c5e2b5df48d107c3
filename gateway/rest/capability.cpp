// Tested by tests/rest/service_test.cpp.

#include "gateway/base/version.h"
#include "gateway/care/chain/profiles.h"
#include "gateway/exchange/act.h"
#include "gateway/formats/json/composer.h"
#include "gateway/rest/answer_form.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/measure_report.h"
#include "gateway/rest/own_definitions.h"
#include "gateway/rest/search_wish.h"
#include "gateway/search/parameter.h"
#include "gateway/search/place.h"
#include "gateway/search/served.h"
#include "gateway/subscription/topic.h"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace vardbron::rest {

namespace {

constexpr std::string_view statement_date = "2026-12-01";
constexpr std::string_view care_manager_profile = "https://fhir.inera.se/ig/careteam/StructureDefinition/RIVCareManager-careteam";
constexpr std::string_view backport = "http://hl7.org/fhir/uv/subscriptions-backport/";

// Properties for which the statement has no element.
constexpr std::string_view documentation =
    "$process-message with Prefer: respond-async is answered with 202, and its Content-Location tells what became of the "
    "message. Of a Task a party writes status, statusReason and notes. Prefer: return is obeyed by writes, Prefer: handling by "
    "searches. A time without a zone in a search is taken as UTC, and a day is the day in UTC.";

constexpr std::string_view care_team_in_r5 =
    "In FHIR R5, in the shape of Inera's RIVCareManager 0.9, for who accepts application/fhir+json; fhirVersion=5.0, or the same "
    "of "
    "fhir+xml: read, vread, history and search, without _include. What R5 has no place for is refused with 406, or carried in "
    "R5's "
    "extension for it, as CareTeam.encounter is.";

void add_interactions(json::Composer& json, std::initializer_list<std::string_view> codes) {
  json.begin_list("interaction");
  for (std::string_view code : codes) json.begin_object().text("code", code).end_object();
  json.end_list();
}

void add_parameter(json::Composer& json, std::string_view name, std::string_view type) {
  json.begin_object().text("name", name).text("type", type).end_object();
}

// What _include and _revinclude may name.
void add_includes(json::Composer& json, std::span<const search::KeptReference> references, std::string_view type) {
  json.begin_list("searchInclude").text("*");
  for (const search::KeptReference& each : references) {
    if (each.type == type) json.text(std::string(type).append(":").append(each.parameter));
  }
  json.end_list();
  auto reaches = [&](const search::KeptReference& each) {
    return std::find(each.targets.begin(), each.targets.end(), type) != each.targets.end();
  };
  if (std::none_of(references.begin(), references.end(), reaches)) return;
  json.begin_list("searchRevInclude");
  for (const search::KeptReference& each : references) {
    if (reaches(each)) json.text(std::string(each.type).append(":").append(each.parameter));
  }
  json.end_list();
}

void add_operation(json::Composer& json, std::string_view name, std::string_view definition) {
  json.begin_object().text("name", name).text("definition", definition).end_object();
}

std::string documentation_of(const exchange::ActType* act, bool is_in_r5) {
  std::string says;
  if (act != nullptr)
    says.append(act->may_create ? "POST and PUT are acts: " : "PUT is an act: ")
        .append(act->keeps)
        .append(". ")
        .append(act->ends);
  if (is_in_r5) says.append(says.empty() ? "" : " ").append(care_team_in_r5);
  return says;
}

void add_profiles(json::Composer& json, std::string_view type) {
  const auto is_of_type = [&](const care::Profile& each) { return each.type == type; };
  if (std::none_of(care::profiles().begin(), care::profiles().end(), is_of_type)) return;  // FHIR JSON has no empty list
  json.begin_list("supportedProfile");
  for (const care::Profile& each : care::profiles())
    if (is_of_type(each)) json.text(each.canonical);
  json.end_list();
}

void add_served(json::Composer& json, const fhir::Definitions& definitions, std::span<const search::KeptReference> references,
                std::string_view type, bool has_r5) {
  json.begin_object().text("type", type);
  add_profiles(json, type);
  const exchange::ActType* act = exchange::find_act(type);
  if (const std::string says = documentation_of(act, type == "CareTeam" && has_r5); !says.empty())
    json.text("documentation", says);
  if (act != nullptr && act->may_create)
    add_interactions(json, {"read", "vread", "history-instance", "history-type", "search-type", "update", "create"});
  else if (act != nullptr || type == "Task")
    add_interactions(json, {"read", "vread", "history-instance", "history-type", "search-type", "update"});
  else
    add_interactions(json, {"read", "vread", "history-instance", "history-type", "search-type"});
  json.text("versioning", "versioned").boolean("readHistory", true);
  add_includes(json, references, type);
  json.begin_list("searchParam");
  for (const search::ServedParameter& each : search::served_parameters(definitions, type)) {
    add_parameter(json, each.code, each.type);
  }
  json.end_list();
  if (type == "Patient") {
    json.begin_list("operation");
    add_operation(json, "everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything");
    json.end_list();
  }
  json.end_object();
}

std::string of_backport(std::string_view rest) { return std::string(backport).append(rest); }

// Source: backport guide 1.1.0, conformance: topics are listed on the Subscription entry of the statement.
void add_subscription(json::Composer& json) {
  json.begin_object().text("type", "Subscription").begin_list("extension");
  for (const subscription::Topic& topic : subscription::topics()) {
    json.begin_object().text("url", of_backport("StructureDefinition/capabilitystatement-subscriptiontopic-canonical"));
    json.text("valueCanonical", topic.canonical).end_object();
  }
  json.end_list().begin_list("supportedProfile").text(of_backport("StructureDefinition/backport-subscription")).end_list();
  add_interactions(json, {"read", "create", "update", "delete", "search-type"});
  json.boolean("conditionalCreate", true).begin_list("searchParam");
  add_parameter(json, "url", "uri");
  add_parameter(json, "status", "token");
  add_parameter(json, "criteria", "string");
  json.end_list().begin_list("operation");
  add_operation(json, "status", of_backport("OperationDefinition/backport-subscription-status"));
  add_operation(json, "events", of_backport("OperationDefinition/backport-subscription-events"));
  json.end_list().end_object();
}

void add_audit_event(json::Composer& json) {
  json.begin_object().text("type", "AuditEvent");
  add_interactions(json, {"read", "search-type"});
  json.begin_list("searchParam");
  add_parameter(json, "patient", "reference");
  add_parameter(json, "date", "date");
  add_parameter(json, "agent", "reference");
  add_parameter(json, "entity", "reference");
  json.end_list().end_object();
}

void add_measure(json::Composer& json) {
  json.begin_object().text("type", "Measure").begin_list("operation");
  add_operation(json, "evaluate-measure", month_operation);
  json.end_list().end_object();
}

// The definitions of fhir-profiles: they have one version each.
void add_definitions(json::Composer& json, std::string_view type) {
  json.begin_object().text("type", type);
  add_interactions(json, {"read", "search-type"});
  json.text("versioning", "no-version").begin_list("searchParam");
  add_parameter(json, "_id", "token");
  add_parameter(json, "name", "string");
  add_parameter(json, url_parameter(type), type == "NamingSystem" ? "string" : "uri");
  json.end_list().end_object();
}

void add_software(json::Composer& json, const std::string& base_url) {
  json.begin_object("software").text("name", "Vårdbron").text("version", version()).end_object();
  json.begin_object("implementation").text("description", "Integration gateway for the Swedish discharge process");
  json.text("url", base_url).end_object();
}

// What is served in R5: CareTeam alone.
http::Response capabilities_r5(const ServiceParts& parts, const Call& call) {
  Result<AnswerForm> form = AnswerForm::of(parts, call);
  if (!form) return refusal(call, 406, form.failure(), parts.definitions);
  json::Composer json(2048);
  json.begin_object().text("resourceType", "CapabilityStatement").text("status", "active").text("date", statement_date);
  json.text("kind", "instance");
  add_software(json, parts.base_url);
  json.text("fhirVersion", "5.0.0");
  json.begin_list("format").text("application/fhir+json").text("application/fhir+xml").end_list();
  json.begin_list("rest").begin_object().text("mode", "server").begin_list("resource").begin_object().text("type", "CareTeam");
  json.begin_list("supportedProfile").text(care_manager_profile).end_list().text("documentation", care_team_in_r5);
  add_interactions(json, {"read", "vread", "history-instance", "history-type", "search-type"});
  json.text("versioning", "versioned").boolean("readHistory", true).begin_list("searchParam");
  const fhir::Definitions& r5 = form->definitions();
  for (const search::ServedParameter& each : search::served_parameters(parts.definitions, "CareTeam"))
    if (search::find_parameter(r5, r5.find_type("CareTeam"), each.code) != nullptr) add_parameter(json, each.code, each.type);
  json.end_list().end_object().end_list().end_object().end_list().end_object();
  return fhir_answer(call, 200, json.finish(), r5);
}

}  // namespace

// Anybody may read it: it describes the software and nothing of its data.
http::Response capabilities(const ServiceParts& parts, const Call& call) {
  if (call.release == Release::R5) return capabilities_r5(parts, call);
  json::Composer json(8192);
  json.begin_object().text("resourceType", "CapabilityStatement").text("status", "active").text("date", statement_date);
  json.text("kind", "instance").begin_list("instantiates");
  json.text(of_backport("CapabilityStatement/backport-subscription-server-r4")).end_list();
  add_software(json, parts.base_url);
  json.text("fhirVersion", "4.0.1");
  json.begin_list("format").text("application/fhir+json").text("application/fhir+xml").end_list();
  json.begin_list("rest").begin_object().text("mode", "server").text("documentation", documentation).begin_list("resource");
  const std::vector<search::KeptReference> references = search::kept_references(parts.definitions);
  const bool has_r5 = AnswerForm::has_r5(parts);
  for (std::string_view type : search::served()) add_served(json, parts.definitions, references, type, has_r5);
  add_subscription(json);
  add_measure(json);
  if (parts.own_definitions != nullptr)
    for (const std::string_view type : definition_types()) add_definitions(json, type);
  add_audit_event(json);
  json.end_list().begin_list("operation");
  add_operation(json, "process-message", "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message");
  json.end_list().end_object().end_list().end_object();
  return fhir_answer(call, 200, json.finish(), parts.definitions);
}

}  // namespace vardbron::rest
