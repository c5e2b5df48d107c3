#pragma once

#include "gateway/base/result.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>

namespace vardbron::formats {

enum class Format { Json, Xml, Unknown };

/// What a body is: by its content type ("application/fhir+json; charset=utf-8", "text/xml", FHIR's short "json" and "xml"),
/// or by its first character when the type says nothing.
Format guess(std::string_view content_type, std::string_view body);

struct ReadOptions {
  bool fhir = true;  ///< JSON: `_name` hangs below `name`. XML stays a plain tree; gateway/fhir/xml_shape makes it FHIR's
  bool positions = false;
};

/// Reads with the limits of base/limits.h. Unsupported: Format::Unknown.
Result<tree::Document> read(Format format, std::string body, const tree::Names& names, ReadOptions options = {});

}  // namespace vardbron::formats
