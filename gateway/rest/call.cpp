#include "gateway/rest/call.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/fhir/check.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/read.h"
#include "gateway/formats/xml/write.h"
#include "gateway/http/negotiation.h"
#include "gateway/time/http_date.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::rest {

namespace {

// R4 before R5: who names no version gets R4.
constexpr std::array<std::string_view, 12> offered{
    "application/fhir+json; fhirVersion=4.0", "application/json; fhirVersion=4.0", "text/json; fhirVersion=4.0",
    "application/fhir+xml; fhirVersion=4.0",  "application/xml; fhirVersion=4.0",  "text/xml; fhirVersion=4.0",
    "application/fhir+json; fhirVersion=5.0", "application/json; fhirVersion=5.0", "text/json; fhirVersion=5.0",
    "application/fhir+xml; fhirVersion=5.0",  "application/xml; fhirVersion=5.0",  "text/xml; fhirVersion=5.0"};
constexpr std::string_view version_parameter = "fhirVersion";

bool is_fhir_address(const Call& call) { return !call.target.segments.empty() && call.target.segments[0] == "fhir"; }

// Reads and searches of CareTeams, and the capability statement.
bool serves_r5(const Call& call) {
  const std::vector<std::string>& path = call.target.segments;
  if (!is_fhir_address(call) || path.size() < 2) return false;
  const bool is_search = call.request.method == "POST" && path.back() == "_search";
  if (call.request.method != "GET" && call.request.method != "HEAD" && !is_search) return false;
  const bool is_compartment = path.size() == 4 && path[1] == "Patient" && path[3] == "CareTeam";
  return path[1] == "CareTeam" || is_compartment || (path.size() == 2 && path[1] == "metadata");
}

struct Wanted {
  Format format = Format::Json;
  Release release = Release::R4;
};

Failure not_offered(const Call& call) {
  std::string says = "Answers come as application/fhir+json or application/fhir+xml.";
  if (is_fhir_address(call)) {
    says.insert(says.size() - 1, ", in FHIR R4 (fhirVersion=4.0)");
    says += " In R5 (fhirVersion=5.0) CareTeams are read and searched for, and nothing else.";
  }
  return {Cause::Unsupported, std::move(says), ""};
}

Result<Release> release_of(const Call& call, std::string_view version) {
  if (version.empty() || version == "4.0" || version == "4.0.1") return Release::R4;
  if ((version == "5.0" || version == "5.0.0") && serves_r5(call)) return Release::R5;
  return not_offered(call);
}

// Source: FHIR R4 http.html#mime-type: _format beats Accept, and may be the short "json" or "xml".
Result<Wanted> wanted_form(const Call& call) {
  std::string asked(parameter(call, "_format"));
  // A plus sign in a URL is a space once it is decoded, and people forget to encode it.
  std::replace(asked.begin(), std::find(asked.begin(), asked.end(), ';'), ' ', '+');
  const std::span<const std::string_view> offers =
      std::span(offered).first(serves_r5(call) ? offered.size() : offered.size() / 2);
  const std::string accepted(http::acceptable(call.request.fields, offers));
  if (asked.empty()) asked = accepted;
  const std::string type = http::media_type(asked);
  Wanted wanted;
  if (type == "xml" || type == "application/fhir+xml" || type == "application/xml" || type == "text/xml") {
    wanted.format = Format::Xml;
  } else if (type != "json" && type != "application/fhir+json" && type != "application/json" && type != "text/json") {
    return not_offered(call);
  }
  std::string version = http::media_parameter(asked, version_parameter);
  if (version.empty()) version = http::media_parameter(accepted, version_parameter);
  Result<Release> release = is_fhir_address(call) ? release_of(call, version) : Release::R4;
  if (!release) return std::move(release).failure();
  wanted.release = *release;
  return wanted;
}

Result<std::string> as_xml(std::string json, const fhir::Definitions& definitions) {
  Result<tree::Document> document = json::parse(std::move(json), definitions.names());
  if (!document) return std::move(document).failure();
  Result<tree::Document> plain = fhir::to_xml(*document, definitions);
  if (!plain) return std::move(plain).failure();
  return xml::write(*plain);
}

bool brings_notice(const Call& call) {
  if (call.request.method != "POST" || call.target.segments.size() != 2) return false;
  return call.target.segments[0] == "intake" || call.target.segments[1] == "$process-message";
}

// A Task or a Subscription.
bool writes_resource(const Call& call) {
  const std::string& method = call.request.method;
  const std::vector<std::string>& path = call.target.segments;
  if (path.size() < 2 || path[0] != "fhir" || path[1].starts_with("$")) return false;
  return method == "PUT" || method == "DELETE" || (method == "POST" && path.back() != "_search");
}

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Failure unknown_parameter(const KnownParameters& known, std::string_view name) {
  constexpr std::size_t shown_bytes_max = 64;
  std::string names;
  for (const std::string_view each : known.names) names.append(names.empty() ? "" : ", ").append(each);
  return {Cause::Invalid, "There is no such parameter here; there are " + names + ".", visible(name.substr(0, shown_bytes_max))};
}

// Parameters of operations that are served are of primitive types.
Result<http::Parameter> posted_parameter(tree::Item parameter, const std::string& where) {
  http::Parameter read{std::string(parameter.text_of("name")), {}};
  if (read.name.empty()) return Failure{Cause::Invalid, "This parameter has no name.", where};
  bool is_plain = true;
  for (tree::Item part = parameter.first_child(); part; part = part.next()) {
    is_plain = is_plain && part.name_text() != "resource" && part.name_text() != "part";
    if (part.name_text().starts_with("value") && part.has_value()) read.value = part.text();
  }
  if (is_plain && !read.value.empty()) return read;
  return Failure{Cause::Invalid, "Here a parameter has a plain value: a code, a number or a time.", where + ".value"};
}

// The sender of a notice must know whether it still has the only copy. A message that is kept gets a receipt instead of a
// refusal.
std::string_view not_kept(unsigned status) {
  if (status == 500) return " It is not known whether the message was kept. Send it again: one that was kept is known again.";
  if (status == 429 || status >= 501) return " Nothing of the message was kept. Send it again.";
  return " Nothing of the message was kept.";
}

}  // namespace

