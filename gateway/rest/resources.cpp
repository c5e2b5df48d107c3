// Tested by tests/rest/service_test.cpp and tests/rest/conditions_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/rest/answer_form.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/page_link.h"
#include "gateway/rest/presentation.h"
#include "gateway/rest/search_wish.h"
#include "gateway/search/compartment.h"
#include "gateway/search/parameter.h"

#include <array>
#include <optional>
#include <span>
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

// Of R5 what both releases have: R5 has no CareTeam.encounter to search by.
Offered offered(const ServiceParts& parts, const std::string& type, const AnswerForm& form) {
  const search::Indexer& indexer = parts.indexer;
  const fhir::Definitions* shown = form.is_r5() ? &form.definitions() : nullptr;
  Offered offered{[&indexer, type, shown](std::string_view parameter) {
    if (shown != nullptr && search::find_parameter(*shown, shown->find_type(type), parameter) == nullptr) return false;
    return indexer.serves(type, parameter);
  }};
  offered.is_plain_only = false;
  offered.shown = shown;
  return offered;
}

Result<void> check_includes(const AnswerForm& form, const search::Query& query) {
  if (!form.is_r5() || query.includes.empty()) return done();
  return Failure{Cause::Unsupported, "In FHIR R5 there are CareTeams only: search for what they refer to in R4.", "_include"};
}

std::string searchset(const ServiceParts& parts, const Call& call, const store::Page& page, std::string outcome) {
  Searchset set{parts.base_url, to_string(uuid_v7(parts.clock.wall(), parts.random)), page.total,
                page_url(parts, call, page_query(call, "", ""))};
  set.next = page_link(parts, call, "_after", page.after);
  set.previous = page_link(parts, call, "_before", page.before);
  set.resources = page.resources;
  set.included = page.included;
  set.outcome = std::move(outcome);
  return write(set);
}

Result<void> open_tokens(const ServiceParts& parts, const Call& call, search::Query& query) {
  Result<std::string> after = opened_token(parts, call, "_after"), before = opened_token(parts, call, "_before");
  if (!after) return std::move(after).failure();
  if (!before) return std::move(before).failure();
  query.after = *std::move(after);
  query.before = *std::move(before);
  return done();
}

Failure cut_off() {
  return {Cause::TooLarge,
          "More resources would be included than " + std::to_string(limits::search_included_max) +
              "; the rest is not here. Ask for smaller pages (_count), or search for them by themselves.",
          "_include"};
}

// Of a type, or in the compartment of a Patient.
Task<http::Response> answer_search(const ServiceParts& parts, Call call, std::string type,
                                   std::optional<search::Compartment> compartment) {
  Result<AnswerForm> form = AnswerForm::of(parts, call);
  if (!form) co_return refusal(call, 406, form.failure(), parts.definitions);
  Result<void> opened = open_page(parts, call);
  if (!opened) co_return refusal(call, opened.failure(), parts.definitions);
  const Offered offers = offered(parts, type, *form);
  Result<SearchWish> wish = read_search(call, type, parts.definitions, parts.base_url, parts.clock.wall(), offers);
  if (!wish) co_return refusal(call, status_of_search(wish.failure()), wish.failure(), parts.definitions);
  Result<void> included = check_includes(*form, wish->query);
  if (!included) co_return refusal(call, status_of_search(included.failure()), included.failure(), parts.definitions);
  Result<void> known = open_tokens(parts, call, wish->query);
  if (!known) co_return refusal(call, known.failure(), parts.definitions);
  if (compartment) wish->query.compartments.push_back(*std::move(compartment));
  wish->query.may_lack_newest = true;
  const store::Reader reader = access::reader_of(call.caller);
  Result<store::Page> page = co_await parts.store.search(reader, wish->query, call.request.abandoned);
  if (!page) co_return refusal(call, status_of_search(page.failure()), page.failure(), parts.definitions);
  Result<void> converted = form->convert(page->resources);
  if (!converted) co_return refusal(call, 406, converted.failure(), parts.definitions);
  std::vector<store::AuditRow> rows = access::searched(call.caller, type, *page);
  Result<void> noted = co_await parts.store.audit(std::move(rows));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (page->is_cut) wish->warnings.push_back(cut_off());
  if (page->lacks_newest) wish->warnings.push_back(lacks_newest());
  present(page->resources, wish->presentation, form->definitions());
  present_included(page->included, wish->presentation, parts.definitions);
  std::string bundle = searchset(parts, call, *page, search_outcome(*wish, parts.definitions));
  http::Response response = fhir_answer(call, 200, std::move(bundle), form->definitions());
  tell_handling(call, response);
  co_return response;
}

// Of a read: R4 http.html#read allows _summary and _elements.
Result<search::Presentation> read_presentation(const fhir::Definitions& definitions, Call& call) {
  static constexpr std::array<std::string_view, 2> known{"_summary", "_elements"};
  search::Presentation presentation;
  if (auto checked = check_parameters(call, {known}); !checked) return std::move(checked).failure();
  const std::string_view summary = parameter(call, "_summary"), elements = parameter(call, "_elements");
  if (summary == "count") return Failure{Cause::Invalid, "_summary=count is of searches.", "_summary"};
  const fhir::TypeId type = definitions.find_type(call.target.segments[1]);
  Result<void> read = summary.empty() ? done() : search::read_summary(summary, presentation);
  if (read && !elements.empty()) read = search::read_elements(definitions, type, elements, presentation);
  if (!read) return std::move(read).failure();
  if (presentation.is_overdetermined()) return search::Presentation::not_together();
  return presentation;
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
  Result<AnswerForm> form = AnswerForm::of(parts, call);
  if (!form) co_return refusal(call, 406, form.failure(), parts.definitions);
  Result<search::Presentation> presentation = read_presentation(form->definitions(), call);
  if (!presentation) co_return refusal(call, presentation.failure(), parts.definitions);
  const store::Reader reader = access::reader_of(call.caller);
  Result<store::Resource> found = co_await parts.store.read(reader, path[1], path[2], version);
  Result<void> converted = found ? form->convert(std::span(&*found, 1)) : done();
  const std::string_view hidden = !found ? not_shown(found.failure()) : converted ? "" : "it has no form in FHIR R5";
  store::AuditRow row = hidden.empty() ? access::shown(call.caller, subject, found->case_key)
                                       : access::refused(call.caller, "read", subject, hidden);
  Result<void> noted = co_await note(parts, std::move(row));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  if (!found) co_return refusal(call, found.failure(), parts.definitions);
  if (!converted) co_return refusal(call, 406, converted.failure(), parts.definitions);
  if (found->deleted) co_return refusal(call, Failure{Cause::Gone, "It was deleted.", ""}, parts.definitions);
  present(std::span(&*found, 1), *presentation, form->definitions());
  const unsigned status = is_unchanged(call, *found, parts.clock.wall()) ? 304 : 200;
  co_return resource_answer(call, status, *found, form->definitions());
}

Task<http::Response> search_resources(const ServiceParts& parts, Call call) {
  std::string type = call.target.segments[1];
  co_return co_await answer_search(parts, std::move(call), std::move(type), std::nullopt);
}

Task<http::Response> search_compartment(const ServiceParts& parts, Call call) {
  std::string type = call.target.segments[3];
  Result<search::Compartment> compartment = search::read_compartment("Patient/" + call.target.segments[2], type);
  if (!compartment) co_return refusal(call, 404, compartment.failure(), parts.definitions);
  co_return co_await answer_search(parts, std::move(call), std::move(type), *std::move(compartment));
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
