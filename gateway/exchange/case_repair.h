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

/// What came of a repair.
struct Repaired {
  std::int64_t cases = 0;   ///< worked out again at the true time
  std::int64_t failed = 0;  ///< could not be worked out; they are found again by the next repair
  bool is_all = true;       ///< false: limits::repaired_cases_per_call_max was reached, ask again
};

/// Puts right what a false clock did: cases that were worked out at a time that is still to come are worked out again at this
/// one. Tasks that were called late are late no more, and who was notified of that is notified again. Versions that carry a false
/// lastUpdated stay as they were written; the new ones carry the true one.
class CaseRepair {
 public:
  /// All that `cases` refers to outlives it, and the clock.
  CaseRepair(CaseParts cases, Clock& clock) : cases_(std::move(cases)), clock_(clock) {}

  /// A case counts when its time is ahead of the clock by more than limits::clock_set_back_max.
  Task<Result<Repaired>> run();

 private:
  Task<Result<bool>> repair(std::string case_key);

  CaseParts cases_;
  Clock& clock_;
};

}  // namespace vardbron::exchange
