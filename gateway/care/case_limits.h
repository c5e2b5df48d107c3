#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/care/project.h"

#include <cstddef>

namespace vardbron::care {

/// How much each may add to one case. What one adds takes nothing from what another may: every sender and every party has its
/// own, and so has each kind of notice by which a case begins, ends or is put right.
struct CaseLimits {
  std::size_t notices = limits::notices_per_case_max;                    ///< of one sender, without the kinds that decide
  std::size_t decisive_notices = limits::decisive_notices_per_case_max;  ///< of one sender and one kind that decides
  std::size_t task_writes = limits::task_writes_per_case_max;            ///< of one party
};

/// Kinds of notices that must get through whatever else is sent: admission, discharge-ready and its withdrawal, discharge, death,
/// cancellation. A correction is of the kind of what it corrects.
bool is_decisive(Event event);

/// TooLarge: whoever adds `next` has no room left in the case; says whose it is, and which setting gives more.
Result<void> check_limits(const Chain& chain, const Link& next, const CaseLimits& room);

}  // namespace vardbron::care
