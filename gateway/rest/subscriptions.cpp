#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/run_on.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/http/negotiation.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/presentation.h"
#include "gateway/rest/search_wish.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace vardbron::rest {

namespace {

Task<http::Response> show(const ServiceParts& parts, Call call, unsigned status, Result<store::Resource> resource) {
  if (!resource) co_return refusal(call, resource.failure(), parts.definitions);
  std::vector<store::AuditRow> rows;
  rows.push_back(access::shown(call.caller, "Subscription/" + resource->id, ""));
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  http::Response response = resource_answer(call, status, *resource, parts.definitions);
  const bool is_post = call.request.method == "POST";
  if (is_post) {
    const std::string version = std::to_string(resource->version);
    response.fields.push_back({"Location", parts.base_url + "/Subscription/" + resource->id + "/_history/" + version});
  }
  co_return response;
}

// The SubscriptionService reads JSON; XML is converted here.
Result<std::string> body_as_json(const ServiceParts& parts, const Call& call) {
  if (call.request.body.size() > limits::subscription_bytes_max) {
    return Failure{Cause::TooLarge,
                   "A Subscription has at most " + std::to_string(limits::subscription_bytes_max) + " bytes. Nothing was kept.",
                   ""};
  }
  Result<tree::Document> body = read_body(call, parts.definitions);
  if (!body) return std::move(body).failure();
  return json::write(*body);
}

Offered offered() {
  return {[](std::string_view name) { return name == "_id" || name == "url" || name == "status" || name == "criteria"; },
          "_id, url, status and criteria"};
}

// Source: FHIR R4 http.html#ccreate: the parameters of a search, as they would be written after the question mark.
Result<search::Query> read_condition(const ServiceParts& parts, const Call& call) {
  std::string_view text = trim(http::find(call.request.fields, "If-None-Exist"));
  if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) text.remove_prefix(mark + 1);
  Result<std::vector<http::Parameter>> parameters = http::parse_form(text);
  if (!parameters) return std::move(parameters).failure();
  Call asked;  // strict, whatever the call prefers: an ignored condition would create the Subscription twice
  asked.target.query = std::move(*parameters);
  Result<SearchWish> wish = read_search(asked, "Subscription", parts.definitions, parts.base_url, parts.clock.wall(), offered());
  if (!wish) return Failure{Cause::Invalid, "If-None-Exist: " + wish.failure().says, wish.failure().where};
  if (wish->query.criteria.empty()) return Failure{Cause::Invalid, "If-None-Exist says nothing to search by.", ""};
  return std::move(wish->query);
}

bool has_field(const Call& call, std::string_view name) {
  const http::Fields& fields = call.request.fields;
  return std::any_of(fields.begin(), fields.end(),
                     [name](const http::Field& field) { return equal_without_case(field.name, name); });
}

Task<http::Response> create_if_none(const ServiceParts& parts, Call call, std::string body) {
  Result<search::Query> condition = read_condition(parts, call);
  if (!condition) co_return refusal(call, condition.failure(), parts.definitions);
  Task<Result<subscription::SubscriptionService::Made>> work =
      parts.subscription_service.create_if_none(call.caller.organisation, std::move(body), std::move(*condition));
  Result<subscription::SubscriptionService::Made> made = co_await run_on(parts.subscription_executor, std::move(work));
  if (!made && made.failure().cause == Cause::Conflict) co_return refusal(call, 412, made.failure(), parts.definitions);
  if (!made) co_return refusal(call, status_of_write(made.failure()), made.failure(), parts.definitions);
  const unsigned status = made->is_new ? 201 : 200;
  co_return co_await show(parts, std::move(call), status, std::move(made->resource));
}

// The results of one page: [first, last).
struct PageOfAll {
  std::size_t first = 0, last = 0;
};

// An organisation has few Subscriptions, so a page begins after the last id of the one before.
Result<PageOfAll> page_of(const Call& call, const std::vector<store::Resource>& found) {
  std::size_t count = limits::search_results_per_page_max;
  if (std::string_view asked = parameter(call, "_count"); !asked.empty()) {
    std::optional<std::int64_t> number = parse_int(asked);
    if (!number || *number < 0) return Failure{Cause::Invalid, "_count is a number, 0 or more.", "_count"};
    count = std::min(count, static_cast<std::size_t>(*number));
  }
  PageOfAll page;
  if (std::string_view after = parameter(call, "_after"); !after.empty()) {
    auto before = std::find_if(found.begin(), found.end(), [&](const store::Resource& each) { return each.id == after; });
    if (before == found.end())
      return Failure{Cause::Invalid, "The page begins behind a Subscription that is not there any more.", "_after"};
    page.first = static_cast<std::size_t>(before - found.begin()) + 1;
  }
  page.last = page.first + std::min(count, found.size() - page.first);
  return page;
}

