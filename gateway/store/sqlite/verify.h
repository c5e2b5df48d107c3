#pragma once

// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/row_follower.h"
#include "gateway/store/sqlite/seal.h"
#include "gateway/store/verify_report.h"

#include <functional>
#include <string_view>
#include <vector>

namespace vardbron::store {

struct VerifyOptions {
  const SealKey* key = nullptr;  ///< none: only what fits together without it is looked at
  std::vector<SealLine> lines;   ///< seals that were handed outside
  /// Whether nobody writes meanwhile, so that places can be looked for and SQLite's own check be run.
  bool is_alone = false;
  RowFollower* follower = nullptr;                                         ///< of who writes, when somebody does
  std::function<void(std::string_view what, std::int64_t rows)> progress;  ///< now and then
  std::function<bool()> is_stopped;                                        ///< asked now and then
};

/// Looks at everything in a store's file, on a reading connection. Each moment of the store is held for a fraction of a second
/// only (limits::store_snapshot_time_max). What cannot be read is a finding. Cancelled: it was stopped. Busy: so much was written
/// meanwhile that the rows could not be compared.
Result<VerifyReport> verify_store(Database& database, const Clock& clock, const VerifyOptions& options);

}  // namespace vardbron::store
