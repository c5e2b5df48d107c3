#pragma once

// Tested by tests/fhirpath/pattern_test.cpp, tests/fhirpath/language_test.cpp and tests/fhirpath/runaway_test.cpp.

#include "gateway/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace vardbron::fhirpath {

/// Regular expressions run in linear time (RE2); those that need backtracking are refused (Invalid). `flags`: i, m.
Result<std::unique_ptr<re2::RE2>> compile_pattern(std::string_view pattern, std::string_view flags);
/// The same. The last ones of each thread are kept: a constant of a map is asked for with every message.
Result<std::shared_ptr<const re2::RE2>> kept_pattern(std::string_view pattern, std::string_view flags);
bool matches(const re2::RE2& pattern, std::string_view text, bool whole);
/// The substitution may name groups: $1, ${1}, ${name}; $$ is a dollar sign. Stops growing at `bytes_max`.
std::string replace_matches(const re2::RE2& pattern, std::string_view text, std::string_view substitution, std::size_t bytes_max);

}  // namespace vardbron::fhirpath
