#pragma once

// Tested by tests/exchange/plan_test.cpp.

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/chain/notice.h"
#include "gateway/store/store.h"

#include <optional>
#include <string>

namespace vardbron::exchange {

/// The plan that a notice is about.
struct PlanOfNotice {
  std::string key;       ///< of its chain
  bool is_only = false;  ///< the notice is no part of an ärende
};

/// Nothing: it is about no plan. `arende` is the case of the notice (case_of_notice.h). A plan with an identity of its own is the
/// one that the notice's sender may see; else it is opened, and belongs to `caller`: two organisations may use one identity. The
/// plan of an ärende is found with the ärende. Invalid: the sender takes part in several plans of that identity.
Task<Result<std::optional<PlanOfNotice>>> plan_of(store::Store& store, const care::Notice& notice, const std::string& arende,
                                                  const std::string& caller);

/// Of an ärende's links, those that are about its plan: what a plan begins with that is computed for the first time.
std::vector<store::ChainLink> links_of_plan(const store::Case& arende, const tree::Names& names);

/// Is the notice one for that plan? A cancellation is where the plan has what it cancels.
bool belongs_to_plan(const care::Notice& notice, const std::vector<store::ChainLink>& plan);

}  // namespace vardbron::exchange
