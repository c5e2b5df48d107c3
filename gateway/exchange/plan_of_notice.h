#pragma once

// Tested by tests/exchange/plan_test.cpp and tests/exchange/plan_identity_test.cpp.

#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/chain/notice.h"
#include "gateway/exchange/case_change.h"
#include "gateway/exchange/case_of_notice.h"
#include "gateway/store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// The plan that a notice is about.
struct PlanOfNotice {
  std::string key;       ///< of its chain
  bool is_only = false;  ///< the notice is no part of an ärende
  std::string warning;   ///< for the sender, or "": it begins a plan, and the sender takes part in others of that identity
};

/// Nothing: it is about no plan. `arende` is the case of the notice (case_of_notice.h), `caller` whose token sent it.
///
/// An identity belongs to who began the plan: the key is organisation, system and value, so two organisations may use one
/// identity, and none of them has the other's plan. A notice that names an identity is about:
///  1. the plan that its CarePlan.identifier.assigner began, if the sender takes part in it, or began it;
///  2. else, without an assigner, the plan that its own organisation began;
///  3. else the only plan of that identity in which the sender takes part and which is of the same person. A notice that may
///     begin a plan is that only when the sender has said something in it before: who names an identity first, and its owner as
///     receiver, does not get the owner's plan;
///  4. else a plan of the sender's own organisation, which is opened.
/// Invalid: there are several, or none that the assigner began; the same words whether or not the sender knows of none.
///
/// The plan of an ärende is found with the ärende; who takes part in it, and is no party of the ärende, finds it by the ärende's
/// number. What cancels or acknowledges a notice is where the plan has that notice.
Task<Result<std::optional<PlanOfNotice>>> plan_of(store::Store& store, const CaseRules& rules, const care::Notice& notice,
                                                  const CaseOfNotice& arende, const std::string& caller);

/// Of an ärende's links, those that are about its plan: what a plan begins with that is computed for the first time.
std::vector<store::ChainLink> links_of_plan(const store::Case& arende, const tree::Names& names);

/// Is the notice one for that plan? A cancellation is where the plan has what it cancels, and a receipt likewise.
bool belongs_to_plan(const care::Notice& notice, const std::vector<store::ChainLink>& plan);

}  // namespace vardbron::exchange
