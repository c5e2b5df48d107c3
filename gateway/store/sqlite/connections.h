#pragma once

// Tested by tests/system/store/sqlite/disk_error_test.cpp and tests/system/store/sqlite/log_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/dictionaries.h"
#include "gateway/store/sqlite/file_changes.h"
#include "gateway/store/sqlite/log_sums.h"
#include "gateway/store/sqlite/readers.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/sqlite/write_tables.h"

#include <filesystem>
#include <memory>

namespace vardbron::store {

/// The connection that commits, its state of the tables, and the connection that copies the log.
struct WritingSide {
  WritingSide() = default;
  WritingSide(WritingSide&&) noexcept = default;
  WritingSide& operator=(WritingSide&& other) noexcept;

  std::unique_ptr<Database> database;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<WriteTables> tables;
  std::unique_ptr<Database> copying;

  void close();  ///< in the order of their dependencies
};

/// Opens the store's file, at the start and again after a disk error. One thread at a time; clock and random outlive it.
class Connections {
 public:
  Connections(std::filesystem::path file, const SqliteOptions& options, Clock& clock, Random& random);

  /// No other process has the file open. Commits that an earlier process, or an error, left in the log are copied into the file;
  /// without room for them they stay in the log. Broken or Busy: it cannot be opened or read.
  Result<WritingSide> open_writing();
  Result<ReadConnections> open_reading();
  /// One more reading connection; its owner closes it before open_writing() is called again.
  Result<std::unique_ptr<Database>> open_reader() const;
  /// A connection that may run checkpoints beside the writer and the log's copier; its owner closes it likewise.
  Result<std::unique_ptr<Database>> open_checkpointer() const;
  FileChanges& file_changes() const { return *changes_; }
  const SealOptions& seal() const { return seal_; }
  /// Those of the file; complete once open_writing() has been called.
  std::shared_ptr<const Dictionaries> dictionaries() const { return dictionaries_; }

 private:
  Result<void> check_log() const;
  Result<std::unique_ptr<Database>> open(Database::Use use) const;

  std::filesystem::path file_;
  SqliteOptions options_;
  SealOptions seal_;
  Database::BrokenPage on_broken_page_;
  const std::shared_ptr<LogSums> log_sums_ = std::make_shared<LogSums>();
  const std::shared_ptr<Dictionaries> dictionaries_ = std::make_shared<Dictionaries>();
  bool has_dictionaries_ = false;  ///< rows and samples; a file that is opened again has the same
  const std::shared_ptr<FileChanges> changes_ = std::make_shared<FileChanges>();
  Clock& clock_;
  Random& random_;
};

}  // namespace vardbron::store
