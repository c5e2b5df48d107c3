#pragma once

#include <cstddef>

struct sqlite3_file;
struct sqlite3_vfs;

namespace vardbron::store {

struct PageWatch;

/// How large a log file is in memory, without the system's file behind it.
std::size_t log_file_bytes();

/// Opens a write-ahead log so that what is written to it is gathered in memory and reaches the kernel in one piece, when it is
/// synced or read. SQLite writes two pieces for every page of a commit, and to hand over each by itself costs more than to copy
/// it. Nothing is promised less: before a sync nobody relies on the log, and a write that fails is told by the sync. One
/// connection at most writes to the log.
///
/// With `watch.log`, what is read is what was written, or SQLite is told SQLITE_IOERR_DATA: a page, a frame, and who copies the
/// log into the file gets the page's sum for page_files.h, so that a page which is damaged here is a damaged one there. `watch`
/// outlives the file.
int open_log_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given, PageWatch& watch);

}  // namespace vardbron::store
