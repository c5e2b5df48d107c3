#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

struct sqlite3_file;
struct sqlite3_vfs;

namespace vardbron::store {

class FileChanges;
class LogSums;

/// State that the files of one connection share about their pages. One thread at a time, as the connection.
struct PageWatch {
  enum class Place : std::uint8_t { File, Log };
  /// A page that is copied from the log into the file.
  struct Copied {
    std::int64_t page = 0;
    std::uint64_t sum = 0;  ///< of the page that was written to the log
    bool fits = false;      ///< whether the page that was read there has it
  };

  std::int64_t broken_page = 0;  ///< the last one found, from 1 on; 0 = none, or unknown
  Place broken_place = Place::File;
  std::function<void(std::int64_t page)> on_broken;  ///< called each time one is found
  bool is_new_checked = false;                       ///< whether an empty file will have sums
  std::shared_ptr<LogSums> log;                      ///< the content of the log; none: reads of it are not checked
  std::shared_ptr<FileChanges> changes;              ///< of the file; may be null
  bool is_copying = false;                           ///< the log is being copied into the file
  bool has_copied = false;                           ///< or was, since this was set to false
  std::optional<Copied> copied;                      ///< then: the last page read

  void tell_broken(std::int64_t page, Place place);
};

/// Size of a page file in memory, without the system's file after it.
std::size_t page_file_bytes();

/// Opens the file of a database so that each page is written with its sum and is not returned when its sum is wrong: SQLite gets
/// SQLITE_IOERR_DATA. A file whose first page reserves eight bytes at the end of each page has sums; any other is read and
/// written as it is. A few bytes of the first page, which SQLite reads as a hint before the page, are not checked. A page copied
/// from the log keeps the sum that it had when it was written to the log (log_sums.h). `watch` outlives the file.
///
/// SQLite's index of the log, vardbron.db-shm, is not checked. All connections map it into memory, and each start builds it
/// again: it contains the frame of each page. Its header has a checksum, and SQLite builds the index again if that is wrong; a
/// change of the rest of it, in the memory of a running gateway, can make it read an older page or one of another place.
int open_page_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given, PageWatch& watch);

/// Reads the file of a database that open_page_file() opened, as it is on the disk: neither its sums nor the log are looked at. A
/// page that is being written may be read half. SQLite's result code; bytes after the end are zero (SQLITE_IOERR_SHORT_READ).
int read_as_it_is(sqlite3_file* file, void* into, int size, std::int64_t at);

}  // namespace vardbron::store
