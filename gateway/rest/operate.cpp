// Tested by tests/rest/service_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/base/log.h"
#include "gateway/formats/json/composer.h"
#include "gateway/rest/handlers.h"
#include "gateway/store/verify_report.h"

#include <utility>

namespace vardbron::rest {

namespace {

Task<Result<void>> note(const ServiceParts& parts, const Call& call, std::string subject, std::string says) {
  std::vector<store::AuditRow> rows;
  rows.push_back(access::operated(call.caller, subject, says));
  co_return co_await parts.store.audit(std::move(rows));
}

}  // namespace

Task<http::Response> verify_journal(const ServiceParts& parts, Call call) {
  Result<std::int64_t> entries = co_await parts.store.verify_journal();
  Result<void> noted = co_await note(parts, call, "journal", "verified");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (!entries) co_return refusal(call, entries.failure(), parts.definitions);
  json::Composer json;
  json.begin_object().number("entries", *entries).text("chain", "unbroken").end_object();
  co_return plain_answer(200, "application/json", json.finish() + "\n");
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

}  // namespace vardbron::rest
