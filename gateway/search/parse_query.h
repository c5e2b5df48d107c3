#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/presentation.h"
#include "gateway/search/query.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::search {

inline constexpr std::size_t sort_keys_max = 5;

using Parameters = std::span<const std::pair<std::string, std::string>>;  ///< decoded names and values of a search URL

/// A parameter that a lenient search ignores.
struct Ignored {
  std::string name;  ///< as written
  Failure why;
};

struct ParseOptions {
  std::string_view base_url{};    ///< of this server; "" = unknown
  std::optional<WallTime> now{};  ///< none: a date cannot be searched by ap
  bool is_lenient = false;
  const fhir::Definitions* shown = nullptr;  ///< whose elements _elements names; null: those of the search
};

/// A search as it was asked for.
struct Search {
  Query query;
  Presentation presentation;
  std::vector<Ignored> ignored;   ///< of a lenient search
  std::vector<Failure> warnings;  ///< of values that nothing can have
};

/// Reads a search on one type. Source: FHIR R4 search.html.
///  * Every parameter that is served (search/parameter.h), with the modifiers and prefixes of its kind. Of a date without a zone
///    see search/period.h.
///  * A reference may be given as "Type/id", with or without /_history/n, as an absolute URL (one below `base_url`, which is this
///    server's, is the same as the relative one: R4 search.html 3.1.1.4.12), as "id" (any target type), as :Type=id, or as the
///    value or system|value of the logical identifier it holds: owner=SE2321000016-1234 finds Tasks owned by that HSA-id.
///  * :text, :of-type, :in, :not-in and, of tokens, :above and :below become criteria of other parameters or codes
///    (search/criterion.h), so that a store knows the modifiers of search/query.h only.
///  * Chains and _has to three steps (search/place.h), _include and _revinclude (search/include.h), _sort by up to sort_keys_max
///    parameters, _count, _total, _summary, _elements; _after and _before are our page tokens.
/// Strict: Invalid names the parameter or modifier, as it was written, that this resource type does not have; Unsupported one
/// that is not served. TooLarge: more parameters or values than limits::search_operands_max. Lenient: a parameter that the type
/// does not have, or that is not served, is ignored; a modifier or a value that cannot be obeyed is refused all the same (R4
/// search.html 3.1.1.1 and 3.1.1.4.5).
Result<Search> parse_search(const fhir::Definitions& definitions, std::string_view resource_type, Parameters parameters,
                            const ParseOptions& options = {});

/// The query alone, strict.
Result<Query> parse_query(const fhir::Definitions& definitions, std::string_view resource_type, Parameters parameters,
                          std::string_view base_url = {});

}  // namespace vardbron::search
