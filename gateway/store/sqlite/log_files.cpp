#include "gateway/store/sqlite/log_files.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>

namespace vardbron::store {

namespace {

constexpr std::size_t gathered_bytes_max = 1u << 20;
// The system's files take no more than 128 KB in one call, and what is a whole multiple of it looks to them like a full disk.
constexpr std::size_t piece_bytes_max = 64u << 10;

/// A log as SQLite sees it; the file of the system's own kind lies behind it.
struct LogFile {
  sqlite3_file base;
  sqlite3_file* real;
  std::string gathered;
  sqlite3_int64 begin;  ///< where the gathered bytes belong

  int hand_over() {
    int code = SQLITE_OK;
    for (std::size_t done = 0; done < gathered.size() && code == SQLITE_OK; done += piece_bytes_max) {
      const std::size_t size = std::min(piece_bytes_max, gathered.size() - done);
      code =
          real->pMethods->xWrite(real, gathered.data() + done, static_cast<int>(size), begin + static_cast<sqlite3_int64>(done));
    }
    gathered.clear();  // also when it failed: SQLite rolls back and writes anew
    return code;
  }
};

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

int close(sqlite3_file* file) {
  LogFile& log = log_of(file);
  int code = log.hand_over();
  int closed = log.real->pMethods->xClose(log.real);
  log.~LogFile();
  return code != SQLITE_OK ? code : closed;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  int code = log.hand_over();
  return code != SQLITE_OK ? code : log.real->pMethods->xRead(log.real, into, size, at);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  bool follows = at == log.begin + static_cast<sqlite3_int64>(log.gathered.size());
  if (!follows || log.gathered.size() >= gathered_bytes_max) {
    int code = log.hand_over();
    if (code != SQLITE_OK) return code;
  }
  if (log.gathered.empty()) log.begin = at;
  log.gathered.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  LogFile& log = log_of(file);
  int code = log.hand_over();
  return code != SQLITE_OK ? code : log.real->pMethods->xTruncate(log.real, size);
}

int sync(sqlite3_file* file, int flags) {
  LogFile& log = log_of(file);
  int code = log.hand_over();
  return code != SQLITE_OK ? code : log.real->pMethods->xSync(log.real, flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  LogFile& log = log_of(file);
  int code = log.hand_over();
  return code != SQLITE_OK ? code : log.real->pMethods->xFileSize(log.real, size);
}

int lock(sqlite3_file* file, int level) { return log_of(file).real->pMethods->xLock(log_of(file).real, level); }
int unlock(sqlite3_file* file, int level) { return log_of(file).real->pMethods->xUnlock(log_of(file).real, level); }
int is_reserved(sqlite3_file* file, int* out) { return log_of(file).real->pMethods->xCheckReservedLock(log_of(file).real, out); }
int control(sqlite3_file* file, int what, void* with) {
  return log_of(file).real->pMethods->xFileControl(log_of(file).real, what, with);
}
int sector_size(sqlite3_file* file) { return log_of(file).real->pMethods->xSectorSize(log_of(file).real); }
int characteristics(sqlite3_file* file) { return log_of(file).real->pMethods->xDeviceCharacteristics(log_of(file).real); }

constexpr sqlite3_io_methods log_methods = {
    1,           close,           read,    write,   truncate, sync,    file_size, lock,   unlock, is_reserved, control,
    sector_size, characteristics, nullptr, nullptr, nullptr,  nullptr, nullptr,   nullptr};

}  // namespace

std::size_t log_file_bytes() { return sizeof(LogFile); }

int open_log_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given) {
  auto* behind = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(LogFile));
  auto* log = new (file) LogFile{{nullptr}, behind, {}, 0};
  int code = real->xOpen(real, name, behind, flags, flags_given);
  if (code == SQLITE_OK) {
    log->base.pMethods = &log_methods;
  } else {
    log->~LogFile();
    file->pMethods = nullptr;
  }
  return code;
}

}  // namespace vardbron::store