std::string search_link(const ServiceParts& parts, const std::string& query) {
  return parts.base_url + "/Subscription" + (query.empty() ? "" : "?") + query;
}

std::string searchset(const ServiceParts& parts, const Call& call, std::span<store::Resource> found, PageOfAll page,
                      const SearchWish& wish) {
  Searchset set{parts.base_url, to_string(uuid_v7(parts.clock.wall(), parts.random)), static_cast<std::int64_t>(found.size()),
                search_link(parts, page_query(call, "", ""))};
  if (page.last > page.first && page.last < found.size()) {
    set.next = search_link(parts, page_query(call, "_after", found[page.last - 1].id));
  }
  const std::span<store::Resource> shown = found.subspan(page.first, page.last - page.first);
  present(shown, wish.presentation, parts.definitions);
  set.resources = shown;
  set.outcome = search_outcome(wish, parts.definitions);
  return write(set);
}

std::vector<std::string> listed(const Call& call, std::string_view name) {
  std::vector<std::string> values;
  for (std::string_view list : values_of(call, name))
    for (std::string_view value : split(list, ',')) values.emplace_back(value);
  return values;
}

// Source: Subscriptions R5 Backport, OperationDefinition backport-subscription-status and -events. Of one Subscription `id` and
// `status` are to be ignored, and `content` is a hint.
constexpr std::array<std::string_view, 2> status_parameters{"id", "status"};
constexpr std::array<std::string_view, 3> events_parameters{"eventsSinceNumber", "eventsUntilNumber", "content"};

Result<std::int64_t> event_number(const Call& call, std::string_view name) {
  std::string_view text = parameter(call, name);
  if (text.empty()) return std::int64_t{0};
  std::optional<std::int64_t> number = parse_int(text);
  if (number && *number >= 0) return *number;
  return Failure{Cause::Invalid, std::string(name) + " must be the number of an event.", ""};
}

}  // namespace

Task<http::Response> create_subscription(const ServiceParts& parts, Call call) {
  Result<std::string> body = body_as_json(parts, call);
  if (!body) co_return refusal(call, body.failure(), parts.definitions);
  if (has_field(call, "If-None-Exist")) co_return co_await create_if_none(parts, std::move(call), std::move(*body));
  Task<Result<store::Resource>> work = parts.subscription_service.create(call.caller.organisation, std::move(*body));
  Result<store::Resource> created = co_await run_on(parts.subscription_executor, std::move(work));
  if (!created) co_return refusal(call, status_of_write(created.failure()), created.failure(), parts.definitions);
  co_return co_await show(parts, std::move(call), 201, std::move(created));
}

Task<http::Response> update_subscription(const ServiceParts& parts, Call call) {
  Result<std::int64_t> expected = if_match(call);
  if (!expected) co_return refusal(call, expected.failure(), parts.definitions);
  Result<std::string> body = body_as_json(parts, call);
  if (!body) co_return refusal(call, body.failure(), parts.definitions);
  const std::string id = call.target.segments[2];
  Task<Result<store::Resource>> work =
      parts.subscription_service.update(access::reader_of(call.caller), id, std::move(*body), *expected);
  Result<store::Resource> updated = co_await run_on(parts.subscription_executor, std::move(work));
  const bool outdated = !updated && updated.failure().cause == Cause::Conflict && *expected != 0;
  if (outdated) co_return refusal(call, 412, updated.failure(), parts.definitions);
  if (!updated) co_return refusal(call, status_of_write(updated.failure()), updated.failure(), parts.definitions);
  co_return co_await show(parts, std::move(call), 200, std::move(updated));
}

Task<http::Response> end_subscription(const ServiceParts& parts, Call call) {
  Result<std::int64_t> expected = if_match(call);
  if (!expected) co_return refusal(call, expected.failure(), parts.definitions);
  Task<Result<void>> work = parts.subscription_service.end(access::reader_of(call.caller), call.target.segments[2], *expected);
  Result<void> ended = co_await run_on(parts.subscription_executor, std::move(work));
  const bool outdated = !ended && ended.failure().cause == Cause::Conflict && *expected != 0;
  if (outdated) co_return refusal(call, 412, ended.failure(), parts.definitions);
  if (!ended) co_return refusal(call, ended.failure(), parts.definitions);
  const std::string wish = http::preference(call.request.fields, "return");
  http::Response response;
  response.status = 204;
  if (wish == "OperationOutcome") response = informing_answer(call, 200, "The Subscription is deleted.", parts.definitions);
  if (wish == "OperationOutcome" || wish == "minimal") response.fields.push_back({"Preference-Applied", "return=" + wish});
  co_return response;
}

