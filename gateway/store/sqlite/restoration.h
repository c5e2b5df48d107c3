#pragma once

// Tested by tests/system/store/sqlite/restore_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/seal.h"
#include "gateway/store/verify_report.h"

#include <string>
#include <vector>

namespace vardbron::store {

/// The restorations that are noted in a store, in order; failures are the database's.
std::vector<Restoration> restorations(Database& database);
/// Adds one, in the present transaction.
void note_restoration(Database& database, const Restoration& restoration);

/// Removes the seals that were handed out after the backup that a store was restored from: they belong to what is gone.
void remove_void_lines(const std::vector<Restoration>& restorations, std::vector<SealLine>& lines);

}  // namespace vardbron::store
