#include "gateway/rest/service.h"

#include "gateway/base/log.h"
#include "gateway/rest/routes.h"

#include <utility>

namespace vardbron::rest {

namespace {

bool is(const Call& call, std::string_view method) { return call.request.method == method; }
bool reads(const Call& call) { return is(call, "GET") || is(call, "HEAD"); }

http::Response told(HealthWatch::Answer answer) {
  return plain_answer(answer.status, "application/json", std::move(answer.body));
}

// The canonical notice needs no map: its channel is always there (app adds it) and has this name.
constexpr std::string_view message_channel = "fhir";

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
  if (path.size() == 3 && path[1] == "Task" && is(call, "PUT")) co_return co_await update_task(parts, std::move(call));
  const bool is_version = path.size() == 5 && path[3] == "_history";
  if ((path.size() == 3 || is_version) && reads(call)) co_return co_await read_resource(parts, std::move(call));
  if (path.size() <= 3)
    co_return not_allowed(parts, call, path.size() == 3 && path[1] == "Task" ? "GET, HEAD, PUT" : "GET, HEAD");
  co_return not_found(parts, call);
}

Task<http::Response> known_route(const ServiceParts& parts, Call call) {
  const std::vector<std::string>& path = call.target.segments;
  if (path[0] == "intake" && path.size() == 2) {
    if (!is(call, "POST")) co_return not_allowed(parts, call, "POST");
    std::string channel = path[1];
    co_return co_await take_notice(parts, std::move(call), std::move(channel));
  }
  if (path[0] == "fhir") co_return co_await fhir_route(parts, std::move(call));
  if (path[0] == "operate") co_return co_await operate(parts, std::move(call));
  co_return not_found(parts, call);
}

// Nothing is written and nothing waited for: a stranger may ask as often as the line allows.
http::Response turn_away(const ServiceParts& parts, const Call& call, const Failure& failure) {
  parts.metrics.counter("vardbron_refused_strangers_total", "Requests refused since they had no valid token.").add();
  parts.strangers.refused(call.request.peer, call.request.method);
  return refusal(call, failure, parts.definitions);
}

Task<http::Response> route(const ServiceParts& parts, Call call) {
  const std::vector<std::string>& path = call.target.segments;
  if (path.size() == 1 && parts.health != nullptr && reads(call)) {
    if (path[0] == "health") co_return told(parts.health->health());
    if (path[0] == "ready") co_return told(parts.health->ready());
  }
  if (path.size() == 1 && path[0] == "metrics" && reads(call)) {
    parts.metrics.gauge("vardbron_log_lines_dropped", "Lines of the log that standard error did not take, since the start.")
        .set(static_cast<double>(log::dropped()));
    co_return plain_answer(200, "text/plain; version=0.0.4; charset=utf-8", parts.metrics.text());
  }
  if (path.size() == 2 && path[0] == "fhir" && path[1] == "metadata" && reads(call)) co_return capabilities(parts, call);
  Result<access::Caller> caller = parts.doorkeeper.caller(call.request);
  if (!caller) co_return turn_away(parts, call, caller.failure());
  call.caller = std::move(*caller);
  if (path.empty()) co_return not_found(parts, call);
  co_return co_await known_route(parts, std::move(call));
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
  const bool head = request.method == "HEAD";
  Call unread;
  unread.request.method = request.method;
  if (Result<http::Target> target = http::parse_target(request.target)) unread.target = std::move(*target);
  Result<Call> call = take_apart(std::move(request));
  if (!call) {
    const unsigned status = call.failure().cause == Cause::Unsupported ? 406 : 400;
    co_return refusal(unread, status, call.failure(), parts_.definitions);
  }
  http::Response response = co_await route(parts_, std::move(*call));
  if (head) response.body.clear();
  co_return response;
}

}  // namespace vardbron::rest
