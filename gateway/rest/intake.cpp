// Tested by tests/rest/service_test.cpp and tests/rest/message_status_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/base/uuid.h"
#include "gateway/exchange/channel.h"
#include "gateway/http/negotiation.h"
#include "gateway/rest/handlers.h"

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

// Source: FHIR R4 async.html: where to ask, and when to ask again.
http::Response answer_of(const ServiceParts& parts, const Call& call, exchange::Receipt receipt) {
  http::Response response = fhir_answer(call, status_of(receipt), std::move(receipt.text), parts.definitions);
  response.is_logged = receipt.outcome == store::Outcome::Quarantined;
  if (response.status == 202) {
    response.fields.push_back({"Content-Location", parts.base_url + "/$message-status/" + receipt.journal_id});
    response.fields.push_back({"Retry-After", "1"});
  }
  response.fields.push_back({"X-Journal-Id", std::move(receipt.journal_id)});
  return response;
}

// Nothing, also if it is another sender's: no sender learns what others sent, or how much.
Task<Result<store::JournalEntry>> entry_of_sender(const ServiceParts& parts, const Call& call) {
  const Failure none{Cause::NotFound, "There is nothing here.", ""};
  const std::string& id = call.target.segments[2];
  if (!is_uuid(id) || !call.caller.may_send) co_return none;
  Result<store::JournalEntry> entry = co_await parts.store.journal_entry(call.caller.organisation, id);
  if (!entry && entry.failure().cause == Cause::NotFound) co_return none;
  if (entry && entry->message.channel == exchange::task_channel) co_return none;
  co_return entry;
}

// The canonical notice needs no map: its channel is always there (app adds it) and has this name.
constexpr std::string_view message_channel = "fhir";

// The receipt is written after the commit and never before it; the path ensures that.
Task<http::Response> take_notice(const ServiceParts& parts, Call call, std::string channel) {
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
  http::Response response = answer_of(parts, call, std::move(*receipt));
  if (later) response.fields.push_back({"Preference-Applied", "respond-async"});
  const bool is_asked_for = http::preference(call.request.fields, "return") == "OperationOutcome";
  if (is_asked_for) response.fields.push_back({"Preference-Applied", "return=OperationOutcome"});
  co_return response;
}

}  // namespace

Task<http::Response> take_from_channel(const ServiceParts& parts, Call call) {
  std::string channel = call.target.segments[1];
  co_return co_await take_notice(parts, std::move(call), std::move(channel));
}

Task<http::Response> take_message(const ServiceParts& parts, Call call) {
  co_return co_await take_notice(parts, std::move(call), std::string(message_channel));
}

// The answer is made from the journal, so it survives a restart, as long as the journal is kept. A caller without the right to
// send gets the same answer as any other who is not the message's sender.
Task<http::Response> message_status(const ServiceParts& parts, Call call) {
  const std::string subject = "message/" + call.target.segments[2];
  Result<store::JournalEntry> entry = co_await entry_of_sender(parts, call);
  const bool is_none = !entry && entry.failure().cause == Cause::NotFound;
  if (!entry && !is_none) co_return refusal(call, entry.failure(), parts.definitions);
  std::vector<store::AuditRow> rows;
  if (is_none) rows.push_back(access::refused(call.caller, "read", "message", "not there, or another's"));
  if (entry && entry->outcome != store::Outcome::Pending) rows.push_back(access::shown(call.caller, subject, ""));
  if (!rows.empty()) {
    Result<void> noted = co_await parts.store.audit(std::move(rows));
    if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  }
  if (is_none) co_return refusal(call, entry.failure(), parts.definitions);
  Result<exchange::Receipt> receipt = exchange::receipt_of(*entry);
  if (!receipt) co_return refusal(call, receipt.failure(), parts.definitions);
  co_return answer_of(parts, call, std::move(*receipt));
}

}  // namespace vardbron::rest
