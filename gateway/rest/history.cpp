// Tested by tests/rest/history_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/formats/json/composer.h"
#include "gateway/rest/answer_form.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/page_link.h"
#include "gateway/rest/search_wish.h"
#include "gateway/search/period.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

constexpr std::array<std::string_view, 4> known_parameters{"_since", "_at", "_count", "_after"};

WallTime wall_time(std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; }

// Source: R4 http.html#history: _since is an instant, _at a date or time.
Result<store::HistoryQuery> read_query(const ServiceParts& parts, Call& call) {
  store::HistoryQuery query;
  if (auto checked = check_parameters(call, {known_parameters}); !checked) return std::move(checked).failure();
  show_count_used(call);
  if (const std::string_view since = parameter(call, "_since"); !since.empty()) {
    const std::optional<search::Period> period = search::parse_period(since);
    if (!period)
      return Failure{Cause::Invalid, "_since is a date or time as FHIR writes it." + std::string(search::advice_on_period(since)),
                     "_since"};
    query.since = wall_time(period->from_ms);
  }
  if (const std::string_view at = parameter(call, "_at"); !at.empty()) {
    const std::optional<search::Period> period = search::parse_period(at);
    if (!period)
      return Failure{Cause::Invalid, "_at is a date or time as FHIR writes it." + std::string(search::advice_on_period(at)),
                     "_at"};
    query.at_first = wall_time(period->from_ms);
    query.at_last = wall_time(period->to_ms);
  }
  if (query.since && query.at_last && *query.at_last < *query.since)
    return Failure{Cause::Invalid, "This time ends before _since: no version is of both.", "_at"};
  if (const std::string_view count = parameter(call, "_count"); !count.empty()) {
    const std::optional<std::int64_t> number = parse_int(count);
    if (!number || *number < 0) return Failure{Cause::Invalid, "_count is a number, 0 or more.", "_count"};
    query.count = std::min(static_cast<std::size_t>(*number), limits::search_results_per_page_max);
  }
  Result<std::string> after = opened_token(parts, call, "_after");
  if (!after) return std::move(after).failure();
  query.after = *std::move(after);
  return query;
}

// Source: R4 http.html#history: each entry has what made the version, and a deletion has no resource.
void add_version(json::Composer& json, const ServiceParts& parts, const store::Resource& version) {
  const std::string name = version.type + "/" + version.id;
  json.begin_object().text("fullUrl", parts.base_url + "/" + name);
  if (!version.deleted) json.raw("resource", version.body);
  json.begin_object("request").text("method", version.deleted ? "DELETE" : "PUT").text("url", name).end_object();
  json.begin_object("response").text("status", version.deleted ? "204" : version.version == 1 ? "201" : "200");
  json.text("etag", "W/\"" + std::to_string(version.version) + "\"").text("lastModified", to_instant(version.last_updated));
  json.end_object().end_object();
}

std::string bundle_of(const ServiceParts& parts, const Call& call, const store::Page& page) {
  std::size_t bytes = 512;
  for (const store::Resource& each : page.resources) bytes += 512 + each.body.size();
  json::Composer json(bytes);
  json.begin_object().text("resourceType", "Bundle").text("id", to_string(uuid_v7(parts.clock.wall(), parts.random)));
  json.text("type", "history").begin_list("link").begin_object().text("relation", "self");
  json.text("url", page_url(parts, call, page_query(call, "", ""))).end_object();
  if (const std::string next = page_link(parts, call, "_after", page.after); !next.empty())
    json.begin_object().text("relation", "next").text("url", next).end_object();
  json.end_list();
  if (!page.resources.empty()) {
    json.begin_list("entry");
    for (const store::Resource& each : page.resources) add_version(json, parts, each);
    json.end_list();
  }
  return json.end_object().finish();
}

Task<http::Response> answer_history(const ServiceParts& parts, Call call, std::string id) {
  const std::string type = call.target.segments[1], subject = id.empty() ? type : type + "/" + id;
  Result<AnswerForm> form = AnswerForm::of(parts, call);
  if (!form) co_return refusal(call, 406, form.failure(), parts.definitions);
  Result<store::HistoryQuery> query = read_query(parts, call);
  if (!query) co_return refusal(call, query.failure(), parts.definitions);
  query->type = type;
  query->id = std::move(id);
  const store::Reader reader = access::reader_of(call.caller);
  Result<store::Page> page = co_await parts.store.history(reader, std::move(*query), call.request.abandoned);
  Result<void> converted = page ? form->convert(page->resources) : done();
  if (!converted) co_return refusal(call, 406, converted.failure(), parts.definitions);
  std::vector<store::AuditRow> rows;
  if (page)
    rows = access::searched(call.caller, subject + "/_history", *page);
  else
    rows.push_back(access::refused(call.caller, "read", subject, not_shown(page.failure())));
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (!page) co_return refusal(call, page.failure(), parts.definitions);
  http::Response response = fhir_answer(call, 200, bundle_of(parts, call, *page), form->definitions());
  tell_handling(call, response);
  co_return response;
}

}  // namespace

Task<http::Response> resource_history(const ServiceParts& parts, Call call) {
  std::string id = call.target.segments[2];
  co_return co_await answer_history(parts, std::move(call), std::move(id));
}

Task<http::Response> type_history(const ServiceParts& parts, Call call) {
  co_return co_await answer_history(parts, std::move(call), "");
}

}  // namespace vardbron::rest
