#pragma once

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"

namespace vardbron::store {

/// Number of the newest form of the file this program knows.
inline constexpr int schema_version = 2;

/// Sets the writing connection up (write-ahead log, synced commits) and brings the file to schema_version, forward only.
/// Broken: not a store of ours, or written by a newer program; it is left as it is.
Result<void> prepare_for_writing(Database& database);
Result<void> prepare_for_reading(Database& database);

}  // namespace vardbron::store
