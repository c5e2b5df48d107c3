#pragma once

// Tested by tests/rest/service_test.cpp and tests/rest/history_test.cpp.

#include "gateway/base/result.h"
#include "gateway/rest/call.h"
#include "gateway/rest/service.h"

#include <string>
#include <string_view>

namespace vardbron::rest {

/// The address of a page of what a call asks for, with this query.
std::string page_url(const ServiceParts& parts, const Call& call, const std::string& query);
/// A link of our own is replaced by the query that is sealed in it (POST _search: a person's number may be in it, and links end
/// up in logs). Invalid: it is not one of this process for this caller, or more is asked for beside it.
Result<void> open_page(const ServiceParts& parts, Call& call);

/// The store's token in a parameter of a link. Invalid: it is not one of this process for this caller and this search.
Result<std::string> opened_token(const ServiceParts& parts, const Call& call, std::string_view parameter);
/// The link to the page at a store's token, sealed, since tokens count what everybody has written; "" = there is none.
/// `token_name` is _after or _before.
std::string page_link(const ServiceParts& parts, const Call& call, std::string_view token_name, const std::string& token);

}  // namespace vardbron::rest
