#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/care/project.h"

#include <cstddef>

namespace vardbron::care {

/// How much each organisation may add to one case. Limits are counted per sender and per party, and apart for each decisive kind
/// of notice, so that nobody can use up what another needs.
struct CaseLimits {
  std::size_t notices = limits::notices_per_case_max;                    ///< of one sender, without the decisive kinds
  std::size_t decisive_notices = limits::decisive_notices_per_case_max;  ///< of one sender and one decisive kind
  std::size_t task_writes = limits::task_writes_per_case_max;            ///< of one party
};

/// Kinds of notices that must be accepted however many others were sent: admission, discharge-ready and its withdrawal,
/// discharge, death, cancellation. A correction is of the kind of what it corrects.
bool is_decisive(Event event);

/// TooLarge: the originator of `next` has reached its limit in the case; the message names the organisation and the setting.
Result<void> check_limits(const Chain& chain, const Link& next, const CaseLimits& room);

}  // namespace vardbron::care