Result<Call> take_apart(http::Request request) {
  Call call;
  Result<http::Target> target = http::parse_target(request.target);
  if (!target) return std::move(target).failure();
  call.target = std::move(*target);
  call.request = std::move(request);
  const bool is_search = !call.target.segments.empty() && call.target.segments.back() == "_search";
  if (is_search && call.request.method == "POST" && check_form(call)) {
    Result<std::vector<http::Parameter>> form = http::parse_form(call.request.body);
    if (!form) return std::move(form).failure();
    std::move(form->begin(), form->end(), std::back_inserter(call.target.query));
  }
  Result<Wanted> wants = wanted_form(call);
  if (!wants) return std::move(wants).failure();
  call.wants = wants->format;
  call.release = wants->release;
  return call;
}

Result<void> check_release_sent(const Call& call) {
  const std::string version = http::media_parameter(http::find(call.request.fields, "Content-Type"), version_parameter);
  if (version.empty() || version == "4.0" || version == "4.0.1") return done();
  return Failure{Cause::Unsupported, "Content-Type: what is sent here is FHIR R4, which is fhirVersion=4.0.", ""};
}

Result<void> check_form(const Call& call) {
  constexpr std::string_view form = "application/x-www-form-urlencoded";
  const std::string_view type = trim(http::find(call.request.fields, "Content-Type"));
  const std::string charset = to_lower(http::media_parameter(type, "charset"));
  const bool is_utf8 = charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii";
  if (type.empty() ? call.request.body.empty() : http::media_type(type) == form && is_utf8) return done();
  if (!is_utf8) return Failure{Cause::Unsupported, "Content-Type: send the parameters of a search in UTF-8.", ""};
  return Failure{Cause::Unsupported, "Content-Type: send the parameters of a search as " + std::string(form) + ", or in the URL.",
                 ""};
}

std::string_view parameter(const Call& call, std::string_view name) {
  for (const http::Parameter& each : call.target.query) {
    if (each.name == name) return each.value;
  }
  return {};
}

std::vector<std::string_view> values_of(const Call& call, std::string_view name) {
  std::vector<std::string_view> values;
  for (const http::Parameter& each : call.target.query)
    if (each.name == name) values.push_back(each.value);
  return values;
}

Result<std::vector<search::Ignored>> check_parameters(Call& call, const KnownParameters& known) {
  constexpr std::array<std::string_view, 2> of_all{"_format", "_pretty"};  // of the answer's form
  const bool is_lenient = http::preference(call.request.fields, "handling") == "lenient";
  std::vector<search::Ignored> ignored;
  std::vector<std::string_view> seen;
  for (const http::Parameter& each : call.target.query) {
    const std::string_view name = each.name;
    if (contains(of_all, name)) continue;
    if (!contains(known.names, name)) {
      Failure unknown = unknown_parameter(known, name);
      if (!is_lenient) return unknown;
      ignored.push_back({each.name, std::move(unknown)});
      continue;
    }
    if (each.value.empty()) return Failure{Cause::Invalid, "This parameter has no value.", each.name};
    if (contains(seen, name)) return Failure{Cause::Invalid, "This parameter is given once.", each.name};
    if (!contains(known.repeated, name)) seen.push_back(name);
  }
  std::erase_if(call.target.query, [&](const http::Parameter& each) {
    return std::any_of(ignored.begin(), ignored.end(), [&](const search::Ignored& one) { return one.name == each.name; });
  });
  return ignored;
}

