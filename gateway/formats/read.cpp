#include "gateway/formats/read.h"

#include "gateway/formats/json/parse.h"
#include "gateway/formats/xml/parse.h"

#include <algorithm>
#include <utility>

namespace vardbron::formats {

namespace {

/// The type without parameters, in small letters.
std::string media_type(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  type.remove_prefix(std::min(type.find_first_not_of(" \t"), type.size()));
  type = type.substr(0, type.find_last_not_of(" \t") + 1);
  std::string made(type);
  for (char& letter : made) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter | 0x20);
  }
  return made;
}

}  // namespace

Format guess(std::string_view content_type, std::string_view body) {
  const std::string type = media_type(content_type);
  if (type == "json" || type.ends_with("/json") || type.ends_with("+json")) return Format::Json;
  if (type == "xml" || type.ends_with("/xml") || type.ends_with("+xml")) return Format::Xml;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Format::Unknown;
  if (body[first] == '{' || body[first] == '[') return Format::Json;
  return body[first] == '<' ? Format::Xml : Format::Unknown;
}

Result<tree::Document> read(Format format, std::string body, const tree::Names& names, ReadOptions options) {
  switch (format) {
    case Format::Json: return json::parse(std::move(body), names, {.fhir = options.fhir, .positions = options.positions});
    case Format::Xml: return xml::parse(std::move(body), names, {.positions = options.positions});
    case Format::Unknown: break;
  }
  return Failure{Cause::Unsupported, "The body is neither JSON nor XML.", {}};
}

}  // namespace vardbron::formats
