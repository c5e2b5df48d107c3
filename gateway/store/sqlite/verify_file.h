#pragma once

// Tested by tests/system/store/sqlite/tamper_test.cpp and tests/system/app/verify_command_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/verify_report.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace vardbron::store {

struct VerifyFileOptions {
  SqliteOptions store;  ///< where it is, the key of its seal, and the file of exported seals
  /// Other files with exported seals, instead of that one.
  std::vector<std::filesystem::path> handed_out;
  std::function<void(std::string_view what, std::int64_t rows)> progress{};
  std::filesystem::path audit_fallback{};  ///< the access log's fallback file; "" = there is none
};

/// Verifies everything in a store that no gateway has open; nothing is written. NotFound: there is no store, or no such file of
/// lines. Broken: a process has it open, or it cannot be read at all.
Result<VerifyReport> verify_file(const VerifyFileOptions& options, const Clock& clock);

}  // namespace vardbron::store