void show_count_used(Call& call) {
  for (http::Parameter& each : call.target.query) {
    const std::optional<std::int64_t> count = each.name == "_count" ? parse_int(each.value) : std::nullopt;
    const bool is_above = count && *count > static_cast<std::int64_t>(limits::search_results_per_page_max);
    if (is_above) each.value = std::to_string(limits::search_results_per_page_max);
  }
}

Result<std::int64_t> if_match(const Call& call) {
  std::string_view tag = trim(http::find(call.request.fields, "If-Match"));
  if (tag.empty()) return std::int64_t{0};
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
    std::optional<std::int64_t> version = parse_int(tag.substr(1, tag.size() - 2));
    if (version && *version > 0) return *version;
  }
  return Failure{Cause::Invalid, "If-Match must be a version as ETag gave it: W/\"3\".", ""};
}

Result<void> check_conditions(const Call& call, Obeys obeys) {
  const bool is_read = call.request.method == "GET" || call.request.method == "HEAD";
  struct Condition {
    std::string_view field;
    bool is_obeyed;
    std::string_view where;
  };
  for (const Condition& each :
       {Condition{"If-None-Exist", obeys == Obeys::IfNoneExist, "POST of a Subscription"},
        Condition{"If-Match", obeys == Obeys::IfMatch, "PUT, and DELETE of a Subscription"},
        Condition{"If-None-Match", is_read, "reads"}, Condition{"If-Unmodified-Since", false, ""}}) {
    const bool is_asked = std::any_of(call.request.fields.begin(), call.request.fields.end(),
                                      [&](const http::Field& field) { return equal_without_case(field.name, each.field); });
    if (!is_asked || each.is_obeyed) continue;
    std::string says = std::string(each.field) + " is not obeyed here, so nothing was done.";
    if (!each.where.empty()) says += " It is obeyed by " + std::string(each.where) + ".";
    return Failure{Cause::Invalid, std::move(says), ""};
  }
  return done();
}

Result<tree::Document> read_body(const Call& call, const fhir::Definitions& definitions) {
  const std::string_view type = http::find(call.request.fields, "Content-Type");
  if (Result<void> fits = formats::check_content_type(type, call.request.body); !fits) return std::move(fits).failure();
  // A body with another content type is not guessed at. Source: FHIR R4 http.html#mime-type.
  const formats::Format format = formats::guess(type, trim(type).empty() ? std::string_view(call.request.body) : "");
  if (format != formats::Format::Json && format != formats::Format::Xml) {
    return Failure{Cause::Unsupported, "Send application/fhir+json or application/fhir+xml.", ""};
  }
  formats::ReadOptions options;
  options.positions = true;
  Result<tree::Document> document = formats::read(format, call.request.body, definitions.names(), options);
  if (document && format == formats::Format::Xml) document = fhir::from_xml(*document, definitions);
  if (!document) return document;
  if (Result<void> checked = fhir::check_values(*document, definitions); !checked) return std::move(checked).failure();
  return document;
}

Result<void> add_posted_parameters(Call& call, const fhir::Definitions& definitions) {
  if (call.request.method != "POST" || call.request.body.empty()) return done();
  Result<tree::Document> body = read_body(call, definitions);
  if (!body) return std::move(body).failure();
  const std::string_view type = tree::root(*body).text_of("resourceType");
  if (type != "Parameters") {
    return Failure{Cause::Invalid, "An operation is posted with a resource Parameters, not with " + visible(type) + ".", ""};
  }
  std::size_t number = 0;
  for (tree::Item each = tree::root(*body).first_child(); each; each = each.next()) {
    if (each.name_text() != "parameter") continue;
    const std::string where = "Parameters.parameter[" + std::to_string(number++) + "]";
    Result<http::Parameter> read = posted_parameter(each, where);
    if (!read) return std::move(read).failure();
    call.target.query.push_back(*std::move(read));
  }
  return done();
}

