#pragma once

#include "gateway/base/result.h"
#include "gateway/formats/charset.h"
#include "gateway/tree/document.h"
#include "gateway/tree/notes.h"

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::formats {

enum class Format { Json, Xml, Hl7v2, Csv, Unknown };

/// What a body is: by its content type ("application/fhir+json; charset=utf-8", "text/xml", FHIR's short "json" and "xml",
/// "x-application/hl7-v2+er7", "text/csv"), or by how it begins when the type says nothing; CSV begins as any text does.
Format guess(std::string_view content_type, std::string_view body);

/// Invalid: the content type says one of JSON, XML and HL7 v2, and the body begins as another.
Result<void> check_content_type(std::string_view content_type, std::string_view body);

/// The content type that a file's name tells (.json .xml .hl7 .er7 .csv .tsv); "" when it tells none.
std::string_view content_type_of(std::string_view file);

/// What the content type says of the character set; nothing when it says nothing. Unsupported: a set that is not read here.
Result<std::optional<Charset>> charset_parameter(std::string_view content_type);

struct ReadOptions {
  bool fhir = true;  ///< JSON: `_name` hangs below `name`. XML stays a plain tree; gateway/fhir/xml_shape makes it FHIR's
  tree::Notes* notes = nullptr;         ///< HL7 v2 and CSV: what was tolerated; null = nobody asks
  std::optional<Charset> charset = {};  ///< HL7 v2 and CSV: of a text that does not say it itself, or says it wrongly
  bool charset_is_known = false;        ///< HL7 v2: `charset` is what the sender really writes, whatever the text says
  bool positions = false;
};

/// Reads with the limits of base/limits.h. Unsupported: Format::Unknown.
Result<tree::Document> read(Format format, std::string body, const tree::Names& names, ReadOptions options = {});

}  // namespace vardbron::formats
