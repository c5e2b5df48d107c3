#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

struct sqlite3_file;
struct sqlite3_vfs;

namespace vardbron::store {

class LogSums;

/// What the files of one connection know and tell about their pages. One thread at a time, as the connection.
struct PageWatch {
  enum class Place : std::uint8_t { File, Log };
  /// A page on its way from the log into the file.
  struct Copied {
    std::int64_t page = 0;
    std::uint64_t sum = 0;  ///< of the page that was handed to the log
    bool fits = false;      ///< and the page that was read there has it
  };

  std::int64_t broken_page = 0;  ///< found last, from 1 on; 0 = none, or it is not known which
  Place broken_place = Place::File;
  std::function<void(std::int64_t page)> on_broken;  ///< told each time one is found
  bool is_new_checked = false;                       ///< whether a file that holds nothing yet will have sums
  std::shared_ptr<LogSums> log;                      ///< what lies in the log; none: it is read as it is
  bool is_copying = false;                           ///< the log is copied into the file at this moment
  std::optional<Copied> copied;                      ///< then: what was read last

  void tell_broken(std::int64_t page, Place place);
};

/// How large a page file is in memory, without the system's file behind it.
std::size_t page_file_bytes();

/// Opens the file of a database so that each page is written with its sum and is not given when its sum is wrong: SQLite is told
/// SQLITE_IOERR_DATA. A file whose first page says that eight bytes are reserved at the end of each page has sums; any other is
/// read and written as it is. A few bytes of the first page, which SQLite takes as a hint before it reads the page, are not
/// checked. What is copied out of the log keeps the sum that it got when it was handed to the log (log_sums.h). `watch` outlives
/// the file.
///
/// What is not checked is SQLite's index of the log, vardbron.db-shm, which all connections have mapped into memory and each
/// start makes anew: it tells in which frame a page lies. Its header has a checksum, and SQLite makes the index anew when that is
/// wrong; whoever changes the rest of it, in the memory of a running gateway, may have it read an older page or one of another
/// place.
int open_page_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given, PageWatch& watch);

}  // namespace vardbron::store