unsigned status_of(Cause cause) {
  switch (cause) {
    case Cause::Invalid: return 400;
    case Cause::Unauthenticated: return 401;
    case Cause::Forbidden: return 403;
    case Cause::NotFound: return 404;
    case Cause::Gone: return 410;
    case Cause::Conflict: return 409;
    case Cause::TooLarge: return 413;
    case Cause::Unsupported: return 415;
    case Cause::Busy: return 503;
    case Cause::TimedOut: return 504;
    case Cause::Cancelled: return 503;
    case Cause::Broken: return 500;
  }
  return 500;
}

std::string_view not_shown(const Failure& failure) {
  const bool is_none = failure.cause == Cause::NotFound || failure.cause == Cause::Gone;
  return is_none ? "not there, or no party of its case" : std::string_view(failure.says);
}

http::Response fhir_answer(const Call& call, unsigned status, std::string json, const fhir::Definitions& definitions) {
  http::Response response;
  response.status = status;
  response.body = std::move(json);
  if (call.wants == Format::Xml) {
    Result<std::string> xml = as_xml(std::move(response.body), definitions);
    if (!xml) return plain_answer(500, "text/plain; charset=utf-8", "The answer could not be written as XML.\n");
    response.body = std::move(*xml);
  }
  std::string type = call.wants == Format::Json ? "application/fhir+json; charset=utf-8" : "application/fhir+xml; charset=utf-8";
  if (call.release == Release::R5) type += "; fhirVersion=5.0";
  response.fields.push_back({"Content-Type", std::move(type)});
  return response;
}

http::Response informing_answer(const Call& call, unsigned status, std::string says, const fhir::Definitions& definitions) {
  const fhir::Issue issue{fhir::Severity::Information, "informational", std::move(says), ""};
  return fhir_answer(call, status, json::write(fhir::operation_outcome({&issue, 1}, definitions.names())), definitions);
}

bool is_unchanged(const Call& call, const store::Resource& resource, WallTime now) {
  const std::string_view known = http::find(call.request.fields, "If-None-Match");
  if (!known.empty()) {
    const std::string current = "\"" + std::to_string(resource.version) + "\"";
    for (std::string_view each : split(known, ',')) {
      std::string_view tag = trim(each);
      if (tag.starts_with("W/")) tag.remove_prefix(2);
      if (tag == "*" || tag == current) return true;
    }
    return false;
  }
  const std::optional<WallTime> since = time::parse_http_date(trim(http::find(call.request.fields, "If-Modified-Since")), now);
  return since && std::chrono::floor<std::chrono::seconds>(resource.last_updated) <= *since;
}

http::Response resource_answer(const Call& call, unsigned status, const store::Resource& resource,
                               const fhir::Definitions& definitions) {
  const bool is_read = call.request.method == "GET" || call.request.method == "HEAD";
  const std::string wish = is_read ? "" : http::preference(call.request.fields, "return");
  http::Response response;
  if (status == 304 || wish == "minimal") {
    response.status = status;
  } else if (wish == "OperationOutcome") {
    const std::string says =
        resource.type + "/" + resource.id + " was written, it is version " + std::to_string(resource.version) + " now.";
    response = informing_answer(call, status, says, definitions);
  } else {
    response = fhir_answer(call, status, resource.body, definitions);
  }
  if (wish == "minimal" || wish == "representation" || wish == "OperationOutcome")
    response.fields.push_back({"Preference-Applied", "return=" + wish});
  response.fields.push_back({"ETag", "W/\"" + std::to_string(resource.version) + "\""});
  response.fields.push_back({"Last-Modified", time::http_date(resource.last_updated)});
  return response;
}

http::Response refusal(const Call& call, const Failure& failure, const fhir::Definitions& definitions) {
  return refusal(call, status_of(failure.cause), failure, definitions);
}

http::Response refusal(const Call& call, unsigned status, const Failure& failure, const fhir::Definitions& definitions) {
  Failure reported = failure;
  if (brings_notice(call)) reported.says += not_kept(status);
  if (failure.cause == Cause::Busy && writes_resource(call)) reported.says += " Nothing was kept: send it again.";
  std::string outcome = json::write(fhir::operation_outcome(reported, definitions.names()));
  http::Response response = fhir_answer(call, status, std::move(outcome), definitions);
  if (failure.cause == Cause::Unauthenticated) response.fields.push_back({"WWW-Authenticate", "Bearer"});
  if (failure.cause == Cause::Busy) response.fields.push_back({"Retry-After", "1"});
  return response;
}

http::Response plain_answer(unsigned status, std::string content_type, std::string body) {
  http::Response response;
  response.status = status;
  response.fields.push_back({"Content-Type", std::move(content_type)});
  response.body = std::move(body);
  return response;
}

}  // namespace vardbron::rest
