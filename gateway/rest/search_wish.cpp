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

bool is_plain_parameter(const http::Parameter& parameter) {
  const std::string_view code = code_of(parameter.name);
  if (code == "_sort") return parameter.value == "_lastUpdated" || parameter.value == "-_lastUpdated";
  constexpr std::array<std::string_view, 4> none{"_include", "_revinclude", "_has", "_before"};
  return std::find(none.begin(), none.end(), code) == none.end() && parameter.name.find('.') == std::string::npos;
}

Result<std::vector<std::pair<std::string, std::string>>> offered_parameters(const Call& call, const Offered& offered,
                                                                            bool is_lenient,
                                                                            std::vector<search::Ignored>& ignored) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const http::Parameter& each : call.target.query) {
    if (!offered.is_plain_only || is_plain_parameter(each)) {
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
    if (offered.is_served(code_of(each.parameter)) && (!offered.is_plain_only || is_plain(each.kind))) {
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

void add_link(json::Composer& json, std::string_view relation, const std::string& url) {
  if (!url.empty()) json.begin_object().text("relation", relation).text("url", url).end_object();
}

void add_entry(json::Composer& json, const Searchset& page, const store::Resource& resource, std::string_view mode) {
  const std::string url = std::string(page.base_url) + "/" + resource.type + "/" + resource.id;
  json.begin_object().text("fullUrl", url).raw("resource", resource.body);
  json.begin_object("search").text("mode", mode).end_object().end_object();
}

}  // namespace

Result<SearchWish> read_search(Call& call, std::string_view type, const fhir::Definitions& definitions, std::string_view base_url,
                               WallTime now, const Offered& offered) {
  const bool is_lenient = handling(call) == "lenient";
  std::vector<search::Ignored> ignored;
  auto parameters = offered_parameters(call, offered, is_lenient, ignored);
  if (!parameters) return std::move(parameters).failure();
  Result<SearchWish> read = search::parse_search(definitions, type, *parameters, {base_url, now, is_lenient, offered.shown});
  if (!read) return std::move(read).failure();
  SearchWish wish = *std::move(read);
  wish.ignored.insert(wish.ignored.end(), std::make_move_iterator(ignored.begin()), std::make_move_iterator(ignored.end()));
  if (Result<void> kept = keep_served(wish, offered, is_lenient); !kept) return std::move(kept).failure();
  std::erase_if(call.target.query, [&](const http::Parameter& each) {
    return std::any_of(wish.ignored.begin(), wish.ignored.end(),
                       [&](const search::Ignored& one) { return one.name == each.name || one.name == code_of(each.name); });
  });
  show_count_used(call);
  return wish;
}

Failure lacks_newest() {
  return {
      Cause::Busy,
      "The disk of the store cannot be written at present, so that searches do not find what was stored right before it failed. "
      "It is not lost: it is read by its id, and is found when the disk is well again.",
      ""};
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
  for (std::span<const store::Resource> some : {page.resources, page.included}) {
    for (const store::Resource& each : some) bytes += 256 + each.body.size();
  }
  json::Composer json(bytes);
  json.begin_object().text("resourceType", "Bundle").text("id", page.id).text("type", "searchset");
  if (page.total) json.number("total", *page.total);
  json.begin_list("link");
  add_link(json, "self", page.self);
  add_link(json, "previous", page.previous);
  add_link(json, "next", page.next);
  json.end_list();
  const bool has_entries = !page.resources.empty() || !page.outcome.empty();  // FHIR JSON has no empty list
  if (has_entries) json.begin_list("entry");
  for (const store::Resource& each : page.resources) add_entry(json, page, each, "match");
  for (const store::Resource& each : page.included) add_entry(json, page, each, "include");
  if (!page.outcome.empty()) {
    json.begin_object().raw("resource", page.outcome);
    json.begin_object("search").text("mode", "outcome").end_object().end_object();
  }
  if (has_entries) json.end_list();
  return json.end_object().finish();
}

std::string page_query(const Call& call, std::string_view token_name, std::string_view token) {
  std::string text;
  auto add = [&](std::string_view name, std::string_view value) {
    if (!text.empty()) text += '&';
    text.append(http::percent_encoded(name)).append("=").append(http::percent_encoded(value));
  };
  for (const http::Parameter& each : call.target.query) {
    const bool is_token = each.name == "_after" || each.name == "_before";
    if (!is_token || token_name.empty()) add(each.name, each.value);
  }
  if (!token_name.empty()) add(token_name, token);
  return text;
}

void tell_handling(const Call& call, http::Response& response) {
  const std::string asked = handling(call);
  if (asked == "strict" || asked == "lenient") response.fields.push_back({"Preference-Applied", "handling=" + asked});
}

}  // namespace vardbron::rest
