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
  const SealKey* key = nullptr;  ///< none: only what can be checked without it
  std::vector<SealLine> lines;   ///< exported seals
  /// Whether there is no writer, so that places can be searched for and SQLite's own check be run.
  bool is_alone = false;
  RowFollower* follower = nullptr;                                         ///< of the writer, if there is one
  std::function<void(std::string_view what, std::int64_t rows)> progress;  ///< called from time to time
  std::function<bool()> is_stopped;                                        ///< called from time to time
};

/// Verifies everything in a store's file, on a reading connection. Each snapshot is kept for a fraction of a second only
/// (limits::store_snapshot_time_max). Failures to read are findings. Cancelled: it was stopped. Busy: so much was written
/// meanwhile that the rows could not be compared.
Result<VerifyReport> verify_store(Database& database, const Clock& clock, const VerifyOptions& options);

/// SQLite's own check of a file: its trees, and whether indices match the tables.
void verify_structure(Database& database, VerifyReport& report);

}  // namespace vardbron::store