Task<http::Response> read_subscription(const ServiceParts& parts, Call call) {
  Task<Result<store::Resource>> work = parts.subscription_service.read(access::reader_of(call.caller), call.target.segments[2]);
  Result<store::Resource> found = co_await run_on(parts.subscription_executor, std::move(work));
  co_return co_await show(parts, std::move(call), 200, std::move(found));
}

Task<http::Response> read_subscription_version(const ServiceParts& parts, Call call) {
  const std::int64_t version = parse_int(call.target.segments[4]).value_or(0);
  if (version <= 0) co_return not_found(parts, call);
  Task<Result<store::Resource>> work =
      parts.subscription_service.read_version(access::reader_of(call.caller), call.target.segments[2], version);
  Result<store::Resource> found = co_await run_on(parts.subscription_executor, std::move(work));
  co_return co_await show(parts, std::move(call), 200, std::move(found));
}

Task<http::Response> search_subscriptions(const ServiceParts& parts, Call call) {
  Result<SearchWish> wish = read_search(call, "Subscription", parts.definitions, parts.base_url, parts.clock.wall(), offered());
  if (!wish) co_return refusal(call, status_of_search(wish.failure()), wish.failure(), parts.definitions);
  Task<Result<std::vector<store::Resource>>> work =
      parts.subscription_service.search(access::reader_of(call.caller), wish->query);
  Result<std::vector<store::Resource>> found = co_await run_on(parts.subscription_executor, std::move(work));
  if (!found) co_return refusal(call, found.failure(), parts.definitions);
  Result<PageOfAll> page = page_of(call, *found);
  if (!page) co_return refusal(call, page.failure(), parts.definitions);
  if (wish->query.count == 0) page->last = page->first;
  std::string bundle = searchset(parts, call, *found, *page, *wish);
  http::Response response = fhir_answer(call, 200, std::move(bundle), parts.definitions);
  tell_handling(call, response);
  co_return response;
}

Task<http::Response> subscription_status(const ServiceParts& parts, Call call) {
  Result<void> added = add_posted_parameters(call, parts.definitions);
  if (!added) co_return refusal(call, added.failure(), parts.definitions);
  const KnownParameters known{status_parameters, status_parameters};
  if (auto checked = check_parameters(call, known); !checked) co_return refusal(call, checked.failure(), parts.definitions);
  subscription::StatusQuery query;
  const bool of_one = call.target.segments.size() == 4;
  if (of_one) query.ids.push_back(call.target.segments[2]);
  if (!of_one) {
    query.ids = listed(call, "id");
    query.statuses = listed(call, "status");
  }
  Task<Result<std::string>> work = parts.subscription_service.status(access::reader_of(call.caller), std::move(query));
  Result<std::string> bundle = co_await run_on(parts.subscription_executor, std::move(work));
  if (!bundle) co_return refusal(call, bundle.failure(), parts.definitions);
  http::Response response = fhir_answer(call, 200, std::move(*bundle), parts.definitions);
  tell_handling(call, response);
  co_return response;
}

Task<http::Response> subscription_events(const ServiceParts& parts, Call call) {
  Result<void> added = add_posted_parameters(call, parts.definitions);
  if (!added) co_return refusal(call, added.failure(), parts.definitions);
  const KnownParameters known{events_parameters};
  if (auto checked = check_parameters(call, known); !checked) co_return refusal(call, checked.failure(), parts.definitions);
  Result<std::int64_t> since = event_number(call, "eventsSinceNumber");
  if (!since) co_return refusal(call, since.failure(), parts.definitions);
  Result<std::int64_t> until = event_number(call, "eventsUntilNumber");
  if (!until) co_return refusal(call, until.failure(), parts.definitions);
  subscription::EventsQuery query{*since, *until};
  Task<Result<std::string>> work =
      parts.subscription_service.events(access::reader_of(call.caller), call.target.segments[2], query);
  Result<std::string> bundle = co_await run_on(parts.subscription_executor, std::move(work));
  if (!bundle) co_return refusal(call, bundle.failure(), parts.definitions);
  http::Response response = fhir_answer(call, 200, std::move(*bundle), parts.definitions);
  tell_handling(call, response);
  co_return response;
}

}  // namespace vardbron::rest
