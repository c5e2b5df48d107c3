#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/chain/policy.h"
#include "gateway/care/person/person_view.h"
#include "gateway/care/plan/plan_facts.h"

namespace vardbron::care::plan {

/// The state of a plan, given the links of its chain: notices that have its key, and what parties wrote to its Tasks. Depends on
/// the set of links, not on their order; points into the chain. `person`: the person's stays, and what they know of the person.
Facts fold(const Chain& chain, const PersonView& person, const Policy& policy, WallTime now);

}  // namespace vardbron::care::plan
