#pragma once

#include "gateway/base/result.h"

#include <string>
#include <string_view>

namespace vardbron::xml {

/// Brings a document into UTF-8, from what its byte order mark and XML declaration say (XML 1.0, 4.3.3 and appendix F): UTF-8,
/// US-ASCII, ISO-8859-1 and Windows-1252. A UTF-8 byte order mark is taken away. Places count bytes of the result.
Result<std::string> to_utf8(std::string body);

/// Length of the XML declaration at the start; 0 when there is none.
std::size_t declaration_length(std::string_view body);

}  // namespace vardbron::xml
