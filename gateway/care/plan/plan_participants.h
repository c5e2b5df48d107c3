#pragma once

// Tested by tests/care/plan/plan_fold_test.cpp and tests/care/plan/plan_sharing_test.cpp.

#include "gateway/care/plan/plan_facts.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care::plan {

/// Who takes part in a plan, and with whom the person lets it be shared.
class PlanParticipants {
 public:
  explicit PlanParticipants(Facts& facts) : facts_(facts) {}

  /// Those that the notice names take part too.
  void join(const ChainEntry& link);
  /// Those that the notice names take part, and nobody else; the units that end.
  std::vector<std::string> set(const ChainEntry& link);
  /// What the person decided of the notice's units; those with which the plan is shared no more.
  std::vector<std::string> decide(const ChainEntry& link);
  /// The answers to the call.
  void answer(const ChainEntry& link);
  /// Called again: nobody has answered yet.
  void forget_answers();
  /// Ids of the organisations that take part now, sorted.
  std::vector<std::string> active() const;
  /// Those that take part now have been able to read the plan.
  void remember();
  /// The unit's own, or that of its body; null: none takes part, or has.
  const Participant* of(const Party& party) const;
  /// Organisations that a cancelled plan's notices were for.
  std::vector<std::string> named_in_cancelled() const;

 private:
  Participant& at(const std::string& name, const Party& party, const ChainEntry& link);
  void add(const Party& party, const PlanParticipant& said, const ChainEntry& link);
  void add_named(const ChainEntry& link);
  void changed(const ChainEntry& link);

  Facts& facts_;
};

}  // namespace vardbron::care::plan
