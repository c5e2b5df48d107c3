#pragma once

// Tested by tests/formats/xml/parse_test.cpp.

#include "gateway/base/result.h"

#include <string>
#include <string_view>

namespace vardbron::xml {

/// Converts a document to UTF-8 from the encoding in its byte order mark and XML declaration (XML 1.0, 4.3.3 and appendix F):
/// UTF-8, US-ASCII, ISO-8859-1 and Windows-1252. A UTF-8 byte order mark is removed. Positions count bytes of the result.
Result<std::string> to_utf8(std::string body);

/// Length of the XML declaration at the start; 0 if there is none.
std::size_t declaration_length(std::string_view body);

}  // namespace vardbron::xml
