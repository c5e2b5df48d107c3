#pragma once

#include <cstddef>

struct sqlite3_file;
struct sqlite3_vfs;

namespace vardbron::store {

struct PageWatch;

/// Size of a log file in memory, without the system's file after it.
std::size_t log_file_bytes();

/// Opens a write-ahead log so that what is written to it is gathered in memory and reaches the kernel in one piece, when it is
/// synced or read. SQLite writes two pieces for every page of a commit, and a system call for each costs more than copying it. No
/// guarantee is lost: before a sync nothing relies on the log, and the sync reports a failed write. At most one connection writes
/// to the log.
///
/// With `watch.log`, pages and frames that are read are those that were written, or SQLite gets SQLITE_IOERR_DATA; a copy of the
/// log into the file gets the page's sum for page_files.h, so that a page which is damaged here is a damaged one there. `watch`
/// outlives the file.
int open_log_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given, PageWatch& watch);

}  // namespace vardbron::store
