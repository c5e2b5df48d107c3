#pragma once

// Tested by tests/system/app/verify_command_test.cpp.

#include "gateway/base/hmac.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/verify_report.h"

#include <filesystem>

namespace vardbron::store {

/// Looks at the rows of the access log that were written aside (AuditFallback) and lie there while no process has the file open:
/// adds what is not as it was written to the report, and how many rows the store has not taken over yet. A file that is not
/// there is none that rows are missing from, unless its end beside it says so. `key` is the one that signs these rows.
void verify_aside(Database& database, const std::filesystem::path& file, const HmacKey& key, VerifyReport& report);

}  // namespace vardbron::store
