#pragma once

// Tested by tests/search/criterion_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/place.h"
#include "gateway/search/query.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// What the values of one search are read with.
struct CriterionReader {
  const fhir::Definitions& definitions;
  std::string_view base_url;      ///< of this server: absolute references below it are local; "" = unknown
  std::optional<WallTime> now{};  ///< "approximately" depends on it: search.html 3.1.1.4.7; none: a date has no prefix ap
  std::size_t operands = 0;       ///< values so far; at most limits::search_operands_max
  std::vector<Failure> warnings{};

  /// The criterion that a value means, for its modifier: of :text and :of-type one on a derived parameter, of :in, :not-in and
  /// :above and :below of tokens one on each code that is meant. `name` is the parameter as it was written. Invalid: the
  /// parameter has no such modifier or value. Unsupported, TooLarge.
  Result<Criterion> read(const Place& place, std::string_view name, std::string_view value);
};

}  // namespace vardbron::search
