#pragma once

// Tested by tests/exchange/false_clock_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/exchange/case_update.h"

#include <cstdint>
#include <string>
#include <utility>

namespace vardbron::exchange {

/// Result of a repair.
struct Repaired {
  std::int64_t cases = 0;   ///< computed again at the true time
  std::int64_t failed = 0;  ///< could not be computed; they are found again by the next repair
  bool is_all = true;       ///< false: limits::repaired_cases_per_call_max was reached, call again
};

/// Corrects the effects of a wrong clock: cases that were computed at a time that is still to come are computed again at the
/// present one. Tasks that were marked late no longer are, and parties notified of that are notified again. Versions with a wrong
/// lastUpdated stay as they were written; the new ones have the right one.
class CaseRepair {
 public:
  /// All that `cases` refers to outlives it, and so does the clock.
  CaseRepair(CaseParts cases, Clock& clock) : cases_(std::move(cases)), clock_(clock) {}

  /// A case counts when its time is ahead of the clock by more than limits::clock_set_back_max.
  Task<Result<Repaired>> run();

 private:
  Task<Result<bool>> repair(std::string case_key);

  CaseParts cases_;
  Clock& clock_;
};

}  // namespace vardbron::exchange
