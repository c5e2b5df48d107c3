#include "gateway/rest/search_wish.h"

#include "gateway/fhir/operation_outcome.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/write.h"
#include "gateway/http/negotiation.h"
#include "gateway/search/refusal.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace vardbron::rest {

namespace {

std::string handling(const Call& call) { return http::preference(call.request.fields, "handling"); }

std::string_view code_of(std::string_view name) { return name.substr(0, name.find(':')); }

// What the stores do not do yet.
bool is_offered_by_stores(const http::Parameter& parameter) {
  const std::string_view code = code_of(parameter.name);
  if (code == "_sort") return parameter.value == "_lastUpdated" || parameter.value == "-_lastUpdated";
  constexpr std::array<std::string_view, 6> none{"_include", "_revinclude", "_has", "_summary", "_elements", "_before"};
  return std::find(none.begin(), none.end(), code) == none.end() && parameter.name.find('.') == std::string::npos;
}

Result<std::vector<std::pair<std::string, std::string>>> offered_parameters(const Call& call, bool is_lenient,
                                                                            std::vector<search::Ignored>& ignored) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const http::Parameter& each : call.target.query) {
    if (is_offered_by_stores(each)) {
      parameters.emplace_back(each.name, each.value);
      continue;
    }
    Failure why = search::unsupported("This search parameter is not offered.", each.name);
    if (!is_lenient) return why;
    ignored.push_back({each.name, std::move(why)});
  }
  return parameters;
}

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
                               WallTime now, const Offered& offered) {
  const bool is_lenient = handling(call) == "lenient";
  std::vector<search::Ignored> ignored;
  auto parameters = offered_parameters(call, is_lenient, ignored);
  if (!parameters) return std::move(parameters).failure();
  Result<SearchWish> read = search::parse_search(definitions, type, *parameters, {base_url, now, is_lenient});
  if (!read) return std::move(read).failure();
  SearchWish wish = *std::move(read);
  wish.ignored.insert(wish.ignored.end(), std::make_move_iterator(ignored.begin()), std::make_move_iterator(ignored.end()));
  if (Result<void> kept = keep_served(wish, offered, is_lenient); !kept) return std::move(kept).failure();
  std::erase_if(call.target.query, [&](const http::Parameter& each) {
    return std::any_of(wish.ignored.begin(), wish.ignored.end(),
                       [&](const search::Ignored& one) { return one.name == each.name || one.name == code_of(each.name); });
  });
  return wish;
}

std::string search_outcome(const SearchWish& wish, const fhir::Definitions& definitions) {
  std::vector<fhir::Issue> issues;
  auto warn = [&](const Failure& why, std::string_view before) {
    fhir::Issue issue = fhir::issue_of(why);
    issue.severity = fhir::Severity::Warning;
    issue.says.insert(0, before);
    issues.push_back(std::move(issue));
  };
  for (const search::Ignored& each : wish.ignored) warn(each.why, "The search went without it. ");
  for (const Failure& each : wish.warnings) warn(each, "");
  return issues.empty() ? std::string() : json::write(fhir::operation_outcome(issues, definitions.names()));
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
