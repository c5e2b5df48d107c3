#pragma once

#include "gateway/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::http {

struct Parameter {
  std::string name;
  std::string value;
  bool operator==(const Parameter&) const = default;
};

/// A request target, parsed and percent-decoded: "/fhir/Task/1?status=requested" is {"fhir","Task","1"} and one parameter.
struct Target {
  std::vector<std::string> segments;  ///< never empty ones, never "." or ".."
  std::vector<Parameter> query;       ///< in the order sent; names may repeat
  bool operator==(const Target&) const = default;
};

/// Invalid: a wrong percent sign, text that is not UTF-8, control characters, an encoded slash, empty or dotted segments.
/// One slash at the end makes no segment.
Result<Target> parse_target(std::string_view target);

/// "a=1&b=two+words": a query, or a body of application/x-www-form-urlencoded. Invalid: as above.
Result<std::vector<Parameter>> parse_form(std::string_view form);

/// Everything encoded but the unreserved characters of RFC 3986, so it fits into a segment, a name or a value.
std::string percent_encoded(std::string_view text);

}  // namespace vardbron::http
