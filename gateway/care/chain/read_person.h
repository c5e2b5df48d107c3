#pragma once

// Tested by tests/care/notice_test.cpp.

#include "gateway/base/result.h"
#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <chrono>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Reads a Patient. `path` is its FHIRPath ("Bundle.entry[1].resource"). Invalid: no identifier, or one that breaks its own
/// rules. `today` is the day of the notice, for the century of a short number and implausible births.
Result<Person> read_person(tree::Item patient, std::string_view path, std::chrono::year_month_day today,
                           std::vector<Doubt>& doubts);

}  // namespace vardbron::care
