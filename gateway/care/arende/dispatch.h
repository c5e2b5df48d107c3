#pragma once

// Tested by tests/care/notifications_test.cpp and tests/care/project_test.cpp.

#include "gateway/care/arende/facts.h"
#include "gateway/care/arende/fold.h"

#include <vector>

namespace vardbron::care {

struct Dispatched {
  PersistentList<Dispatch> all;
  std::vector<bool> is_as_before;  ///< for each: it is in `former`, of the same notice and with the same content
};

/// One Dispatch for every notice and possible receiver, with its status. Exists also while the notice is withheld, so that
/// Communications never vanish. `former`: of the first links of the same chain, with the same case_key; may be null.
Dispatched dispatches(const Facts& facts, const Projection* former);

/// The same, of a fold that went on from that of `former`: those of earlier links are shared with it.
Dispatched further_dispatches(const Facts& facts, const Projection& former, const WentOn& went_on);

}  // namespace vardbron::care
