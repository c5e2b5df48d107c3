#include "gateway/rest/routes.h"

#include "gateway/base/excerpt.h"
#include "gateway/base/text.h"
#include "gateway/rest/handlers.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace vardbron::rest {

namespace {

constexpr std::string_view version_label = "/fhir/{type}/{id}/_history/{version}";
constexpr std::string_view type_label = "/fhir/{type}", resource_label = "/fhir/{type}/{id}";
constexpr std::string_view measure_label = "/fhir/Measure/{id}/$evaluate-measure";

// clang-format off
constexpr std::array table{
    Route{"GET", "/health", Right::Open, health},
    Route{"GET", "/ready", Right::Open, ready},
    Route{"GET", "/metrics", Right::Open, metrics},
    Route{"POST", "/intake/{channel}", Right::Intake, take_from_channel},
    Route{"GET", "/fhir/metadata", Right::Open, capabilities},
    Route{"POST", "/fhir/$process-message", Right::Intake, take_message},
    Route{"GET", "/fhir/$message-status/{id}", Right::Known, message_status},
    Route{"POST", "/fhir/$reload-maps", Right::Operate, reload_maps},
    Route{"POST", "/fhir/$rollback-maps", Right::Operate, roll_back_maps},
    Route{"GET", "/fhir/Subscription/$status", Right::Subscribe, subscription_status},
    Route{"POST", "/fhir/Subscription/$status", Right::Subscribe, subscription_status},
    Route{"GET", "/fhir/Subscription/{id}/$status", Right::Subscribe, subscription_status},
    Route{"POST", "/fhir/Subscription/{id}/$status", Right::Subscribe, subscription_status},
    Route{"GET", "/fhir/Subscription/{id}/$events", Right::Subscribe, subscription_events},
    Route{"POST", "/fhir/Subscription/{id}/$events", Right::Subscribe, subscription_events},
    Route{"GET", "/fhir/Subscription/_search", Right::Subscribe, search_subscriptions, "/fhir/Subscription/{id}"},
    Route{"POST", "/fhir/Subscription/_search", Right::Subscribe, search_subscriptions, "/fhir/Subscription/{id}"},
    Route{"GET", "/fhir/Subscription/{id}/_history/{version}", Right::Subscribe, read_subscription_version, version_label},
    Route{"GET", "/fhir/Subscription/{id}", Right::Subscribe, read_subscription},
    Route{"PUT", "/fhir/Subscription/{id}", Right::Subscribe, update_subscription, "", Obeys::IfMatch},
    Route{"DELETE", "/fhir/Subscription/{id}", Right::Subscribe, end_subscription, "", Obeys::IfMatch},
    Route{"GET", "/fhir/Subscription", Right::Subscribe, search_subscriptions},
    Route{"POST", "/fhir/Subscription", Right::Subscribe, create_subscription, "", Obeys::IfNoneExist},
    Route{any_method, "/fhir/Subscription/{...}", Right::Subscribe, nothing_here, other_route},
    Route{"GET", "/fhir/Measure/$evaluate-measure", Right::Search, evaluate_measure, measure_label},
    Route{"POST", "/fhir/Measure/$evaluate-measure", Right::Search, evaluate_measure, measure_label},
    Route{"GET", "/fhir/Measure/{id}/$evaluate-measure", Right::Search, evaluate_measure},
    Route{"POST", "/fhir/Measure/{id}/$evaluate-measure", Right::Search, evaluate_measure},
    Route{"GET", "/fhir/CodeSystem/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"POST", "/fhir/CodeSystem/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"GET", "/fhir/CodeSystem/_history", Right::Known, nothing_here, "/fhir/{type}/_history"},
    Route{"GET", "/fhir/CodeSystem/{id}", Right::Known, read_definition, resource_label},
    Route{"GET", "/fhir/CodeSystem", Right::Known, search_definitions, type_label},
    Route{"GET", "/fhir/NamingSystem/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"POST", "/fhir/NamingSystem/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"GET", "/fhir/NamingSystem/_history", Right::Known, nothing_here, "/fhir/{type}/_history"},
    Route{"GET", "/fhir/NamingSystem/{id}", Right::Known, read_definition, resource_label},
    Route{"GET", "/fhir/NamingSystem", Right::Known, search_definitions, type_label},
    Route{"GET", "/fhir/StructureDefinition/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"POST", "/fhir/StructureDefinition/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"GET", "/fhir/StructureDefinition/_history", Right::Known, nothing_here, "/fhir/{type}/_history"},
    Route{"GET", "/fhir/StructureDefinition/{id}", Right::Known, read_definition, resource_label},
    Route{"GET", "/fhir/StructureDefinition", Right::Known, search_definitions, type_label},
    Route{"GET", "/fhir/ValueSet/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"POST", "/fhir/ValueSet/_search", Right::Known, search_definitions, "/fhir/{type}/_search"},
    Route{"GET", "/fhir/ValueSet/_history", Right::Known, nothing_here, "/fhir/{type}/_history"},
    Route{"GET", "/fhir/ValueSet/{id}", Right::Known, read_definition, resource_label},
    Route{"GET", "/fhir/ValueSet", Right::Known, search_definitions, type_label},
    Route{"POST", "/fhir/AuditEvent/$loggutdrag", Right::Search, extract_log},
    Route{"GET", "/fhir/AuditEvent/_search", Right::Search, search_audit_events, "/fhir/{type}/_search"},
    Route{"POST", "/fhir/AuditEvent/_search", Right::Search, search_audit_events, "/fhir/{type}/_search"},
    Route{"GET", "/fhir/AuditEvent", Right::Search, search_audit_events, "/fhir/{type}"},
    Route{"GET", "/fhir/{type}/_search", Right::Search, search_resources},
    Route{"POST", "/fhir/{type}/_search", Right::Search, search_resources},
    Route{"GET", "/fhir/{type}/_history", Right::Search, type_history},
    Route{"GET", "/fhir/{type}/{id}/_history", Right::Read, resource_history},
    Route{"GET", "/fhir/Patient/{id}/$everything", Right::Search, patient_everything},
    Route{"POST", "/fhir/Patient/{id}/$everything", Right::Search, patient_everything},
    Route{"GET", "/fhir/Patient/{id}/{kind}", Right::Search, search_compartment},
    Route{"GET", "/fhir/AuditEvent/{id}", Right::Read, read_audit_event, "/fhir/{type}/{id}"},
    Route{"GET", "/fhir/Task/{id}", Right::Read, read_resource},
    Route{"PUT", "/fhir/Task/{id}", Right::Update, update_task, "", Obeys::IfMatch},
    Route{"GET", "/fhir/CareTeam/{id}", Right::Read, read_resource, resource_label},
    Route{"PUT", "/fhir/CareTeam/{id}", Right::Update, write_act, resource_label, Obeys::IfMatch},
    Route{"GET", "/fhir/CareTeam", Right::Search, search_resources, type_label},
    Route{"POST", "/fhir/CareTeam", Right::Update, write_act, type_label},
    Route{"GET", "/fhir/CarePlan/{id}", Right::Read, read_resource, resource_label},
    Route{"PUT", "/fhir/CarePlan/{id}", Right::Update, write_act, resource_label, Obeys::IfMatch},
    Route{"GET", "/fhir/CarePlan", Right::Search, search_resources, type_label},
    Route{"POST", "/fhir/CarePlan", Right::Update, write_act, type_label},
    Route{"GET", "/fhir/Appointment/{id}", Right::Read, read_resource, resource_label},
    Route{"PUT", "/fhir/Appointment/{id}", Right::Update, write_act, resource_label, Obeys::IfMatch},
    Route{"GET", "/fhir/Appointment", Right::Search, search_resources, type_label},
    Route{"POST", "/fhir/Appointment", Right::Update, write_act, type_label},
    Route{"GET", "/fhir/Consent/{id}", Right::Read, read_resource, resource_label},
    Route{"PUT", "/fhir/Consent/{id}", Right::Update, write_act, resource_label, Obeys::IfMatch},
    Route{"GET", "/fhir/Consent", Right::Search, search_resources, type_label},
    Route{"POST", "/fhir/Consent", Right::Update, write_act, type_label},
    Route{"GET", "/fhir/Communication/{id}", Right::Read, read_resource, resource_label},
    Route{"PUT", "/fhir/Communication/{id}", Right::Update, write_act, resource_label, Obeys::IfMatch},
    Route{"GET", "/fhir/{type}/{id}/_history/{version}", Right::Read, read_resource},
    Route{"GET", "/fhir/{type}/{id}", Right::Read, read_resource},
    Route{"GET", "/fhir/{type}", Right::Search, search_resources},
    Route{"GET", "/operate/quarantine", Right::Operate, list_quarantine},
    Route{"GET", "/operate/quarantine/{number}", Right::Operate, show_quarantined, other_route},
    Route{"POST", "/operate/quarantine/{number}/replay", Right::Operate, replay_quarantined},
    Route{"GET", "/operate/journal", Right::Operate, verify_journal},
    Route{"GET", "/operate/verify", Right::Operate, verify_store},
    Route{"GET", "/operate/clock", Right::Operate, show_clock},
    Route{"POST", "/operate/clock", Right::Operate, accept_clock},
    Route{"POST", "/operate/clock/repair", Right::Operate, repair_cases_of_clock},
    Route{any_method, "/operate/{...}", Right::Operate, nothing_here, other_route},
};
// clang-format on

struct Labels {
  std::array<std::string_view, table.size() + 2> all{};
  std::size_t count = 0;

  constexpr void add(std::string_view label) {
    const auto end = all.begin() + count;
    if (std::find(all.begin(), end, label) == end) all[count++] = label;
  }
};

constexpr std::string_view label_of(const Route& row) { return row.label.empty() ? row.path : row.label; }

constexpr Labels distinct = [] {
  Labels made;
  for (const Route& row : table) made.add(label_of(row));
  made.add(other_route);
  made.add(unread_route);
  return made;
}();

bool fits(std::string_view pattern, const std::vector<std::string>& path) {
  for (const std::string& segment : path) {
    if (pattern == further_segments) return true;
    if (!pattern.starts_with('/')) return false;
    pattern.remove_prefix(1);
    const std::string_view part = pattern.substr(0, pattern.find('/'));
    if (!part.starts_with('{') && part != segment) return false;
    pattern.remove_prefix(part.size());
  }
  return pattern.empty() || pattern == further_segments;
}

constexpr std::size_t named_bytes_max = 60;

/// "$everything" of its path; "" = the path is of no operation.
std::string_view operation_of(std::string_view path) {
  const std::size_t at = path.find("/$");
  if (at == std::string_view::npos) return {};
  const std::string_view name = path.substr(at + 1);
  return name.substr(0, name.find('/'));
}

}  // namespace

std::span<const Route> routes() { return table; }

std::span<const std::string_view> labels() { return std::span(distinct.all).first(distinct.count); }

std::span<const Route> rows_of(const std::vector<std::string>& path, std::span<const Route> rows) {
  const auto first = std::find_if(rows.begin(), rows.end(), [&](const Route& row) { return fits(row.path, path); });
  const auto last = std::find_if(first, rows.end(), [&](const Route& row) { return row.path != first->path; });
  return {first, last};
}

const Route* row_of(std::span<const Route> rows, std::string_view method) {
  const std::string_view asked = method == "HEAD" ? "GET" : method;
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Route& row) { return row.method == asked || row.method == any_method; });
  return found == rows.end() ? nullptr : &*found;
}

