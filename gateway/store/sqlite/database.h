#pragma once

// Tested by tests/system/store/sqlite/disk_error_test.cpp and tests/system/store/fault_walk_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/store_files.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace vardbron::store {

class Dictionaries;
class FileChanges;

/// Bytes, where a plain string_view would be stored as text.
struct Blob {
  std::string_view bytes;
};

/// Bytes that are stored as a blob or as text.
struct BlobOrText {
  std::string_view bytes;
  bool is_blob = false;
};

/// Kinds of failures of a file.
enum class Trouble : std::uint8_t {
  None,
  Full,      ///< no room: SQLite has rolled back, and the next write starts a new transaction
  Failed,    ///< a read, write or sync failed: what is on the disk is not known
  ReadOnly,  ///< the disk accepts no writes
  Damaged,   ///< what was read is not what SQLite wrote
  Other
};

/// The failure of a database: the first one is kept, and no statement runs, until it is taken.
struct DatabaseHealth {
  std::optional<Failure> failure;
  Trouble trouble = Trouble::None;   ///< of that failure, or of the one that was taken last
  const PageWatch* pages = nullptr;  ///< which page a failure to read was about
  bool is_writing = false;           ///< the connection writes: its failures are about data to be kept
};

/// A prepared statement. One thread at a time; its Database outlives it.
/// Bound texts must live until the statement has run. Failures go to the database's health; a failed step reads as "no row", and
/// so does every step until the failure is taken. A statement that could not be prepared is prepared at its next use.
class Statement {
 public:
  Statement(sqlite3* database, DatabaseHealth& health, std::string_view sql);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Runs to the end: for INSERT, UPDATE, DELETE.
  template <class... Values>
  void run(const Values&... values) {
    if (!is_prepared()) return;
    int at = 0;
    (bind(++at, values), ...);
    step();
    reset();
  }
  /// Starts a query; rows are read with next() until it is false. A new start ends the old one.
  template <class... Values>
  Statement& query(const Values&... values) {
    reset();
    if (!is_prepared()) return *this;
    int at = 0;
    (bind(++at, values), ...);
    return *this;
  }
  bool next();
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  ///< text or blob; until the next step
  int columns() const;
  int type(int column) const;  ///< SQLITE_INTEGER, SQLITE_TEXT ..
  double real(int column) const;
  std::string string(int column) const { return std::string(text(column)); }

 private:
  void bind(int at, std::int64_t value);
  void bind(int at, std::string_view value);
  void bind(int at, Blob value);
  void bind(int at, BlobOrText value);
  void bind(int at, double value);
  bool step();
  bool is_prepared();

  std::string sql_;
  sqlite3_stmt* statement_ = nullptr;
  sqlite3* database_;
  DatabaseHealth* health_;
};

/// One connection. One thread at a time.
class Database {
 public:
  enum class Use : std::uint8_t { Write, Read };
  using CopyProgress = std::function<void(std::int64_t pages, std::int64_t all)>;
  using BrokenPage = std::function<void(std::int64_t page)>;
  /// Broken or Busy: cannot be opened. A writing connection makes the file. `on_broken_page` is called on the connection's thread
  /// for each page that was not read because its checksum is wrong. `log` is the content of the write-ahead log, for all
  /// connections to the file; without it reads of the log are not checked. `changes` gets what checkpoints write to the file.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file, Use use, BrokenPage on_broken_page = {},
                                                std::shared_ptr<LogSums> log = {}, std::shared_ptr<FileChanges> changes = {});
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  Statement prepare(std::string_view sql);
  void execute(std::string_view sql);
  std::int64_t number(std::string_view sql);  ///< first column of the first row; 0 if there is none
  std::string word(std::string_view sql);     ///< likewise; "" when there is none
  bool in_transaction() const;
  /// Bytes at the end of each page that are not SQLite's; a new number takes effect with the next VACUUM.
  int reserved_bytes() const;
  void reserve_bytes(int bytes);
  void reset_statements();  ///< all of this connection
  /// Pages in the write-ahead log after the last commit of this connection; 0 after it has ended the log.
  int log_pages() const { return log_pages_; }
  std::int64_t log_bytes();  ///< of them

  enum class Checkpoint : std::uint8_t {
    Beside,   ///< copies what it can from the log into the file, without waiting for readers or writers
    End,      ///< copies all, waits for readers of the log, and has the next commit write at its start again
    Truncate  ///< likewise, and empties the log's file
  };
  /// True: done. False: another connection was in the way for as long as it may wait, the file is held still (FileChanges), or
  /// there is a failure.
  bool checkpoint(Checkpoint how = Checkpoint::Beside, std::chrono::milliseconds wait = std::chrono::milliseconds(0));
  /// In SQLite the last connection that closes copies the log and deletes it. The store's do not: after a failed sync the file
  /// must be read again before the log is deleted.
  void keep_log_on_close(bool is_kept);

  /// Writes a copy of the whole file, synced, page by page; `file` must not exist. There must be no other writer meanwhile.
  Result<void> copy_to(const std::filesystem::path& file, const CopyProgress& progress = {});
  /// Bytes of the file itself, without the log (read_as_it_is, page_files.h), for so many pages from `first` on (1, 2, 3 ..).
  /// They end where the file ends.
  Result<std::string> read_file(std::int64_t first, std::size_t pages);
  const std::filesystem::path& file() const { return file_; }

  /// The dictionaries of the bodies: those that were shared, else the file's own, read at the first call. Never null.
  std::shared_ptr<const Dictionaries> dictionaries();
  void share(std::shared_ptr<const Dictionaries> dictionaries) { dictionaries_ = std::move(dictionaries); }

  /// No statement runs until it is taken.
  void fail(Failure failure);
  sqlite3* connection() const { return database_; }

  const DatabaseHealth& health() const { return health_; }
  std::optional<Failure> take_failure();

 private:
  Database(std::filesystem::path file, std::unique_ptr<StoreFiles> files, sqlite3* database);
  std::filesystem::path file_;
  std::unique_ptr<StoreFiles> files_;  // outlives the connection
  sqlite3* database_;
  DatabaseHealth health_;
  std::shared_ptr<const Dictionaries> dictionaries_;
  int log_pages_ = 0;
  std::int64_t page_bytes_ = 0;  ///< 0: not read yet
};

}  // namespace vardbron::store
