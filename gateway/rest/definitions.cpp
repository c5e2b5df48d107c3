// Tested by tests/rest/definitions_test.cpp.

#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/own_definitions.h"
#include "gateway/rest/page_link.h"
#include "gateway/rest/presentation.h"
#include "gateway/rest/search_wish.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

// How much of each is shown, as of a search in the store.
Result<search::Presentation> presentation_of(const ServiceParts& parts, const Call& call) {
  search::Presentation presentation;
  const std::string_view summary = parameter(call, "_summary"), elements = parameter(call, "_elements");
  const fhir::TypeId type = parts.definitions.find_type(call.target.segments[1]);
  Result<void> read = summary.empty() ? done() : search::read_summary(summary, presentation);
  if (read && !elements.empty()) read = search::read_elements(parts.definitions, type, elements, presentation);
  if (!read) return std::move(read).failure();
  if (presentation.is_overdetermined()) return search::Presentation::not_together();
  return presentation;
}

// FHIR R4 search.html: a comma separates values of which one is to fit.
bool fits_one(std::string_view asked, const std::function<bool(std::string_view)>& fits) {
  while (true) {
    const std::size_t comma = asked.find(',');
    if (fits(asked.substr(0, comma))) return true;
    if (comma == std::string_view::npos) return false;
    asked.remove_prefix(comma + 1);
  }
}

bool fits(const OwnDefinition& definition, std::string_view name, std::string_view asked) {
  if (name == "_id") return fits_one(asked, [&](std::string_view id) { return definition.resource.id == id; });
  if (name == "name")
    return fits_one(asked, [&](std::string_view start) { return to_lower(definition.name).starts_with(to_lower(start)); });
  return fits_one(asked, [&](std::string_view url) {
    return std::find(definition.urls.begin(), definition.urls.end(), url) != definition.urls.end();
  });
}

}  // namespace

Task<http::Response> read_definition(const ServiceParts& parts, Call call) {
  static constexpr std::array<std::string_view, 2> known{"_summary", "_elements"};
  Result<std::vector<search::Ignored>> checked = check_parameters(call, {known});
  if (!checked) co_return refusal(call, checked.failure(), parts.definitions);
  Result<search::Presentation> presentation = presentation_of(parts, call);
  if (!presentation) co_return refusal(call, presentation.failure(), parts.definitions);
  if (presentation->summary == search::Summary::Count)
    co_return refusal(call, Failure{Cause::Invalid, "_summary=count is of searches.", "_summary"}, parts.definitions);
  const std::vector<std::string>& path = call.target.segments;
  const OwnDefinition* found = parts.own_definitions == nullptr ? nullptr : parts.own_definitions->find(path[1], path[2]);
  if (found == nullptr) co_return not_found(parts, call);
  std::string body = present(found->resource.body, *presentation, parts.definitions);
  co_return fhir_answer(call, 200, std::move(body), parts.definitions);
}

Task<http::Response> search_definitions(const ServiceParts& parts, Call call) {
  const std::string type = call.target.segments[1];
  const std::array<std::string_view, 3> asked_by{"_id", "name", url_parameter(type)};
  const std::array<std::string_view, 5> known{asked_by[0], asked_by[1], asked_by[2], "_summary", "_elements"};
  Result<std::vector<search::Ignored>> ignored = check_parameters(call, {known, asked_by});
  if (!ignored) co_return refusal(call, ignored.failure(), parts.definitions);
  Result<search::Presentation> presentation = presentation_of(parts, call);
  if (!presentation) co_return refusal(call, presentation.failure(), parts.definitions);
  const auto fits_all = [&](const OwnDefinition& definition) {
    return std::all_of(asked_by.begin(), asked_by.end(), [&](std::string_view name) {
      const std::vector<std::string_view> values = values_of(call, name);
      return std::all_of(values.begin(), values.end(), [&](std::string_view value) { return fits(definition, name, value); });
    });
  };
  std::vector<store::Resource> found;
  if (parts.own_definitions != nullptr) found = parts.own_definitions->search(type, fits_all);
  Searchset set{parts.base_url, to_string(uuid_v7(parts.clock.wall(), parts.random)), static_cast<std::int64_t>(found.size()),
                page_url(parts, call, page_query(call, "", ""))};
  if (presentation->summary == search::Summary::Count) found.clear();
  present(found, *presentation, parts.definitions);
  set.resources = found;
  SearchWish wish;
  wish.ignored = std::move(*ignored);
  set.outcome = search_outcome(wish, parts.definitions);
  http::Response response = fhir_answer(call, 200, write(set), parts.definitions);
  tell_handling(call, response);
  co_return response;
}

}  // namespace vardbron::rest
