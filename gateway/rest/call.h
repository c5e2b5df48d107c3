#pragma once

// Tested by tests/rest/service_test.cpp and tests/rest/conditions_test.cpp.

#include "gateway/access/caller.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/http/message.h"
#include "gateway/http/target.h"
#include "gateway/rest/routes.h"
#include "gateway/search/parse_query.h"
#include "gateway/store/store.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::rest {

enum class Format : std::uint8_t { Json, Xml };
enum class Release : std::uint8_t { R4, R5 };  ///< of FHIR

/// A parsed request, for all interactions.
struct Call {
  http::Request request;
  http::Target target;            ///< decoded: {"fhir", "Task", "4711"}; the form of a POST _search is added to its query
  Format wants = Format::Json;    ///< by _format, else by Accept
  Release release = Release::R4;  ///< the same; R5 only where it is served (answer_form.h)
  access::Caller caller;          ///< empty until the caller is authenticated
};

/// Invalid: the target or a form body is not well-formed. Unsupported: another format than JSON and XML is asked for, or another
/// release of FHIR than is served at that address. Source: FHIR R5 http.html#version-parameter.
Result<Call> take_apart(http::Request request);

/// Unsupported: the body is of another release of FHIR than R4. Source: FHIR R5 http.html#version-parameter.
Result<void> check_release_sent(const Call& call);

/// Of POST _search. Unsupported: its body is no form in UTF-8, so nothing of it is in the query. Source: FHIR R4
/// http.html#search.
Result<void> check_form(const Call& call);

/// First value of a query parameter; "" when there is none.
std::string_view parameter(const Call& call, std::string_view name);
/// All values of a query parameter, which may be given several times.
std::vector<std::string_view> values_of(const Call& call, std::string_view name);

/// The parameters of an interaction or an operation.
struct KnownParameters {
  std::span<const std::string_view> names;
  std::span<const std::string_view> repeated{};  ///< those of `names` that may be given several times
};
/// Invalid: names a parameter of the query that is not known, one without a value, or one that is given twice: if something of it
/// were ignored, the caller would take it for obeyed. With Prefer: handling=lenient unknown ones are removed from `call`, so that
/// links do not contain them, and returned. Source: FHIR R4 search.html 3.1.1.1.
Result<std::vector<search::Ignored>> check_parameters(Call& call, const KnownParameters& known);
/// A _count above limits::search_results_per_page_max is that limit in links. Source: R4 search.html 3.1.1.5.2.
void show_count_used(Call& call);
/// If-Match as a version: W/"3" or "3"; 0 when there is none. Invalid: anything else.
Result<std::int64_t> if_match(const Call& call);
/// Invalid: names a condition that this interaction does not support: writes support `obeys`, reads their own. If it were
/// ignored, the caller would take it for fulfilled. Only reads obey If-Modified-Since; all others ignore it, as RFC 9110, 13.1.3
/// requires.
Result<void> check_conditions(const Call& call, Obeys obeys);
/// The body as a FHIR tree, JSON or XML by its Content-Type, or by how it begins where there is none. Unsupported: another type.
Result<tree::Document> read_body(const Call& call, const fhir::Definitions& definitions);

/// Operations take their parameters from the URL, or from a Parameters resource that is posted: these are added to the query.
/// Invalid: the body is another resource, or one of its parameters has no name or no plain value. Source: FHIR R4
/// operations.html.
Result<void> add_posted_parameters(Call& call, const fhir::Definitions& definitions);

/// The one place where a cause becomes an HTTP status.
unsigned status_of(Cause cause);

/// Of a search: an unsupported parameter is the caller's mistake. Source: FHIR R4 search.html 3.1.1.1.
inline unsigned status_of_search(const Failure& failure) {
  return failure.cause == Cause::Unsupported ? 400 : status_of(failure.cause);
}

/// Of a write whose body was read: it asks for something unsupported. Source: FHIR R4 http.html#update.
inline unsigned status_of_write(const Failure& failure) {
  return failure.cause == Cause::Unsupported ? 422 : status_of(failure.cause);
}

/// What the access log says of a reading that showed nothing.
std::string_view not_shown(const Failure& failure);

/// FHIR JSON as the caller wants it. Broken JSON is a bug of ours and answered as such.
http::Response fhir_answer(const Call& call, unsigned status, std::string json, const fhir::Definitions& definitions);
/// Conditional read: the caller has this version already. Source: FHIR R4 http.html#cread; RFC 9110, 13.
bool is_unchanged(const Call& call, const store::Resource& resource, WallTime now);
/// An OperationOutcome with one issue of severity information.
http::Response informing_answer(const Call& call, unsigned status, std::string says, const fhir::Definitions& definitions);
/// With ETag and Last-Modified; without a body when the status is 304. After a write as Prefer: return asks.
/// Source: FHIR R4 http.html#versioning, #ops.
http::Response resource_answer(const Call& call, unsigned status, const store::Resource& resource,
                               const fhir::Definitions& definitions);
/// An OperationOutcome that says what to change, under the cause's status or a more exact one.
http::Response refusal(const Call& call, const Failure& failure, const fhir::Definitions& definitions);
http::Response refusal(const Call& call, unsigned status, const Failure& failure, const fhir::Definitions& definitions);
http::Response plain_answer(unsigned status, std::string content_type, std::string body);

}  // namespace vardbron::rest
