// Tested by tests/rest/service_test.cpp and tests/rest/conditions_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/log.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/presentation.h"
#include "gateway/rest/search_wish.h"

#include <optional>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

// A read whose audit row could not be written is refused.
Task<Result<void>> note(const ServiceParts& parts, store::AuditRow row) {
  std::vector<store::AuditRow> rows;
  rows.push_back(std::move(row));
  co_return co_await parts.store.audit(std::move(rows));
}

Offered offered(const ServiceParts& parts, const std::string& type) {
  const search::Indexer& indexer = parts.indexer;
  Offered offered{[&indexer, type](std::string_view parameter) { return indexer.serves(type, parameter); }};
  offered.is_plain_only = !stores_find_all;
  return offered;
}

bool is_search_place(const Call& call) { return call.target.segments.size() == 3; }

std::string page_purpose(const Call& call) { return call.target.segments[1] + " for " + call.caller.organisation; }

// Links end up in logs, and a person's number may be among the values that were searched for. The query of a POST is sealed, so
// that its pages are fetched by GET like all others.
std::string link_url(const ServiceParts& parts, const Call& call, const std::string& query) {
  std::string url = parts.base_url + "/" + call.target.segments[1];
  if (is_search_place(call)) return url + "/_search?_page=" + parts.sealed.seal(query, page_purpose(call));
  return query.empty() ? url : url + "?" + query;
}

// A link of our own is replaced by the query that is sealed in it.
Result<void> open_page(const ServiceParts& parts, Call& call) {
  const std::string_view page = parameter(call, "_page");
  if (!is_search_place(call) || page.empty()) return done();
  std::optional<std::string> query = parts.sealed.open(page, page_purpose(call));
  if (!query) return Failure{Cause::Invalid, "This page is not known any more: search again.", "_page"};
  Result<std::vector<http::Parameter>> opened = http::parse_form(*query);
  if (!opened) return std::move(opened).failure();
  call.target.query = std::move(*opened);
  return done();
}

std::string token_purpose(const Call& call) { return "position in " + page_purpose(call); }

// A store's own token counts what everybody has written.
Result<void> open_token(const ServiceParts& parts, const Call& call, search::Query& query) {
  for (std::string* token : {&query.after, &query.before}) {
    if (token->empty()) continue;
    std::optional<std::string> opened = parts.sealed.open(*token, token_purpose(call));
    if (!opened)
      return Failure{Cause::Invalid, "This page is not known any more: search again.",
                     token == &query.after ? "_after" : "_before"};
    *token = *std::move(opened);
  }
  return done();
}

std::string link_to(const ServiceParts& parts, const Call& call, std::string_view token_name, const std::string& token) {
  if (token.empty()) return {};
  return link_url(parts, call, page_query(call, token_name, parts.sealed.seal(token, token_purpose(call))));
}

std::string searchset(const ServiceParts& parts, const Call& call, const store::Page& page, std::string outcome) {
  Searchset set{parts.base_url, to_string(uuid_v7(parts.clock.wall(), parts.random)), page.total.value_or(0),
                link_url(parts, call, page_query(call, "", ""))};
  set.next = link_to(parts, call, "_after", page.after);
  set.resources = page.resources;
  set.outcome = std::move(outcome);
  return write(set);
}

// Who may update a Task is known after it was read; audited like every refusal of a known caller.
Task<http::Response> forbid_update(const ServiceParts& parts, Call call, Failure failure) {
  store::AuditRow row = access::refused(call.caller, "update", "", failure.says);
  Result<void> noted = co_await note(parts, std::move(row));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  co_return refusal(call, failure, parts.definitions);
}

}  // namespace

