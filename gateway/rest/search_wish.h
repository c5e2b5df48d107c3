#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/http/message.h"
#include "gateway/rest/call.h"
#include "gateway/search/parse_query.h"
#include "gateway/search/query.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::rest {

constexpr bool is_plain(search::KeyKind kind) { return kind != search::KeyKind::Number && kind != search::KeyKind::Quantity; }

/// The supported search parameters of a type.
struct Offered {
  std::function<bool(std::string_view parameter)> is_served;
  std::string names = "those that /fhir/metadata lists";  ///< for people
  const fhir::Definitions* shown = nullptr;               ///< search::ParseOptions
  bool is_plain_only = true;  ///< neither chains nor includes, no order but by _lastUpdated, no numbers and quantities
};

/// A search as it is carried out; something is ignored with Prefer: handling=lenient only.
using SearchWish = search::Search;

/// The warning of a page that lacks what was stored last (store::Page::lacks_newest).
Failure lacks_newest();

/// The search that a call asks for. Strict, unless Prefer: handling=lenient is asked for: then unknown and unsupported parameters
/// are ignored and removed from `call`, so that links do not contain them; a _count above the limit is the limit there. Source:
/// FHIR R4 search.html 3.1.1.1. Invalid: names the parameter.
Result<SearchWish> read_search(Call& call, std::string_view type, const fhir::Definitions& definitions, std::string_view base_url,
                               WallTime now, const Offered& offered);
/// An OperationOutcome, JSON, with the ignored parameters and what finds nothing; "" if there are none.
std::string search_outcome(const SearchWish& wish, const fhir::Definitions& definitions);

/// The content of a searchset.
struct Searchset {
  std::string_view base_url;
  std::string id;
  std::optional<std::int64_t> total{};   ///< shown if it is known
  std::string self, next{}, previous{};  ///< urls; without `next` this page is the last one, without `previous` the first
  std::span<const store::Resource> resources{};
  std::span<const store::Resource> included{};
  std::string outcome{};  ///< as search_outcome gives it
};
/// A page of a search as a Bundle, JSON; bodies are in it byte by byte.
std::string write(const Searchset& page);

/// The query of a link to another page, encoded: that of `call`, with a page token in place of its own. `token_name` is _after or
/// _before; "" keeps the call's own token, for the link to this page.
std::string page_query(const Call& call, std::string_view token_name, std::string_view token);

/// Preference-Applied for what Prefer: handling asked for.
void tell_handling(const Call& call, http::Response& response);

}  // namespace vardbron::rest
