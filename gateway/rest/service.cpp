#include "gateway/rest/service.h"

#include "gateway/rest/routes.h"

#include <chrono>
#include <optional>
#include <utility>

namespace vardbron::rest {

namespace {

bool is(const Call& call, std::string_view method) { return call.request.method == method; }
bool reads(const Call& call) { return is(call, "GET") || is(call, "HEAD"); }

http::Response health_answer(HealthWatch::Answer answer) {
  return plain_answer(answer.status, "application/json", std::move(answer.body));
}

// The canonical notice needs no map: its channel is always there (app adds it) and has this name.
constexpr std::string_view message_channel = "fhir";

std::string methods_of(const std::vector<std::string>& path) {
  if (path.size() == 3 && path[2] == "_search") return "GET, HEAD, POST";
  return path.size() == 3 && path[1] == "Task" ? "GET, HEAD, PUT" : "GET, HEAD";
}

Task<http::Response> fhir_route(const ServiceParts& parts, Call call) {
  const std::vector<std::string>& path = call.target.segments;
  if (path.size() < 2) co_return not_found(parts, call);
  if (path[1] == "$process-message") {
    if (!is(call, "POST")) co_return not_allowed(parts, call, "POST");
    co_return co_await take_notice(parts, std::move(call), std::string(message_channel));
  }
  if (path[1] == "$message-status" && path.size() == 3) {
    if (!reads(call)) co_return not_allowed(parts, call, "GET, HEAD");
    co_return co_await message_status(parts, std::move(call));
  }
  if (path[1] == "$reload-maps" || path[1] == "$rollback-maps") co_return co_await change_maps(parts, std::move(call));
  if (path[1] == "Subscription") co_return co_await subscriptions(parts, std::move(call));
  const bool is_search = path.size() == 3 && path[2] == "_search";
  const bool is_page = is_search && reads(call) && !parameter(call, "_page").empty();
  if ((path.size() == 2 && reads(call)) || (is_search && is(call, "POST")) || is_page)
    co_return co_await search_resources(parts, std::move(call));
  if (path.size() == 3 && !is_search && path[1] == "Task" && is(call, "PUT"))
    co_return co_await update_task(parts, std::move(call));
  const bool is_version = path.size() == 5 && path[3] == "_history";
  if ((path.size() == 3 || is_version) && reads(call)) co_return co_await read_resource(parts, std::move(call));
  if (path.size() <= 3 || is_version) co_return not_allowed(parts, call, methods_of(path));
  co_return not_found(parts, call);
}

Task<http::Response> known_route(const ServiceParts& parts, Call call) {
  const std::vector<std::string>& path = call.target.segments;
  Result<void> obeyed = check_conditions(call);
  if (!obeyed) co_return refusal(call, obeyed.failure(), parts.definitions);
  if (path[0] == "intake" && path.size() == 2) {
    if (!is(call, "POST")) co_return not_allowed(parts, call, "POST");
    std::string channel = path[1];
    co_return co_await take_notice(parts, std::move(call), std::move(channel));
  }
  if (path[0] == "fhir") co_return co_await fhir_route(parts, std::move(call));
  if (path[0] == "operate") co_return co_await operate(parts, std::move(call));
  co_return not_found(parts, call);
}

// Requests that are answered without a token.
bool is_open_to_all(const ServiceParts& parts, const std::vector<std::string>& path) {
  if (path.size() == 2) return path[0] == "fhir" && path[1] == "metadata";
  if (path.size() != 1) return false;
  return path[0] == "metrics" || (parts.health != nullptr && (path[0] == "health" || path[0] == "ready"));
}

// Cheap requests that anybody may send.
std::optional<http::Response> open_to_all(const ServiceParts& parts, const Call& call) {
  const std::vector<std::string>& path = call.target.segments;
  if (!is_open_to_all(parts, path)) return std::nullopt;
  if (!reads(call)) return not_allowed(parts, call, "GET, HEAD");
  if (path[0] == "health") return health_answer(parts.health->health());
  if (path[0] == "ready") return health_answer(parts.health->ready());
  if (path[0] == "metrics") return plain_answer(200, "text/plain; version=0.0.4; charset=utf-8", parts.metrics.text());
  return capabilities(parts, call);
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
  if (call.target.segments.empty()) co_return not_found(parts, call);
  FairShare share(parts.requests, call.caller.organisation);
  if (!share.grow_to(1)) co_return too_many(parts, call);
  co_return co_await known_route(parts, std::move(call));
}

Task<http::Response> answer_request(const ServiceParts& parts, http::Request request, Answered& answered) {
  Call unread;
  unread.request.method = request.method;
  if (Result<http::Target> target = http::parse_target(request.target)) unread.target = std::move(*target);
  answered.route = route_of(unread.target.segments);
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

http::Response not_allowed(const ServiceParts& parts, const Call& call, std::string allowed) {
  http::Response response =
      refusal(call, 405, Failure{Cause::Unsupported, "Here one may " + allowed + " only.", ""}, parts.definitions);
  response.fields.push_back({"Allow", std::move(allowed)});
  return response;
}

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
  if (answered.method == "HEAD") response.body.clear();
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
  parts_.answers.answered({.route = target ? route_of(target->segments) : "other",
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
      {.route = route_of(call->target.segments), .method = head.method, .status = response.status, .peer = head.peer});
  return response;
}

}  // namespace vardbron::rest
