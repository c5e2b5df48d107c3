#include "gateway/rest/search_wish.h"

#include "gateway/fhir/operation_outcome.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/write.h"
#include "gateway/http/negotiation.h"

#include <algorithm>
#include <utility>

namespace vardbron::rest {

namespace {

std::string handling(const Call& call) { return http::preference(call.request.fields, "handling"); }

// `_format` and friends shape the answer, they do not narrow the search.
std::vector<std::pair<std::string, std::string>> search_parameters(const Call& call) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const http::Parameter& each : call.target.query) {
    if (each.name != "_format" && each.name != "_pretty") parameters.emplace_back(each.name, each.value);
  }
  return parameters;
}

std::string_view code_of(std::string_view name) { return name.substr(0, name.find(':')); }

// A parameter of FHIR that is not indexed would find nothing, and the empty answer would be misleading.
Result<void> keep_served(SearchWish& wish, const Offered& offered, bool is_lenient) {
  std::vector<search::Criterion> served;
  for (search::Criterion& each : wish.query.criteria) {
    if (offered.is_served(code_of(each.parameter)) && is_offered(each.kind)) {
      served.push_back(std::move(each));
      continue;
    }
    Failure why{Cause::Unsupported,
                "Searching " + wish.query.resource_type + " by it is not offered; there are " + offered.names + ".",
                each.parameter};
    if (!is_lenient) return why;
    wish.ignored.push_back({each.parameter, std::move(why)});
  }
  wish.query.criteria = std::move(served);
  return done();
}

}  // namespace

Result<SearchWish> read_search(Call& call, std::string_view type, const fhir::Definitions& definitions, std::string_view base_url,
                               const Offered& offered) {
  const bool is_lenient = handling(call) == "lenient";
  SearchWish wish;
  Result<search::Query> query =
      search::parse_query(definitions, type, search_parameters(call), base_url, is_lenient ? &wish.ignored : nullptr);
  if (!query) return std::move(query).failure();
  wish.query = std::move(*query);
  if (Result<void> kept = keep_served(wish, offered, is_lenient); !kept) return std::move(kept).failure();
  std::erase_if(call.target.query, [&](const http::Parameter& each) {
    return std::any_of(wish.ignored.begin(), wish.ignored.end(),
                       [&](const search::Ignored& one) { return one.name == each.name || one.name == code_of(each.name); });
  });
  return wish;
}

std::string search_outcome(const SearchWish& wish, const fhir::Definitions& definitions) {
  if (wish.ignored.empty()) return {};
  std::vector<fhir::Issue> issues;
  for (const search::Ignored& each : wish.ignored) {
    fhir::Issue issue = fhir::issue_of(each.why);
    issue.severity = fhir::Severity::Warning;
    issue.says = "The search went without it. " + issue.says;
    issues.push_back(std::move(issue));
  }
  return json::write(fhir::operation_outcome(issues, definitions.names()));
}

std::string write(const Searchset& page) {
  std::size_t bytes = 512 + page.outcome.size();
  for (const store::Resource& each : page.resources) bytes += 256 + each.body.size();
  json::Composer json(bytes);
  json.begin_object().text("resourceType", "Bundle").text("id", page.id).text("type", "searchset").number("total", page.total);
  json.begin_list("link").begin_object().text("relation", "self").text("url", page.self).end_object();
  if (!page.next.empty()) json.begin_object().text("relation", "next").text("url", page.next).end_object();
  json.end_list();
  const bool has_entries = !page.resources.empty() || !page.outcome.empty();  // FHIR JSON has no empty list
  if (has_entries) json.begin_list("entry");
  for (const store::Resource& each : page.resources) {
    const std::string url = std::string(page.base_url) + "/" + each.type + "/" + each.id;
    json.begin_object().text("fullUrl", url).raw("resource", each.body);
    json.begin_object("search").text("mode", "match").end_object().end_object();
  }
  if (!page.outcome.empty()) {
    json.begin_object().raw("resource", page.outcome);
    json.begin_object("search").text("mode", "outcome").end_object().end_object();
  }
  if (has_entries) json.end_list();
  return json.end_object().finish();
}

void tell_handling(const Call& call, http::Response& response) {
  const std::string asked = handling(call);
  if (asked == "strict" || asked == "lenient") response.fields.push_back({"Preference-Applied", "handling=" + asked});
}

}  // namespace vardbron::rest
