#pragma once

#include <memory>
#include <string>

namespace vardbron::store {

/// A way for SQLite to open files: as ever, but what is written to a write-ahead log is gathered in memory and reaches the kernel
/// in one piece, when it is synced or read. SQLite writes two pieces for every page of a commit, and to hand over each by itself
/// costs more than to copy it. Nothing is promised less: before a sync nobody relies on the log, and a write that fails is told
/// by the sync. Outlives the connections that use it; they must be the only ones that write to their log.
class LogFiles {
 public:
  LogFiles();
  ~LogFiles();
  LogFiles(const LogFiles&) = delete;
  LogFiles& operator=(const LogFiles&) = delete;

  const std::string& name() const;  ///< for sqlite3_open_v2

 private:
  struct Entry;
  std::unique_ptr<Entry> entry_;
};

}  // namespace vardbron::store
