#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

struct sqlite3_file;
struct sqlite3_vfs;

namespace vardbron::store {

/// What the files of one connection tell about their pages. One thread at a time, as the connection.
struct PageWatch {
  std::int64_t broken_page = 0;                      ///< found last, from 1 on; 0 = none
  std::function<void(std::int64_t page)> on_broken;  ///< told each time one is found
  bool is_new_checked = false;                       ///< whether a file that holds nothing yet will have sums
};

/// How large a page file is in memory, without the system's file behind it.
std::size_t page_file_bytes();

/// Opens the file of a database so that each page is written with its sum and is not given when its sum is wrong: SQLite is told
/// SQLITE_IOERR_DATA. A file whose first page says that eight bytes are reserved at the end of each page has sums; any other is
/// read and written as it is. A few bytes of the first page, which SQLite takes as a hint before it reads the page, are not
/// checked. `behind` is where the system's file lives, and `watch` outlives the file.
int open_page_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given, PageWatch& watch);

}  // namespace vardbron::store