Task<http::Response> read_resource(const ServiceParts& parts, Call call) {
  const std::vector<std::string>& path = call.target.segments;
  const std::string subject = path[1] + "/" + path[2];
  std::int64_t version = 0;
  if (path.size() == 5) {
    version = parse_int(path[4]).value_or(0);
    if (version <= 0) co_return not_found(parts, call);
  }
  const store::Reader reader = access::reader_of(call.caller);
  Result<store::Resource> found = co_await parts.store.read(reader, path[1], path[2], version);
  store::AuditRow row = found ? access::shown(call.caller, subject, found->case_key)
                              : access::refused(call.caller, "read", subject, "not there, or no party of its case");
  Result<void> noted = co_await note(parts, std::move(row));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (!found) co_return refusal(call, found.failure(), parts.definitions);
  if (found->deleted) co_return refusal(call, Failure{Cause::Gone, "It was deleted.", ""}, parts.definitions);
  const unsigned status = is_unchanged(call, *found, parts.clock.wall()) ? 304 : 200;
  co_return resource_answer(call, status, *found, parts.definitions);
}

Task<http::Response> search_resources(const ServiceParts& parts, Call call) {
  const std::string type = call.target.segments[1];
  Result<void> opened = open_page(parts, call);
  if (!opened) co_return refusal(call, opened.failure(), parts.definitions);
  Result<SearchWish> wish = read_search(call, type, parts.definitions, parts.base_url, parts.clock.wall(), offered(parts, type));
  if (!wish) co_return refusal(call, status_of_search(wish.failure()), wish.failure(), parts.definitions);
  Result<void> known = open_token(parts, call, wish->query);
  if (!known) co_return refusal(call, known.failure(), parts.definitions);
  const store::Reader reader = access::reader_of(call.caller);
  wish->query.total = search::Total::Accurate;
  Result<store::Page> page = co_await parts.store.search(reader, wish->query);
  if (!page) co_return refusal(call, page.failure(), parts.definitions);
  store::AuditRow row = access::searched(call.caller, type, page->resources.size());
  Result<void> noted = co_await note(parts, std::move(row));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  present(page->resources, wish->presentation, parts.definitions);
  std::string bundle = searchset(parts, call, *page, search_outcome(*wish, parts.definitions));
  http::Response response = fhir_answer(call, 200, std::move(bundle), parts.definitions);
  tell_handling(call, response);
  co_return response;
}

Task<http::Response> update_task(const ServiceParts& parts, Call call) {
  Result<std::int64_t> expected = if_match(call);
  if (!expected) co_return refusal(call, expected.failure(), parts.definitions);
  Result<tree::Document> body = read_body(call, parts.definitions);
  if (!body) co_return refusal(call, body.failure(), parts.definitions);
  const std::string id = call.target.segments[2];
  if (tree::root(*body).text_of("id") != id) {
    co_return refusal(call, Failure{Cause::Invalid, "The id in the body is not the id of the address.", "Task.id"},
                      parts.definitions);
  }
  exchange::TaskWrite write{call.caller, id, std::move(*body), *expected};
  Result<std::optional<store::Resource>> written = co_await parts.path.write_task(std::move(write));
  if (!written && written.failure().cause == Cause::Forbidden)
    co_return co_await forbid_update(parts, std::move(call), std::move(written).failure());
  if (!written) {
    http::Response refused = refusal(call, status_of_write(written.failure()), written.failure(), parts.definitions);
    refused.is_logged = written.failure().cause == Cause::TooLarge;  // it is kept in quarantine
    co_return refused;
  }
  if (!*written) {  // RFC 9110 13.1.1
    const Failure outdated{Cause::Conflict, "The Task has changed since; read it again.", "Task.meta.versionId"};
    co_return refusal(call, 412, outdated, parts.definitions);
  }
  const store::Resource& task = **written;
  http::Response response = resource_answer(call, 200, task, parts.definitions);
  const std::string version = std::to_string(task.version);
  response.fields.push_back({"Location", parts.base_url + "/Task/" + id + "/_history/" + version});
  co_return response;
}

}  // namespace vardbron::rest
