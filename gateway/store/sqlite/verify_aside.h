#pragma once

// Tested by tests/system/app/verify_command_test.cpp.

#include "gateway/base/hmac.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/verify_report.h"

#include <filesystem>

namespace vardbron::store {

/// Verifies the rows of the access log in its fallback file (AuditFallback), which no process has open: adds to the report the
/// rows that are not as they were written, and the number of those that the store has not taken over yet. If there is no file no
/// rows are missing, unless its end beside it shows that. `key` is the one that signs these rows.
void verify_aside(Database& database, const std::filesystem::path& file, const HmacKey& key, VerifyReport& report);

}  // namespace vardbron::store
