#pragma once

// Tested by tests/rest/measure_test.cpp.

#include "gateway/access/caller.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/arende/month_contribution.h"
#include "gateway/store/store.h"
#include "gateway/tree/names.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace vardbron::rest {

/// The stays of one month, read from their ChargeItems.
struct MonthStays {
  std::vector<care::MonthContribution> now;
  std::map<WallTime, std::vector<care::MonthContribution>> at_closing;  ///< as they were known at those moments
  std::size_t not_comparable = 0;  ///< changed since a closing, and what they were then is hidden
  bool are_own_only = false;       ///< of the caller's own cases, while other hospitals' may belong to the same sum
};

/// Whose stays of which month.
struct MonthQuestion {
  access::Caller caller;
  std::chrono::year_month month;
  std::string number;              ///< organisationsnummer of the only municipality that is asked for; empty: each
  std::vector<WallTime> closings;  ///< in the past: what was known then is wanted too
};

/// All that the caller may see: an operator each stay, a municipality those that it pays for, and everybody those whose
/// ChargeItem it may read. Looks each day of the month up by an index of the store. `store` and `names` must outlive the task.
/// Cancelled: `ended` was requested.
Task<Result<MonthStays>> read_month(store::Store& store, const tree::Names& names, MonthQuestion question, std::stop_token ended);

}  // namespace vardbron::rest
