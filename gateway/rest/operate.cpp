#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/rest/routes.h"
#include "gateway/store/verify_report.h"

#include <utility>

namespace vardbron::rest {

namespace {

Task<Result<void>> note(const ServiceParts& parts, const Call& call, std::string subject, std::string says) {
  std::vector<store::AuditRow> rows;
  rows.push_back(access::operated(call.caller, subject, says));
  co_return co_await parts.store.audit(std::move(rows));
}

// Line and column, where that is told; names of elements are the sender's words too, and one may be a person's number.
std::string_view place_in(std::string_view where) {
  if (where.ends_with(')')) where = where.substr(where.rfind('(') + 1);
  if (where.ends_with(')')) where.remove_suffix(1);
  const std::size_t colon = where.find(':');
  const bool is_place =
      colon != std::string_view::npos && parse_int(where.substr(0, colon)) && parse_int(where.substr(colon + 1));
  return is_place ? where : std::string_view{};
}

// `says` is what the sender read; only names of our own settings are taken from it.
std::string reason_of(std::string_view code, std::string_view says) {
  if (code == "forbidden") return "Its sender may not speak for the unit it names.";
  if (code == "not-found") return "Its channel is not configured.";
  for (std::string_view limit : {"decisive_notices_per_case", "task_writes_per_case", "notices_per_case"}) {
    if (code == "too-costly" && says.find(limit) != std::string_view::npos) return "It is over " + std::string(limit) + ".";
  }
  if (code == "too-costly") return "It is over a limit.";
  if (code == "exception") return "The gateway failed at it.";
  return "It was not understood.";
}

// The answer that its sender got, without its diagnostics: they may quote what the sender wrote.
std::string reason_text(const std::string& receipt) {
  const tree::Names names;
  Result<tree::Document> outcome = json::parse(receipt, names);
  if (!outcome) return "null";
  const tree::Item issue = tree::root(*outcome).child("issue");
  if (!issue) return "null";
  const std::string_view code = issue.text_of("code"), place = place_in(issue.text_of("expression"));
  std::string json = "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":" + json_quoted(code);
  json.append(",\"diagnostics\":").append(json_quoted(reason_of(code, issue.text_of("diagnostics"))));
  if (!place.empty()) json.append(",\"expression\":[").append(json_quoted(place)).append("]");
  return json + "}]}";
}

// What lies in quarantine, without a word of the messages: number, when, from whom, and why.
Task<http::Response> list_quarantine(const ServiceParts& parts, Call call) {
  const std::int64_t after = parse_int(parameter(call, "after")).value_or(0);
  Result<std::vector<store::JournalEntry>> entries =
      co_await parts.store.journal_entries(store::Outcome::Quarantined, after, limits::search_results_per_page_max);
  if (!entries) co_return refusal(call, entries.failure(), parts.definitions);
  Result<void> noted = co_await note(parts, call, "quarantine", "listed");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  std::string json = "{\"entries\":[";
  for (const store::JournalEntry& entry : *entries) {
    if (&entry != entries->data()) json += ',';
    json.append("{\"number\":").append(std::to_string(entry.number)).append(",\"id\":").append(json_quoted(entry.id));
    json.append(",\"channel\":")
        .append(json_quoted(entry.message.channel))
        .append(",\"sender\":")
        .append(json_quoted(entry.message.sender));
    json.append(",\"received\":").append(json_quoted(to_instant(entry.message.received)));
    json.append(",\"outcome\":").append(reason_text(entry.receipt)).append("}");
  }
  co_return plain_answer(200, "application/json", json.append("]}\n"));
}

Task<http::Response> replay(const ServiceParts& parts, Call call, std::int64_t number) {
  Result<void> noted = co_await note(parts, call, "quarantine/" + std::to_string(number), "replayed");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  Result<exchange::Receipt> receipt = co_await parts.path.replay(number);
  if (!receipt) co_return refusal(call, receipt.failure(), parts.definitions);
  const unsigned status = receipt->outcome == store::Outcome::Quarantined ? 422 : 200;
  http::Response response = fhir_answer(call, status, std::move(receipt->text), parts.definitions);
  response.is_told = status == 422;
  co_return response;
}

Task<http::Response> verify_journal(const ServiceParts& parts, Call call) {
  Result<std::int64_t> entries = co_await parts.store.verify_journal();
  Result<void> noted = co_await note(parts, call, "journal", "verified");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (!entries) co_return refusal(call, entries.failure(), parts.definitions);
  co_return plain_answer(200, "application/json", "{\"entries\":" + std::to_string(*entries) + ",\"chain\":\"unbroken\"}\n");
}

Task<http::Response> verify_store(const ServiceParts& parts, Call call) {
  Result<void> noted = co_await note(parts, call, "store", "verified");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  Result<store::VerifyReport> report = co_await parts.store.verify();
  if (!report) co_return refusal(call, report.failure(), parts.definitions);
  parts.metrics.gauge("vardbron_store_verify_findings", "What the last verification of the store found")
      .set(static_cast<double>(report->findings_count));
  if (!report->is_clean()) {
    log::error("the store is not what was stored", {{"findings", report->findings_count},
                                                    {"first", report->findings.front().table},
                                                    {"number", report->findings.front().number}});
  }
  co_return plain_answer(200, "application/json", to_json(*report).append("\n"));
}

}  // namespace

// Whoever may not operate learns nothing, not even that there is something to operate.
Task<http::Response> hide(const ServiceParts& parts, Call call) {
  std::vector<store::AuditRow> rows;
  rows.push_back(access::refused(call.caller, "operate", "", "no right to operate"));
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  co_return not_found(parts, call);
}

Task<http::Response> operate(const ServiceParts& parts, Call call) {
  if (!call.caller.may_operate) co_return co_await hide(parts, std::move(call));
  const std::vector<std::string> path = call.target.segments;
  const std::string method = call.request.method;
  if (path.size() >= 2 && path[1] == "clock") co_return co_await operate_clock(parts, std::move(call));
  if (path.size() == 2 && path[1] == "journal" && method == "GET") co_return co_await verify_journal(parts, std::move(call));
  if (path.size() == 2 && path[1] == "verify" && method == "GET") co_return co_await verify_store(parts, std::move(call));
  if (path.size() == 2 && path[1] == "quarantine" && method == "GET") co_return co_await list_quarantine(parts, std::move(call));
  if (path.size() == 4 && path[1] == "quarantine" && path[3] == "replay" && method == "POST") {
    std::optional<std::int64_t> number = parse_int(path[2]);
    if (number) co_return co_await replay(parts, std::move(call), *number);
  }
  co_return not_found(parts, call);
}

}  // namespace vardbron::rest
