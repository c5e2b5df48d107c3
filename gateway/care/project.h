#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/arende/projection.h"
#include "gateway/care/chain/link.h"
#include "gateway/care/chain/policies.h"
#include "gateway/care/chain/write.h"
#include "gateway/care/person/person_view.h"
#include "gateway/tree/names.h"

namespace vardbron::care {

/// Folds a chain. `names` must outlive the projection (fhir::Definitions::names()). The chain must belong to one case.
/// `former`: a projection of the first links of the same chain, in the same order. Communications that are as they were in it are
/// left out of `resources`, which is a large part of the cost of a long case.
/// `kept`: the fold that `former` was projected from, or null; it gets this one's. A link that comes after all others, as most
/// do, then costs what it changes, however long the chain is. The policies outlive the fold; the chain may be at another address
/// in between, with its first links unchanged. `person`: the patient's other cases.
Projection project(const Chain& chain, const Policies& policies, WallTime now, const tree::Names& names,
                   const Projection* former = nullptr, KeptFold* kept = nullptr, const PersonView& person = {});

/// The same with empty documents, at a third of the cost: enough for case_events and check_write.
Projection outline(const Chain& chain, const Policies& policies, WallTime now, const tree::Names& names, KeptFold* kept = nullptr,
                   const PersonView& person = {});

/// Does the case accept this write now? Conflict: the Task does not allow it. NotFound: no such Task. Forbidden: the Task is
/// another's, or its owner is no longer a party.
Result<void> check_write(const Projection& now, const Write& write);

}  // namespace vardbron::care
