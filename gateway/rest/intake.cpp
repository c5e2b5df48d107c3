#include "gateway/access/rules.h"
#include "gateway/http/negotiation.h"
#include "gateway/rest/routes.h"

#include <utility>

namespace vardbron::rest {

namespace {

unsigned status_of(const exchange::Receipt& receipt) {
  switch (receipt.outcome) {
    case store::Outcome::Stored:
    case store::Outcome::Duplicate: return 200;
    case store::Outcome::Pending: return 202;
    case store::Outcome::Quarantined:
      if (receipt.refused && receipt.refused->cause == Cause::TooLarge) return 413;
      return receipt.refused && receipt.refused->cause == Cause::Forbidden ? 403 : 422;
  }
  return 500;
}

std::string_view name_of(store::Outcome outcome) {
  switch (outcome) {
    case store::Outcome::Stored: return "stored";
    case store::Outcome::Duplicate: return "duplicate";
    case store::Outcome::Pending: return "pending";
    case store::Outcome::Quarantined: return "quarantined";
  }
  return "";
}

void count(const ServiceParts& parts, std::string_view outcome) {
  parts.metrics
      .counter("vardbron_notices_total", "Notices that came in, by what became of them.", {{"outcome", std::string(outcome)}})
      .add();
}

}  // namespace

// The receipt is written after the commit and never before it; the path sees to that.
Task<http::Response> take_notice(const ServiceParts& parts, Call call, std::string channel) {
  Result<void> allowed = access::require(call.caller, access::Right::Send);
  if (!allowed) co_return co_await forbid(parts, std::move(call), "intake", std::move(allowed).failure());
  const bool later = !http::preference(call.request.fields, "respond-async").empty();
  std::string content_type(http::find(call.request.fields, "Content-Type"));
  exchange::Envelope envelope{call.caller, std::move(channel), std::move(content_type), std::move(call.request.body)};
  const Instant began = parts.clock.now();
  Task<Result<exchange::Receipt>> work =
      later ? parts.path.accept_later(std::move(envelope)) : parts.path.accept(std::move(envelope));
  Result<exchange::Receipt> receipt = co_await std::move(work);
  const double seconds = std::chrono::duration<double>(parts.clock.now() - began).count();
  parts.metrics.histogram("vardbron_receipt_seconds", "From a notice's last byte to its receipt.").observe(seconds);
  if (!receipt) {
    count(parts, "refused");
    co_return refusal(call, receipt.failure(), parts.definitions);
  }
  count(parts, receipt->is_held ? "held" : name_of(receipt->outcome));
  if (later) parts.backlog.wake();
  http::Response response = fhir_answer(call, status_of(*receipt), std::move(receipt->text), parts.definitions);
  response.fields.push_back({"X-Journal-Number", std::to_string(receipt->journal_number)});
  co_return response;
}

}  // namespace vardbron::rest
