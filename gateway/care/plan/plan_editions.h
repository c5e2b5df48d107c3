#pragma once

// Tested by tests/care/plan/plan_fold_test.cpp and tests/care/plan/plan_tasks_test.cpp.

#include "gateway/care/chain/policy.h"
#include "gateway/care/plan/plan_facts.h"
#include "gateway/care/plan/plan_tasks.h"

namespace vardbron::care::plan {

/// The versions of a plan: a draft, the one that holds, and those that it replaced.
class PlanEditions {
 public:
  PlanEditions(Facts& facts, const Policy& policy, PlanTasks& tasks) : facts_(facts), policy_(policy), tasks_(tasks) {}

  /// What is said before the plan is agreed.
  void prepare(const Notice& notice);
  /// One that holds when the units have approved it.
  void draft(const ChainEntry& link);
  void approve(const ChainEntry& link);
  /// The last version holds, as the notice says it; revised: the one after it.
  void agree(const ChainEntry& link);
  void revise(const ChainEntry& link);
  /// The person consents no more: what was agreed is a draft again, should the person consent later.
  void set_aside();

 private:
  Edition& next(const ChainEntry& link);
  /// "Vårdplanen är upprättad när den har justerats av enheterna": those that are responsible for its insatser.
  void agree_if_approved(const ChainEntry& link);
  void agree(const ChainEntry& link, Edition& edition);
  void hold_from(const ChainEntry& link, Edition& edition);

  Facts& facts_;
  const Policy& policy_;
  PlanTasks& tasks_;
};

}  // namespace vardbron::care::plan
