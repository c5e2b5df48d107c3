#pragma once

// Tested by tests/formats/xml/parse_test.cpp and tests/formats/hl7v2/parse_test.cpp.

#include "gateway/base/result.h"
#include "gateway/formats/charset.h"
#include "gateway/tree/document.h"
#include "gateway/tree/notes.h"

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::formats {

enum class Format { Json, Xml, Hl7v2, Csv, Unknown };

/// Format of a body: by its content type ("application/fhir+json; charset=utf-8", "text/xml", FHIR's short "json" and "xml",
/// "x-application/hl7-v2+er7", "text/csv"), or by its beginning if there is none; CSV is never recognised by its beginning.
Format guess(std::string_view content_type, std::string_view body);

/// Invalid: the content type is one of JSON, XML and HL7 v2, and the body begins like another.
Result<void> check_content_type(std::string_view content_type, std::string_view body);

/// The content type of a file's extension (.json .xml .hl7 .er7 .csv .tsv); "" if unknown.
std::string_view content_type_of(std::string_view file);

/// The charset parameter of a content type; nothing if there is none. Unsupported: a set that is not supported here.
Result<std::optional<Charset>> charset_parameter(std::string_view content_type);

struct ReadOptions {
  bool fhir = true;  ///< JSON: `_name` belongs to `name`. XML stays a plain tree; gateway/fhir/xml_conversion converts it
  tree::Notes* notes = nullptr;         ///< HL7 v2 and CSV: tolerated deviations; may be null
  std::optional<Charset> charset = {};  ///< HL7 v2 and CSV: of a text that does not declare it, or wrongly
  bool charset_is_known = false;        ///< HL7 v2: `charset` takes precedence over the text's
  bool positions = false;
};

/// Parses with the limits of base/limits.h. Unsupported: Format::Unknown.
Result<tree::Document> read(Format format, std::string body, const tree::Names& names, ReadOptions options = {});

}  // namespace vardbron::formats
