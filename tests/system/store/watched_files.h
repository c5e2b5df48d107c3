#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

namespace vardbron::store {

/// What SQLite asks of a file of the store, before it is done.
struct FileCall {
  enum class Kind : std::uint8_t { Open, Read, Write, Truncate, Sync, Delete, Map };
  Kind kind{};
  std::string_view file;   ///< its name without the folder; during the call only
  std::int64_t at = 0;     ///< Read, Write: where; Truncate: the size it gets
  std::string_view bytes;  ///< Write: what; during the call only
};

/// What becomes of a call.
struct FileAnswer {
  int code = SQLITE_OK;      ///< what SQLite is answered; SQLITE_OK: the call is made
  std::int64_t written = 0;  ///< so many bytes of a failing write reach the file all the same
  /// Returns when the call may be made; calls of other threads are asked meanwhile. Empty: at once.
  std::function<void()> wait_first = {};
};

/// The system's files for SQLite, with somebody who is asked before each call. They are the default while this lives, also below
/// the files that the store puts on top. Syncs end here: a test has no power to cut, and what a cut leaves is worked out from the
/// calls. Nothing is mapped into memory, so that reads are seen too. One at a time; the connections end before it does.
class WatchedFiles {
 public:
  using Watch = std::function<FileAnswer(const FileCall&)>;
  /// `watch` is called from the store's threads, by one at a time.
  explicit WatchedFiles(Watch watch);
  ~WatchedFiles();
  WatchedFiles(const WatchedFiles&) = delete;
  WatchedFiles& operator=(const WatchedFiles&) = delete;

  FileAnswer ask(const FileCall& call);
  sqlite3_vfs& below() const { return *below_; }

 private:
  Watch watch_;
  std::mutex guard_;
  sqlite3_vfs* below_;
  sqlite3_vfs files_;
};

}  // namespace vardbron::store
