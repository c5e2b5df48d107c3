#pragma once

// Tested by tests/search/presentation_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

enum class Summary : std::uint8_t { False, True, Text, Data, Count };

/// How much of each resource an answer shows. Source: R4 search.html 3.1.1.5.8, 3.1.1.5.9.
struct Presentation {
  Summary summary = Summary::False;
  std::vector<std::string> elements;  ///< of the searched type; none: all
  bool is_whole() const { return summary == Summary::False && elements.empty(); }
  /// Both ask for a part: R4 search.html 3.1.1.5.9.
  bool is_overdetermined() const { return summary != Summary::False && summary != Summary::Count && !elements.empty(); }
  static Failure not_together();
};

/// Invalid: none of the five.
Result<void> read_summary(std::string_view value, Presentation& into);
/// Names of elements of the type's first level, separated by commas; each may have the type before it: Task.status. Invalid:
/// there is no such element.
Result<void> read_elements(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view value, Presentation& into);

}  // namespace vardbron::search
