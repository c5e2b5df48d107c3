#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::search {

/// A parameter that a lenient search ignores.
struct Ignored {
  std::string name;  ///< as written
  Failure why;
};

/// Reads the decoded name and value pairs of a search URL. Source: FHIR R4 search.html.
///  * Parameters of kind token, reference, date, string and uri, with :exact, :contains, :not, :missing, :identifier where the
///    standard has them; _id, _lastUpdated, _tag ..; _count, _sort=_lastUpdated or -_lastUpdated; _after is our page token.
///  * A reference may be given as "Type/id", with or without /_history/n, as an absolute URL (one below `base_url`, which is this
///    server's, is the same as the relative one: R4 search.html 3.1.1.4.12), as "id" (any target type), as :Type=id, or as the
///    value or system|value of the logical identifier it holds: owner=SE2321000016-1234 finds Tasks owned by that HSA-id.
/// Strict: Invalid names the parameter or modifier that this resource type does not have; Unsupported one that we do not serve
/// (_include, chains, quantity ..). TooLarge: more parameters or values than limits::search_operands_max.
/// With `ignored` a parameter that the type does not have, or that is not served, is put there instead; a modifier or a value
/// that cannot be obeyed is refused all the same (R4 search.html 3.1.1.1 and 3.1.1.4.5).
Result<Query> parse_query(const fhir::Definitions& definitions, std::string_view resource_type,
                          std::span<const std::pair<std::string, std::string>> parameters, std::string_view base_url = {},
                          std::vector<Ignored>* ignored = nullptr);

}  // namespace vardbron::search
