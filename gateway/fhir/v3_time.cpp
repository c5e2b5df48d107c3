#include "gateway/fhir/v3_time.h"

#include "gateway/fhir/v2_value.h"

#include <cstddef>

namespace vardbron::fhir {

bool is_v3_namespace(std::string_view uri) { return uri.starts_with("urn:hl7-org:v3"); }

bool has_v3_times(std::string_view uri, std::string_view type) {
  return is_v3_namespace(uri) && (type == "dateTime" || type == "date" || type == "instant");
}

std::string date_time_to_v3(std::string_view text) {
  std::string made, plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    plain += letter == 'Z' ? "+00:00" : std::string(1, letter);
    if (letter == 'Z') {
      made += "+0000";
    } else if (letter != ':' && letter != 'T' && (letter != '-' || at > 10)) {
      made += letter;
    }
  }
  return date_time_from_v2(made) == plain ? made : std::string(text);
}

}  // namespace vardbron::fhir
