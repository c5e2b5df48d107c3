#pragma once

// Tested by tests/care/plan/plan_fold_test.cpp and tests/care/plan/plan_sharing_test.cpp.

#include "gateway/care/person/person_view.h"
#include "gateway/care/plan/plan_facts.h"

namespace vardbron::care::plan {

/// The meetings of a plan, from the call to each. A call while one is booked moves it.
class PlanMeetings {
 public:
  PlanMeetings(Facts& facts, const PersonView& person) : facts_(facts), person_(person) {}

  void call(const ChainEntry& link);
  /// The one that is booked was held, or will not be; none is booked: nothing.
  void end(Meeting::Status status);

 private:
  Meeting* booked();
  /// When it is, as the call says; its place is not passed on where the identity is protected.
  void set_time(Meeting& meeting, const ChainEntry& link);

  Facts& facts_;
  const PersonView& person_;
};

}  // namespace vardbron::care::plan
