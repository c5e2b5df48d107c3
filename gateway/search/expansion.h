#pragma once

// Tested by tests/search/expansion_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace vardbron::search {

inline constexpr std::size_t expanded_codes_max = 1'000;  ///< of one value

/// The codes of a value set as operands, for :in and :not-in. Source: R4 search.html 3.1.1.4.10. Failures have the place `name`.
/// Invalid: a value set that the definitions do not have. Unsupported: one that they cannot list. TooLarge.
Result<std::vector<Operand>> codes_in(const fhir::Definitions& definitions, std::string_view value_set, std::string_view name);

/// A code with all that it subsumes (below), or with all that subsume it. Invalid: the code system is not one of the definitions,
/// or has no such code.
Result<std::vector<Operand>> codes_around(const fhir::Definitions& definitions, const Operand& code, Modifier modifier,
                                          std::string_view name);

}  // namespace vardbron::search
