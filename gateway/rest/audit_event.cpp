#include "gateway/rest/audit_event.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"
#include "gateway/sweden/identifier_system.h"

#include <algorithm>
#include <array>

namespace vardbron::rest {

namespace {

constexpr std::string_view dicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr std::string_view event_type = "http://terminology.hl7.org/CodeSystem/audit-event-type";
constexpr std::string_view interaction = "http://hl7.org/fhir/restful-interaction";
constexpr std::string_view lifecycle = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
constexpr std::string_view entity_type = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
constexpr std::string_view entity_role = "http://terminology.hl7.org/CodeSystem/object-role";
constexpr std::string_view source_type = "http://terminology.hl7.org/CodeSystem/security-source-type";
constexpr std::string_view destination_role = "110152", source_role = "110153";
constexpr std::string_view export_code = "110106", application_code = "110100";

/// What the words of a row are in FHIR.
struct Kind {
  std::string_view word;
  std::string_view type_system, type;
  std::string_view subtype_system, subtype;  ///< "" = none
  std::string_view action;                   ///< R4 value set audit-event-action
  bool is_client_destination = false;        ///< data goes to whom the row names
};

constexpr std::array<Kind, 9> kinds = {{
    {"read", event_type, "rest", interaction, "read", "R", true},
    {"search", event_type, "rest", interaction, "search", "E", false},
    {"intake", event_type, "rest", interaction, "operation", "C", false},
    {"update", event_type, "rest", interaction, "update", "U", false},
    {"deliver", dicom, export_code, lifecycle, "disclose", "R", true},
    {"withhold", dicom, export_code, lifecycle, "disclose", "R", true},
    {"extract", dicom, export_code, lifecycle, "disclose", "R", true},
    {"refuse", event_type, "rest", "", "", "E", false},
    {"time", dicom, application_code, "", "", "U", false},
}};
constexpr Kind other = {"", dicom, application_code, "", "", "E", false};

const Kind& kind_of(std::string_view action) {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& each) { return each.word == action; });
  return found == kinds.end() ? other : *found;
}

void add_coding(json::Composer& json, std::string_view system, std::string_view code) {
  json.begin_object().text("system", system).text("code", code).end_object();
}

void add_role(json::Composer& json, std::string_view role) {
  json.begin_object("type").begin_list("coding");
  add_coding(json, dicom, role);
  json.end_list().end_object();
}

void add_caller(json::Composer& json, const store::AuditRow& row, const Kind& kind, bool is_requestor) {
  json.begin_object();
  add_role(json, kind.is_client_destination ? destination_role : source_role);
  json.begin_object("who").text("type", "Organization");
  if (row.caller.empty())
    json.text("display", "Unknown caller");
  else
    json.begin_object("identifier")
        .text("system", sweden::system_uri(sweden::IdentifierSystem::HsaId))
        .text("value", row.caller)
        .end_object();
  json.end_object().boolean("requestor", is_requestor).end_object();
}

void add_gateway(json::Composer& json, const Kind& kind, bool is_requestor) {
  json.begin_object();
  add_role(json, kind.is_client_destination ? source_role : destination_role);
  json.begin_object("who").text("display", "Vårdbron").end_object().boolean("requestor", is_requestor).end_object();
}

void begin_entity(json::Composer& json, std::string_view type, std::string_view role) {
  json.begin_object();
  json.key("type");
  add_coding(json, entity_type, type);
  json.key("role");
  add_coding(json, entity_role, role);
}

void add_entities(json::Composer& json, const store::AuditRow& row, std::string_view patient) {
  const bool is_reference = split(row.subject, '/').size() == 2 && row.subject.find_first_of(" $_") == std::string::npos;
  if (patient.empty() && row.subject.empty() && row.says.empty()) return;
  json.begin_list("entity");
  if (!patient.empty()) {
    begin_entity(json, "1", "1");  // a person; the patient
    json.begin_object("what").text("reference", patient).end_object().end_object();
  }
  if (!row.subject.empty() || !row.says.empty()) {
    begin_entity(json, "2", row.action == "search" ? "24" : "4");  // a system object; a query or a domain resource
    if (is_reference) json.begin_object("what").text("reference", row.subject).end_object();
    if (!is_reference && !row.subject.empty()) json.text("name", row.subject);
    if (!row.says.empty()) json.text("description", row.says);
    json.end_object();
  }
  json.end_list();
}

}  // namespace

std::string audit_event(const store::AuditRow& row, std::string_view id, std::string_view patient) {
  const Kind& kind = kind_of(row.action);
  const std::string recorded = to_instant(row.at);
  const bool has_failed = row.action == "refuse" || row.action == "withhold";
  const bool is_gateways = row.action == "deliver" || row.action == "withhold" || row.action == "time";
  json::Composer json;
  json.begin_object().text("resourceType", "AuditEvent").text("id", id);
  json.begin_object("meta").text("versionId", "1").text("lastUpdated", recorded).end_object();
  json.key("type");
  add_coding(json, kind.type_system, kind.type);
  if (!kind.subtype.empty()) {
    json.begin_list("subtype");
    add_coding(json, kind.subtype_system, kind.subtype);
    json.end_list();
  }
  json.text("action", kind.action).text("recorded", recorded);
  json.text("outcome", has_failed ? "4" : "0");
  if (has_failed && !row.says.empty()) json.text("outcomeDesc", row.says);
  json.begin_list("agent");
  if (row.action != "time") add_caller(json, row, kind, !is_gateways);
  add_gateway(json, kind, is_gateways);
  json.end_list();
  json.begin_object("source").begin_object("observer").text("display", "Vårdbron").end_object().begin_list("type");
  add_coding(json, source_type, "4");  // an application server
  json.end_list().end_object();
  add_entities(json, row, patient);
  return json.end_object().finish();
}

}  // namespace vardbron::rest
