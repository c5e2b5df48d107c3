#include "gateway/rest/service.h"

#include "gateway/exchange/act.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/routes.h"
#include "gateway/search/served.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace vardbron::rest {

namespace {

Failure unknown_type(std::string_view type) {
  return {Cause::NotFound, "\"" + std::string(type) + "\" is no FHIR R4 resource type.", ""};
}

// They are read and searched for, and have no other address.
constexpr std::array<std::string_view, 5> unversioned{"AuditEvent", "CodeSystem", "NamingSystem", "StructureDefinition",
                                                      "ValueSet"};

// Types that the capability statement lists; for a type that is never stored an empty answer would be misleading.
Result<void> require_served(const fhir::Definitions& definitions, std::string_view type) {
  const fhir::TypeId found = definitions.find_type(type);
  const bool is_resource = found != 0 && definitions.kind(found) == fhir::TypeKind::Resource && !definitions.is_abstract(found);
  if (!is_resource) return unknown_type(type);
  if (search::is_served(type)) return done();
  if (std::find(unversioned.begin(), unversioned.end(), type) != unversioned.end())
    return Failure{Cause::NotFound,
                   std::string(type) + " has no such address and no versions; /fhir/metadata lists what one may ask of it.", ""};
  return Failure{Cause::NotFound, "This gateway keeps no " + std::string(type) + "; /fhir/metadata lists what it keeps.", ""};
}

// For rows with {type} in their path.
Result<void> check_type(const ServiceParts& parts, const Call& call, const Route& row) {
  return row.path.starts_with("/fhir/{type}") ? require_served(parts.definitions, call.target.segments[1]) : done();
}

// Who wants to write finds the way that there is.
std::string way_to_write(const Call& call) {
  const std::string& method = call.request.method;
  const std::vector<std::string>& path = call.target.segments;
  if (path.empty() || path[0] != "fhir" || path.size() > 3 || path.back().starts_with('_')) return "";
  const exchange::ActType* act = path.size() == 3 ? exchange::find_act(path[1]) : nullptr;
  if (method == "DELETE" && act != nullptr) return " " + std::string(act->ends);
  const bool writes = (method == "POST" && path.size() == 2) || (method == "PUT" && path.size() == 3);
  if (!writes) return "";
  std::string names = "Task (PUT)";
  for (const exchange::ActType& each : exchange::act_types())
    names.append(", ").append(each.type).append(each.may_create ? " (POST, PUT)" : " (PUT)");
  return " Of resources these may be written: " + names + "; what else is to be said is a notice (POST /fhir/$process-message).";
}

http::Response not_allowed(const ServiceParts& parts, const Call& call, std::span<const Route> rows) {
  std::string allowed = allowed_methods(rows);
  std::string says = "Here one may " + allowed + " only." + way_to_write(call);
  http::Response response = refusal(call, 405, Failure{Cause::Unsupported, std::move(says), ""}, parts.definitions);
  response.fields.push_back({"Allow", std::move(allowed)});
  return response;
}

// Cheap requests that anybody may send.
std::optional<http::Response> open_to_all(const ServiceParts& parts, const Call& call) {
  const std::span<const Route> rows = rows_of(call.target.segments);
  if (rows.empty() || rows.front().right != Right::Open) return std::nullopt;
  const Route* row = row_of(rows, call.request.method);
  if (row == nullptr) return not_allowed(parts, call, rows);
  return std::get<OpenHandler>(row->handler)(parts, call);
}

Task<http::Response> answer_known(const ServiceParts& parts, Call call) {
  const std::span<const Route> rows = rows_of(call.target.segments);
  const Route* row = row_of(rows, call.request.method);
  Result<void> obeyed = check_conditions(call, row == nullptr ? Obeys::None : row->obeys);
  if (!obeyed) co_return refusal(call, obeyed.failure(), parts.definitions);
  std::string unknown = unknown_operation(call.target.segments);
  if (rows.empty() && unknown.empty()) co_return not_found(parts, call);
  const Right first = rows.empty() ? Right::Known : rows.front().right;
  if (is_refused_before_method(first) && !holds(call.caller, first))
    co_return co_await refuse_right(parts, std::move(call), first);
  const bool may_ask = row == nullptr || holds(call.caller, row->right);
  if (!unknown.empty() && may_ask) co_return refusal(call, Failure{Cause::NotFound, std::move(unknown), ""}, parts.definitions);
  if (row == nullptr) co_return not_allowed(parts, call, rows);
  Result<void> served = check_type(parts, call, *row);
  if (!served) co_return refusal(call, served.failure(), parts.definitions);
  if (!holds(call.caller, row->right)) co_return co_await refuse_right(parts, std::move(call), row->right);
  const bool has_form = call.request.method == "POST" && call.target.segments.back() == "_search";
  Result<void> is_form = has_form ? check_form(call) : done();
  if (!is_form) co_return refusal(call, is_form.failure(), parts.definitions);
  Result<void> is_r4 = call.target.segments[0] == "fhir" ? check_release_sent(call) : done();
  if (!is_r4) co_return refusal(call, is_r4.failure(), parts.definitions);
  const Handler handler = std::get<Handler>(row->handler);
  co_return co_await handler(parts, std::move(call));
}

// Source: RFC 6585, 4.
http::Response too_many(const ServiceParts& parts, const Call& call) {
  const Failure failure{Cause::Busy, "Too many requests of your organisation are under way.", ""};
  return refusal(call, 429, failure, parts.definitions);
}

// Nothing is written or awaited before the caller is known, since a stranger may ask as often as the network allows.
Task<http::Response> answer_call(const ServiceParts& parts, Call call, Result<access::Caller> caller) {
  if (std::optional<http::Response> open = open_to_all(parts, call)) co_return *std::move(open);
  if (!caller) co_return refusal(call, caller.failure(), parts.definitions);
  call.caller = std::move(*caller);
  FairShare share(parts.requests, call.caller.organisation);
  if (!share.grow_to(1)) co_return too_many(parts, call);
  co_return co_await answer_known(parts, std::move(call));
}

Task<http::Response> answer_request(const ServiceParts& parts, http::Request request, Answered& answered) {
  Call unread;
  unread.request.method = request.method;
  if (Result<http::Target> target = http::parse_target(request.target)) unread.target = std::move(*target);
  answered.route = label_of(rows_of(unread.target.segments));
  Result<access::Caller> caller = parts.authenticator.caller(request);
  if (caller) answered.organisation = caller->organisation;
  Result<Call> call = take_apart(std::move(request));
  if (!call) {
    const unsigned status = call.failure().cause == Cause::Unsupported ? 406 : 400;
    co_return refusal(unread, status, call.failure(), parts.definitions);
  }
  co_return co_await answer_call(parts, std::move(*call), std::move(caller));
}

}  // namespace

