#include "gateway/rest/page_link.h"

#include "gateway/rest/search_wish.h"

#include <optional>
#include <utility>

namespace vardbron::rest {

namespace {

bool is_search_place(const Call& call) { return call.target.segments.size() == 3 && call.target.segments[2] == "_search"; }

std::string path_of(const Call& call) {
  std::string path;
  for (std::size_t at = 1; at < call.target.segments.size(); ++at) path += "/" + call.target.segments[at];
  return path;
}

std::string page_purpose(const Call& call) { return call.target.segments[1] + " for " + call.caller.organisation; }

// A position is good in the search that it was given for, and in no other.
std::string token_purpose(const Call& call, std::string_view token_name) {
  const std::string path = is_search_place(call) ? "/" + call.target.segments[1] : path_of(call);
  return "position in " + path + "?" + page_query(call, token_name, "") + " for " + call.caller.organisation;
}

Failure not_known(std::string_view parameter) {
  return {Cause::Invalid, "This page is not known any more: search again.", std::string(parameter)};
}

}  // namespace

std::string page_url(const ServiceParts& parts, const Call& call, const std::string& query) {
  if (is_search_place(call)) return parts.base_url + path_of(call) + "?_page=" + parts.sealed.seal(query, page_purpose(call));
  const std::string url = parts.base_url + path_of(call);
  return query.empty() ? url : url + "?" + query;
}

Result<void> open_page(const ServiceParts& parts, Call& call) {
  const std::string_view page = parameter(call, "_page");
  if (!is_search_place(call) || page.empty()) return done();
  std::size_t pages = 0;
  for (const http::Parameter& each : call.target.query) {
    pages += each.name == "_page" ? 1 : 0;
    const bool is_of_page = each.name == "_page" || each.name == "_format" || each.name == "_pretty";
    if (pages > 1 || !is_of_page)
      return Failure{Cause::Invalid, "A link to a page has its whole search in it and takes no other parameter.", each.name};
  }
  std::optional<std::string> query = parts.sealed.open(page, page_purpose(call));
  if (!query) return not_known("_page");
  Result<std::vector<http::Parameter>> opened = http::parse_form(*query);
  if (!opened) return std::move(opened).failure();
  call.target.query = std::move(*opened);
  return done();
}

Result<std::string> opened_token(const ServiceParts& parts, const Call& call, std::string_view name) {
  const std::string_view token = parameter(call, name);
  if (token.empty()) return std::string();
  std::optional<std::string> opened = parts.sealed.open(token, token_purpose(call, name));
  if (!opened) return not_known(name);
  return *std::move(opened);
}

std::string page_link(const ServiceParts& parts, const Call& call, std::string_view token_name, const std::string& token) {
  if (token.empty()) return {};
  return page_url(parts, call, page_query(call, token_name, parts.sealed.seal(token, token_purpose(call, token_name))));
}

}  // namespace vardbron::rest
