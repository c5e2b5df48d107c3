// Tested by tests/rest/health_watch_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"
#include "gateway/rest/handlers.h"

#include <utility>

namespace vardbron::rest {

namespace {

Task<Result<void>> note(const ServiceParts& parts, const Call& call, std::string says) {
  std::vector<store::AuditRow> rows;
  rows.push_back(access::operated(call.caller, "clock", says));
  co_return co_await parts.store.audit(std::move(rows));
}

http::Response report_answer(const ClockReport& time) {
  json::Composer json;
  json.begin_object().text("time", to_instant(time.trusted)).text("machine", to_instant(time.machine));
  json.number("ahead_seconds", std::chrono::floor<std::chrono::seconds>(time.ahead()).count());
  json.boolean("in_doubt", time.in_doubt).end_object();
  return plain_answer(200, "application/json", json.finish() + "\n");
}

bool has_clock(const ServiceParts& parts) { return parts.clock_guard != nullptr && parts.repair != nullptr; }

}  // namespace

Task<http::Response> show_clock(const ServiceParts& parts, Call call) {
  co_return has_clock(parts) ? report_answer(parts.clock_guard->look()) : not_found(parts, call);
}

// An audit row is written before, since an act without a row is not carried out; it has the time that was trusted until then.
// Another one is written after it, since the next start compares the machine's time with that of the last commit.
Task<http::Response> accept_clock(const ServiceParts& parts, Call call) {
  if (!has_clock(parts)) co_return not_found(parts, call);
  const ClockReport before = parts.clock_guard->look();
  Result<void> noted = co_await note(parts, call, "the machine's time is accepted: " + to_instant(before.machine));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  const ClockReport after = parts.clock_guard->accept();
  if (parts.health != nullptr) parts.health->ring();
  noted = co_await note(parts, call, "the time goes on from " + to_instant(after.trusted));
  if (noted) co_return report_answer(after);
  noted.failure().says =
      "The machine's time is accepted, but the next start may not know of it: accept it again. " + noted.failure().says;
  co_return refusal(call, noted.failure(), parts.definitions);
}

Task<http::Response> repair_cases_of_clock(const ServiceParts& parts, Call call) {
  if (!has_clock(parts)) co_return not_found(parts, call);
  if (parts.clock_guard->look().in_doubt) {
    Failure failure{Cause::Conflict, "The time of day is in doubt; set the machine's clock right or accept it first.", ""};
    co_return refusal(call, failure, parts.definitions);
  }
  Result<void> noted = co_await note(parts, call, "cases of a false clock are worked out anew");
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  Result<exchange::Repaired> repaired = co_await parts.repair->run();
  if (!repaired) co_return refusal(call, repaired.failure(), parts.definitions);
  json::Composer json;
  json.begin_object().number("cases", repaired->cases).number("failed", repaired->failed);
  json.boolean("all", repaired->is_all).end_object();
  co_return plain_answer(200, "application/json", json.finish() + "\n");
}

}  // namespace vardbron::rest
