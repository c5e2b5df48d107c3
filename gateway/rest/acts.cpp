// Tested by tests/rest/acts_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/fhir/check.h"
#include "gateway/http/negotiation.h"
#include "gateway/rest/handlers.h"

#include <string>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

using exchange::Acted;

// Of a refused act nothing is kept but that it was refused.
Task<http::Response> refuse_act(const ServiceParts& parts, Call call, Failure failure) {
  std::string subject = call.target.segments[1];
  if (call.target.segments.size() > 2) subject += "/" + call.target.segments[2];
  std::vector<store::AuditRow> rows;
  rows.push_back(access::refused(call.caller, "update", subject, failure.says));
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  co_return refusal(call, status_of_write(failure), failure, parts.definitions);
}

/// Invalid: it is of another type or id than the address. Unsupported: it is no valid FHIR.
Result<void> check_body(const ServiceParts& parts, const Call& call, const tree::Document& body) {
  const std::vector<std::string>& path = call.target.segments;
  if (tree::root(body).text_of("resourceType") != path[1]) return Failure{Cause::Invalid, "This is no " + path[1] + ".", path[1]};
  if (path.size() > 2 && tree::root(body).text_of("id") != path[2])
    return Failure{Cause::Invalid, "The id in the body is not the id of the address.", path[1] + ".id"};
  if (path.size() == 2 && tree::root(body).child("id"))
    return Failure{Cause::Invalid, "The gateway gives the id: leave it out.", path[1] + ".id"};
  const std::vector<fhir::Issue> issues = fhir::check(body, parts.definitions);
  if (issues.empty()) return done();
  Failure failure = fhir::failure_of(issues);
  failure.cause = Cause::Unsupported;
  return failure;
}

unsigned status_of_kept(const exchange::Receipt& receipt) {
  if (!receipt.refused) return 422;
  return receipt.refused->cause == Cause::TooLarge ? 413 : receipt.refused->cause == Cause::Forbidden ? 403 : 422;
}

// What was decided, as the receipt of the notice says it.
http::Response decided(const ServiceParts& parts, const Call& call, unsigned status, const exchange::Receipt& receipt) {
  http::Response response = fhir_answer(call, status, receipt.text, parts.definitions);
  if (http::preference(call.request.fields, "return") == "OperationOutcome")
    response.fields.push_back({"Preference-Applied", "return=OperationOutcome"});
  return response;
}

http::Response carried_out(const ServiceParts& parts, const Call& call, const Acted& acted) {
  const unsigned status = acted.what == Acted::What::Created ? 201 : 200;
  if (!acted.resource) return decided(parts, call, status, *acted.receipt);
  const store::Resource& resource = *acted.resource;
  http::Response response = resource_answer(call, status, resource, parts.definitions);
  const bool gets_receipt = acted.receipt && http::preference(call.request.fields, "return") == "OperationOutcome";
  if (gets_receipt) response.body = fhir_answer(call, status, acted.receipt->text, parts.definitions).body;
  response.fields.push_back(
      {"Location", parts.base_url + "/" + resource.type + "/" + resource.id + "/_history/" + std::to_string(resource.version)});
  return response;
}

http::Response answer_of(const ServiceParts& parts, const Call& call, const Acted& acted) {
  switch (acted.what) {
    case Acted::What::Outdated:  // RFC 9110 13.1.1
      return refusal(call, 412,
                     Failure{Cause::Conflict, "The " + call.target.segments[1] + " has changed since; read it again.",
                             call.target.segments[1] + ".meta.versionId"},
                     parts.definitions);
    case Acted::What::Undone: return decided(parts, call, 422, *acted.receipt);
    case Acted::What::Quarantined: {
      http::Response response = decided(parts, call, status_of_kept(*acted.receipt), *acted.receipt);
      response.is_logged = true;
      return response;
    }
    default: return carried_out(parts, call, acted);
  }
}

}  // namespace

Task<http::Response> write_act(const ServiceParts& parts, Call call) {
  Result<std::int64_t> expected = if_match(call);
  if (!expected) co_return refusal(call, expected.failure(), parts.definitions);
  Result<tree::Document> body = read_body(call, parts.definitions);
  if (!body) co_return refusal(call, body.failure(), parts.definitions);
  const std::vector<std::string>& path = call.target.segments;
  Result<void> checked = check_body(parts, call, *body);
  if (!checked) co_return co_await refuse_act(parts, std::move(call), std::move(checked).failure());
  exchange::ActWish wish{call.caller, path[1], "", std::move(*body), *expected};
  if (path.size() > 2) wish.id = path[2];
  Result<Acted> acted = co_await parts.path.act(std::move(wish));
  if (!acted) co_return co_await refuse_act(parts, std::move(call), std::move(acted).failure());
  http::Response response = answer_of(parts, call, *acted);
  if (acted->receipt) response.fields.push_back({"X-Journal-Id", acted->receipt->journal_id});
  co_return response;
}

}  // namespace vardbron::rest