std::string allowed_methods(std::span<const Route> rows) {
  std::string methods;
  for (const Route& row : rows) {
    methods.append(methods.empty() ? "" : ", ").append(row.method);
    if (row.method == "GET") methods += ", HEAD";
  }
  return methods;
}

std::string unknown_operation(const std::vector<std::string>& path) {
  const auto named = std::find_if(path.begin(), path.end(), [](const std::string& part) { return part.starts_with('$'); });
  const std::span<const Route> rows = rows_of(path);
  if (named == path.end() || (!rows.empty() && rows.front().path.find("/$") != std::string_view::npos)) return {};
  std::vector<std::string_view> names;
  for (const Route& row : table)
    if (const std::string_view name = operation_of(row.path); !name.empty()) names.push_back(name);
  const std::string says = "There is no operation " + excerpt(*named, named_bytes_max) + " here.";
  const std::string_view meant = nearest(*named, names);
  if (meant.empty()) return says + " /fhir/metadata lists those that there are.";
  const auto is_it = [&](const Route& row) { return operation_of(row.path) == meant; };
  return says + " Did you mean " + std::string(std::find_if(table.begin(), table.end(), is_it)->path) + "?";
}

std::string_view label_of(std::span<const Route> rows) { return rows.empty() ? other_route : label_of(rows.front()); }

}  // namespace vardbron::rest
