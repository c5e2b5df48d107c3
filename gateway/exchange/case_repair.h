#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/exchange/case_change.h"
#include "gateway/store/store.h"
#include "gateway/subscription/matcher.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace vardbron::exchange {

/// What came of a repair.
struct Repaired {
  std::int64_t cases = 0;   ///< worked out anew at the true time
  std::int64_t failed = 0;  ///< could not be worked out; they are found again by the next repair
  bool is_all = true;       ///< false: limits::repaired_cases_per_call_max was reached, ask again
};

/// Puts right what a false clock did: cases that were worked out at a time that is still to come are worked out anew at this one.
/// Tasks that were called late are late no more, and who was told so is told of that. Versions that carry a false lastUpdated
/// stay as they were written; the new ones carry the true one.
class CaseRepair {
 public:
  /// Everything outlives it. `told` as in PathParts, `due` too.
  struct Parts {
    store::Store& store;
    Clock& clock;
    FoldRules rules;
    std::function<std::shared_ptr<const subscription::Matcher>()> matcher;
    std::function<void(const store::Committed&)> told;
    std::function<void(WallTime)> due{};
  };
  explicit CaseRepair(Parts parts) : parts_(std::move(parts)) {}

  /// A case counts when its time is ahead of the clock by more than limits::clock_set_back_max.
  Task<Result<Repaired>> run();

 private:
  Task<Result<bool>> repair(std::string case_key);

  Parts parts_;
};

}  // namespace vardbron::exchange
