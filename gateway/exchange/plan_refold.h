#pragma once

// Tested by tests/exchange/plan_at_once_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/chain/notice.h"
#include "gateway/exchange/case_change.h"
#include "gateway/exchange/case_update.h"
#include "gateway/store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// The plan of an ärende, which changes with a notice of the ärende: in the same commit, so that a participant that may read the
/// plan no more reads nothing of it from the answer on. What it changes of the person is written when the plan is computed once
/// more, by the clock, right after that.
class PlanRefold {
 public:
  /// The key of the plan's chain. `has_notice`: the notice becomes a link of it too.
  PlanRefold(const CaseParts& parts, std::string key, bool has_notice)
      : parts_(parts), key_(std::move(key)), has_notice_(has_notice) {}
  PlanRefold(const PlanRefold&) = delete;

  /// Reads the plan as it is stored, and what its person's other cases say. A plan that is not stored yet begins with what the
  /// ärende has of it.
  Task<Result<void>> read(std::string arende, care::Notice notice);
  /// Adds to a change of the ärende what it changes of the plan; nothing if the notice does not concern the plan. `link`: of the
  /// notice; `stay`: what the ärende says now.
  void add_to(CaseChange& made, const store::ChainLink& link, const care::StayView& stay, WallTime now);

 private:
  const CaseParts& parts_;
  const std::string key_;
  const bool has_notice_;
  care::Notice notice_;
  std::vector<store::ChainLink> links_, earlier_;  // that the plan has; that a new one begins with
  std::int64_t version_ = 0;
  store::CaseTimes times_;
  std::optional<KeptCase> known_;
};

/// Does the notice change, by what it says of the stay or the person, who may read what of the plan?
bool concerns_plan(const care::Notice& notice);

}  // namespace vardbron::exchange
