#include "gateway/rest/rights.h"

#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/rest/handlers.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

struct Lack {
  access::Right right;
  std::string_view action, says;  ///< of the audit row; "" = the text of the answer
};

Lack lack_of(Right right) {
  switch (right) {
    case Right::Open:
    case Right::Known: break;
    case Right::Intake: return {access::Right::Send, "intake", ""};
    case Right::Read: return {access::Right::Receive, "read", "no right to receive"};
    case Right::Search: return {access::Right::Receive, "search", "no right to receive"};
    case Right::Update: return {access::Right::Receive, "update", ""};
    case Right::Subscribe: return {access::Right::Receive, "subscribe", ""};
    case Right::Operate: break;
  }
  return {access::Right::Operate, "operate", "no right to operate"};
}

std::string subject_of(const Call& call, Right right) {
  const std::vector<std::string>& path = call.target.segments;
  if (right == Right::Search) return path[1];
  return right == Right::Read ? path[1] + "/" + path[2] : "";
}

}  // namespace

bool holds(const access::Caller& caller, Right right) {
  switch (right) {
    case Right::Open:
    case Right::Known: return true;
    case Right::Intake: return caller.may_send;
    case Right::Update: return caller.may_receive;
    case Right::Read:
    case Right::Search:
    case Right::Subscribe: return caller.may_receive || caller.may_operate;
    case Right::Operate: return caller.may_operate;
  }
  return false;
}

bool is_refused_before_method(Right right) { return right == Right::Subscribe || right == Right::Operate; }

// The same answer whatever is asked for: it does not show what exists.
Task<http::Response> refuse_right(const ServiceParts& parts, Call call, Right right) {
  const Lack lack = lack_of(right);
  const Failure failure = access::require(call.caller, lack.right).failure();
  const std::string_view says = lack.says.empty() ? std::string_view(failure.says) : lack.says;
  std::vector<store::AuditRow> rows;
  rows.push_back(access::refused(call.caller, lack.action, subject_of(call, right), says));
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (right == Right::Operate) co_return not_found(parts, call);
  co_return refusal(call, failure, parts.definitions);
}

}  // namespace vardbron::rest
