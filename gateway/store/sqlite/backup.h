#pragma once

// Tested by tests/system/store/sqlite/backup_test.cpp and tests/system/app/backup_command_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/sqlite/verify_copy.h"

#include <cstdint>
#include <filesystem>

namespace vardbron::store {

struct BackupOptions {
  SqliteOptions store;       ///< where it is, and the key of its seal
  std::filesystem::path to;  ///< the backup; its name must be free
  VerifyProgress progress{};
};

struct Backup {
  CopyReport report;  ///< with findings there is no backup
  std::int64_t bytes = 0;
  bool is_of_open_store = false;
};

/// Copies a store into one file, as it was after one commit, verifies the copy, and only then gives it its name; until then it is
/// "<name>.part". A store that a process has open is copied by that process, which goes on meanwhile (backup_socket.h). NotFound:
/// there is no store, or no key. Broken: the disk, a file of that name, a store that is open but does not answer. Busy,
/// Cancelled: the copy did not come to its end.
Result<Backup> back_up(const BackupOptions& options, const Clock& clock);

}  // namespace vardbron::store
