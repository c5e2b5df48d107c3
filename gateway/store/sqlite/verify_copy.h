#pragma once

// Tested by tests/system/store/sqlite/backup_test.cpp and tests/system/store/sqlite/restore_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/seal_key.h"
#include "gateway/store/verify_report.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace vardbron::store {

using VerifyProgress = std::function<void(std::string_view what, std::int64_t rows)>;

/// What was found in a copy of a store.
struct CopyReport {
  VerifyReport verified;
  std::string sealed_at;  ///< time of its seal; "" = it cannot be opened
  /// Its tables are of an earlier form than this program's: its pages and SQLite's structures were looked at, and its seal was
  /// opened, but rows were not compared with it; a start of the gateway does that before it changes the tables.
  bool is_of_earlier_form = false;
};

/// Verifies the copy of a store, one file without a log. Seals that were handed out are not looked at. Broken: it cannot be read
/// at all, is no store, or one of a newer program.
Result<CopyReport> verify_copy(const std::filesystem::path& file, const SealKey& key, const Clock& clock,
                               const VerifyProgress& progress);

}  // namespace vardbron::store
