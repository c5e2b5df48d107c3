#pragma once

// Tested by tests/system/store/sqlite/restore_test.cpp and tests/system/app/backup_command_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/sqlite/verify_copy.h"
#include "gateway/store/store.h"

#include <filesystem>
#include <memory>

namespace vardbron::store {

struct RestoreOptions {
  SqliteOptions store;         ///< where it goes, the key of its seal, and the file of exported seals
  std::filesystem::path from;  ///< a backup, or another whole copy of the file; it is only read
  bool is_replaced = false;    ///< a store that is there is moved aside, else it is a reason to refuse
  VerifyProgress progress{};
};

struct Restored {
  CopyReport report;            ///< of the backup; with findings nothing was changed
  std::filesystem::path aside;  ///< the store that was there; "" = none
  Restoration restoration;
  std::unique_ptr<Store> store;  ///< open; null with findings
};

/// Puts a store back: copies and verifies the backup beside the store's place, moves a store that is there aside, opens the new
/// one, and notes in it and in its seal that it was restored. So that it is not taken for an older copy which somebody put back,
/// its seals continue after the last one that was handed outside. The caller notes it in the access log and closes the store.
/// NotFound: no such file, or no key. Conflict: there is a store. Broken: a process has it open, the disk, or no store of this
/// program. Clock and random outlive the store.
Result<Restored> restore(const RestoreOptions& options, Clock& clock, Random& random);

}  // namespace vardbron::store
