#pragma once

// Tested by tests/system/store/sqlite/page_files_test.cpp and tests/system/store/sqlite/log_files_test.cpp.

#include "gateway/store/sqlite/page_files.h"

#include <memory>
#include <string>

namespace vardbron::store {

/// A way for SQLite to open a store's files (a VFS of its own). Locks, syncs, and the order in which they come, are SQLite's and
/// the system's; what this adds, and SQLite has not:
///  * Each page of the database carries a checksum, which is compared whenever it is read (page_files.h). SQLite believes what
///    the disk gives; its cksumvfs, which does the like, is an extension and no part of the library.
///  * What is read of the write-ahead log is compared with what was written to it, until it is in the file (log_sums.h). SQLite
///    compares the log's own checksums once, when it reads a log that it did not write.
///  * What a commit puts into the log reaches the kernel in writes of up to 64 KB instead of two for each page (log_files.h).
/// What it costs is printed by tests/bench/store_files_bench.cpp; that a cut of the power at any call loses nothing that was
/// acknowledged is held by tests/system/store/crash_points_test.cpp. For one connection, which it outlives.
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
