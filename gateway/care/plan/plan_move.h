#pragma once

// Tested by tests/care/plan/plan_fold_test.cpp.

#include "gateway/care/chain/event.h"
#include "gateway/care/chain/notice.h"
#include "gateway/care/plan/plan_kind.h"
#include "gateway/care/plan/plan_machine.h"

#include <optional>

namespace vardbron::care::plan {

/// What an event is to the plan; none: it changes no state of it.
std::optional<Move> move_of(Event event, const Kind& kind);

/// A plan may begin with it: it is allowed where no plan is known. What takes something back, answers or cancels is not.
bool may_begin(const Notice& notice);

/// The notice says what the plan is.
bool draws_up(Move move);

/// Somebody who is no huvudman answers and says what became of its own measures.
bool is_for_anybody(Move move);

}  // namespace vardbron::care::plan
