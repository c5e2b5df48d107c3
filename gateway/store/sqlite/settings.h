#pragma once

// Tested by tests/system/store/sqlite/log_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"

#include <string>
#include <vector>

namespace vardbron::store {

/// One PRAGMA of a connection, and the value that SQLite reports when it is in force.
struct Setting {
  const char* name;
  std::string value, reported;
};

std::vector<Setting> writing_settings();
std::vector<Setting> reading_settings();

/// Sets all, then reads all: one of them may silently undo another. Broken: one is not in force.
Result<void> set_up(Database& database, const std::vector<Setting>& settings);

}  // namespace vardbron::store
