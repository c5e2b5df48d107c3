#include "gateway/formats/read.h"

#include "gateway/base/text.h"
#include "gateway/formats/csv/parse.h"
#include "gateway/formats/hl7v2/parse.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/xml/parse.h"

#include <string>
#include <utility>
#include <vector>

namespace vardbron::formats {

namespace {

/// The type without parameters, in lower case.
std::string media_type(std::string_view content_type) { return to_lower(trim(content_type.substr(0, content_type.find(';')))); }

Format declared_by(std::string_view content_type) {
  const std::string type = media_type(content_type);
  if (type == "json" || type.ends_with("/json") || type.ends_with("+json")) return Format::Json;
  if (type == "xml" || type.ends_with("/xml") || type.ends_with("+xml")) return Format::Xml;
  if (type.find("hl7") != std::string::npos && !type.ends_with("fhir")) return Format::Hl7v2;
  if (type == "text/csv" || type == "text/tab-separated-values") return Format::Csv;
  return Format::Unknown;
}

Format begins_as(std::string_view body) {
  if (hl7v2::looks_like_message(body)) return Format::Hl7v2;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Format::Unknown;
  if (body[first] == '{' || body[first] == '[') return Format::Json;
  return body[first] == '<' ? Format::Xml : Format::Unknown;
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::Json: return "JSON";
    case Format::Xml: return "XML";
    case Format::Hl7v2: return "HL7 v2";
    case Format::Csv: return "CSV";
    case Format::Unknown: break;
  }
  return "something else";
}

}  // namespace

Format guess(std::string_view content_type, std::string_view body) {
  const Format declared = declared_by(content_type);
  return declared == Format::Unknown ? begins_as(body) : declared;
}

Result<void> check_content_type(std::string_view content_type, std::string_view body) {
  const Format declared = declared_by(content_type), is = begins_as(body);
  if (declared == is || declared == Format::Unknown || declared == Format::Csv || is == Format::Unknown) return done();
  std::string says = "This is " + std::string(name_of(is)) + ", but Content-Type says " + std::string(name_of(declared)) + ".";
  return Failure{Cause::Invalid, std::move(says), {}};
}

std::string_view content_type_of(std::string_view file) {
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".json", "application/json"},        {".xml", "application/xml"}, {".hl7", "x-application/hl7-v2+er7"},
      {".er7", "x-application/hl7-v2+er7"}, {".csv", "text/csv"},        {".tsv", "text/tab-separated-values"}};
  const std::string name = to_lower(file);
  for (const auto& [ending, type] : types) {
    if (name.ends_with(ending)) return type;
  }
  return {};
}

Result<std::optional<Charset>> charset_parameter(std::string_view content_type) {
  std::vector<std::string_view> parts = split(content_type, ';');
  for (std::size_t at = 1; at < parts.size(); ++at) {
    const std::string_view part = trim(parts[at]);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || !equal_without_case(trim(part.substr(0, equals)), "charset")) continue;
    std::string_view value = trim(part.substr(equals + 1));
    if (value.size() > 1 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    const std::optional<Charset> named = charset_of(value);
    if (named || value.empty()) return named;
    return Failure{Cause::Unsupported, "The Content-Type names a character set that is not read here.", {}};
  }
  return std::optional<Charset>();
}

Result<tree::Document> read(Format format, std::string body, const tree::Names& names, ReadOptions options) {
  // RFC 8259, 8.1: a parser may ignore the byte order mark that some editors and exports write.
  if (format == Format::Json && body.starts_with("\xEF\xBB\xBF")) body.erase(0, 3);
  switch (format) {
    case Format::Json: return json::parse(std::move(body), names, {.fhir = options.fhir, .positions = options.positions});
    case Format::Xml: return xml::parse(std::move(body), names, {.positions = options.positions});
    case Format::Hl7v2:
      return hl7v2::parse(std::move(body), names,
                          {.positions = options.positions,
                           .charset = options.charset,
                           .charset_is_known = options.charset_is_known,
                           .notes = options.notes});
    case Format::Csv:
      return csv::parse(std::move(body), names,
                        {.positions = options.positions, .charset = options.charset, .notes = options.notes});
    case Format::Unknown: break;
  }
  return Failure{Cause::Unsupported, "The body is neither JSON nor XML, HL7 v2 or CSV.", {}};
}

}  // namespace vardbron::formats
