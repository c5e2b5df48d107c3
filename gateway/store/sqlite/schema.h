#pragma once

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"

namespace vardbron::store {

/// Number of the form of the file that this program knows.
inline constexpr int schema_version = 3;

/// Sets the writing connection up (write-ahead log, synced commits) and makes the tables of an empty file.
/// Broken: not a store of ours, or of another form; it is left as it is.
Result<void> prepare_for_writing(Database& database);
Result<void> prepare_for_reading(Database& database);

}  // namespace vardbron::store