http::Response not_found(const ServiceParts& parts, const Call& call) {
  return refusal(call, Failure{Cause::NotFound, "There is nothing here.", ""}, parts.definitions);
}

Task<http::Response> nothing_here(const ServiceParts& parts, Call call) { co_return not_found(parts, call); }

Service::Service(ServiceParts parts) : parts_(std::move(parts)) {}

Task<http::Response> Service::answer(http::Request request) {
  Answered answered;
  answered.method = request.method;
  answered.peer = request.peer;
  const Instant began = parts_.clock.now();
  http::Response response = co_await answer_request(parts_, std::move(request), answered);
  if (parts_.health != nullptr && response.status == 503) {
    for (http::Field& field : response.fields)
      if (field.name == "Retry-After") field.value = std::to_string(parts_.health->retry_after().count());
  }
  answered.status = response.status;
  answered.is_logged = response.is_logged;
  answered.seconds = std::chrono::duration<double>(parts_.clock.now() - began).count();
  parts_.answers.answered(answered);
  co_return response;
}

http::Response Service::refuse(http::Request head, http::Refusal refusal) const {
  constexpr const char* methods = "GET, HEAD, POST, PUT, DELETE";
  Call call;
  const bool has_head = !head.method.empty();
  count_refused(head, refusal.status);
  if (has_head) {
    call.request.method = head.method;
    if (Result<http::Target> target = http::parse_target(head.target)) call.target = std::move(*target);
    if (Result<Call> read = take_apart(std::move(head))) call = std::move(*read);
  }
  const bool is_too_large = refusal.status == 413 || refusal.status == 431;
  const Cause cause = is_too_large ? Cause::TooLarge : refusal.status == 503 ? Cause::Busy : Cause::Invalid;
  Failure failure{cause, std::move(refusal.says), ""};
  if (!has_head) failure.says += " Nothing of the request was kept.";
  http::Response response = rest::refusal(call, refusal.status, failure, parts_.definitions);
  if (refusal.status == 501) response.fields.push_back({"Allow", methods});
  return response;
}

// A refused request is attributed to its caller, however little of it was read.
void Service::count_refused(const http::Request& head, unsigned status) const {
  Result<access::Caller> caller = parts_.authenticator.caller(head);
  if (!caller) return parts_.answers.unread(head.peer, status);
  Result<http::Target> target = http::parse_target(head.target);
  parts_.answers.answered({.route = target ? label_of(rows_of(target->segments)) : other_route,
                           .method = head.method,
                           .status = status,
                           .organisation = caller->organisation,
                           .peer = head.peer});
}

std::variant<std::string, http::Response> Service::check_head(const http::Request& head) const {
  Result<access::Caller> caller = parts_.authenticator.caller(head);
  if (caller) return std::move(caller->organisation);
  http::Request without_body = head;
  without_body.body.clear();
  Result<Call> call = take_apart(std::move(without_body));
  if (!call) call = Call{};
  std::optional<http::Response> open = open_to_all(parts_, *call);
  http::Response response = open ? *std::move(open) : rest::refusal(*call, caller.failure(), parts_.definitions);
  parts_.answers.answered(
      {.route = label_of(rows_of(call->target.segments)), .method = head.method, .status = response.status, .peer = head.peer});
  return response;
}

}  // namespace vardbron::rest
