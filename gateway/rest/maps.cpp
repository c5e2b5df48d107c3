// Tested by tests/rest/service_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/base/counted.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/formats/json/write.h"
#include "gateway/rest/handlers.h"

#include <utility>

namespace vardbron::rest {

namespace {

// Places of maps and cases are file:line:column, which is no FHIRPath: they are part of the text.
fhir::Issue issue_of(const Failure& failure) {
  fhir::Issue issue;
  issue.code = std::string(fhir::issue_type(failure.cause));
  issue.says = failure.where.empty() ? failure.says : failure.where + ": " + failure.says;
  return issue;
}

std::string in_words(const exchange::MapChange& change) {
  std::string words = change.is_new ? "New maps are in use: " : "The maps in use are what they were: ";
  words += counted(change.maps, "map");
  if (change.cases > 0) words += ", " + counted(change.cases, "case") + (change.cases == 1 ? " passes" : " pass");
  return words + ". Digest " + change.digest + ".";
}

std::string outcome_of(const exchange::MapChange& change, const ServiceParts& parts) {
  std::vector<fhir::Issue> issues;
  for (const Failure& failure : change.failures) issues.push_back(issue_of(failure));
  issues.push_back({fhir::Severity::Information, "informational", in_words(change), ""});
  return json::write(fhir::operation_outcome(issues, parts.definitions.names()));
}

Task<http::Response> outcome(const ServiceParts& parts, Call call, std::string did, exchange::MapChange change) {
  if (!change.failures.empty()) did += ", refused";
  std::vector<store::AuditRow> rows;
  rows.push_back(access::operated(call.caller, "maps", did + ", maps " + change.digest));
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  co_return fhir_answer(call, change.failures.empty() ? 200 : 422, outcome_of(change, parts), parts.definitions);
}

}  // namespace

Task<http::Response> reload_maps(const ServiceParts& parts, Call call) {
  if (parts.maps == nullptr) co_return not_found(parts, call);
  exchange::MapChange change = co_await parts.maps->reload();
  co_return co_await outcome(parts, std::move(call), "reloaded", std::move(change));
}

Task<http::Response> roll_back_maps(const ServiceParts& parts, Call call) {
  if (parts.maps == nullptr) co_return not_found(parts, call);
  exchange::MapChange change = co_await parts.maps->roll_back();
  co_return co_await outcome(parts, std::move(call), "rolled back", std::move(change));
}

}  // namespace vardbron::rest
