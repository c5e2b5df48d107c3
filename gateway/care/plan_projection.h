#pragma once

// Tested by tests/care/plan_projection_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/care/arende/projection.h"
#include "gateway/care/chain/link.h"
#include "gateway/care/chain/policies.h"
#include "gateway/care/person/person_view.h"
#include "gateway/tree/names.h"

namespace vardbron::care {

/// Is it the chain of a plan, and not that of an ärende? By the key that its notices have.
bool is_plan(const Chain& chain);

/// The state of a plan as project() has that of an ärende: its resources, a Communication per notice and participant, its Tasks,
/// and what the person's cases know of it. Without documents: ids and readers only.
Projection project_plan(const Chain& chain, const Policies& policies, WallTime now, const tree::Names& names,
                        const PersonView& person, bool has_documents);

}  // namespace vardbron::care
