#pragma once

// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/arende/facts.h"
#include "gateway/care/chain/policies.h"
#include "gateway/care/person/person_view.h"

#include <cstddef>
#include <optional>

namespace vardbron::care {

/// Applies the links of a chain in event order. The fold points into the chain; the policies outlive it. `person`: the patient's
/// other cases.
KeptFold begin_fold(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person);

/// Takes the link that the chain has more than before, or none, at a later time. The chain's other links are as they were,
/// wherever they are in memory now. False: what is new concerns links before it, or the other cases say something else, so all is
/// to be folded again, and `fold` is unusable.
bool go_on(Fold& fold, const Chain& chain, const Policies& policies, WallTime now, const PersonView& person);

/// What follows from the links and the time, until take_back(), which comes before the fold goes on.
Facts& conclude(Fold& fold);
void take_back(Fold& fold);

/// After go_on and conclude. Nothing: what earlier links are to their receivers may have changed.
struct WentOn {
  std::size_t received = 0;  ///< of Facts::received, those that were there before
};
std::optional<WentOn> went_on(const Fold& fold);

}  // namespace vardbron::care
