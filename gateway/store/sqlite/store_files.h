#pragma once

// Tested by tests/system/store/sqlite/page_files_test.cpp and tests/system/store/sqlite/log_files_test.cpp.

#include "gateway/store/sqlite/page_files.h"

#include <memory>
#include <string>

namespace vardbron::store {

/// A way for SQLite to open a store's files (a VFS of its own). Locks, syncs, and their order are SQLite's and the system's; this
/// adds:
///  * Each page of the database has a checksum, which is compared at each read (page_files.h). SQLite does not check pages; its
///    cksumvfs, which does, is an extension and no part of the library.
///  * Reads of the write-ahead log are compared with the writes to it, until it is in the file (log_sums.h). SQLite compares the
///    log's own checksums once, when it reads a log that it did not write.
///  * A commit's frames reach the kernel in writes of up to 64 KB instead of two for each page (log_files.h).
/// Its cost is printed by tests/bench/store_files_bench.cpp; tests/system/store/crash_points_test.cpp checks that a power cut at
/// any call loses no acknowledged change. For one connection, which it outlives.
class StoreFiles {
 public:
  StoreFiles();
  ~StoreFiles();
  StoreFiles(const StoreFiles&) = delete;
  StoreFiles& operator=(const StoreFiles&) = delete;

  const std::string& name() const;  ///< for sqlite3_open_v2
  PageWatch& pages();

 private:
  struct Entry;
  std::unique_ptr<Entry> entry_;
};

}  // namespace vardbron::store
