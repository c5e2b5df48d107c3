#include "gateway/store/sqlite/log_files.h"

#include "gateway/store/sqlite/log_sums.h"
#include "gateway/store/sqlite/page_files.h"
#include "gateway/store/sqlite/page_sum.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>

namespace vardbron::store {

namespace {

constexpr std::size_t gathered_bytes_max = 1u << 20;
// SQLite's file functions write at most 128 KB in one call, and report a full disk for a whole multiple of it.
constexpr std::size_t piece_bytes_max = 64u << 10;

constexpr auto head_bytes = static_cast<sqlite3_int64>(log_head_bytes);
constexpr auto frame_bytes = static_cast<sqlite3_int64>(frame_head_bytes + page_bytes);

/// Number of the frame that contains a byte of the log; of its header: 0.
std::int64_t frame_at(sqlite3_int64 at) { return at < head_bytes ? 0 : (at - head_bytes) / frame_bytes + 1; }
sqlite3_int64 place_of(std::int64_t frame) { return head_bytes + (frame - 1) * frame_bytes; }

/// A frame while it is written: SQLite writes its head and then its page, or only the page if it has written the head already.
struct FrameInWriting {
  std::int64_t number = 0;
  std::string bytes;

  void add(std::string_view piece, sqlite3_int64 at, LogSums& sums);
};

/// A log as SQLite sees it, followed in memory by the system's own file.
struct LogFile {
  sqlite3_file base;
  sqlite3_file* real;
  PageWatch* watch;
  std::string gathered;
  sqlite3_int64 begin;  ///< position of the gathered bytes
  FrameInWriting writing;

  int wait_for_completion() {
    int code = SQLITE_OK;
    for (std::size_t done = 0; done < gathered.size() && code == SQLITE_OK; done += piece_bytes_max) {
      const std::size_t size = std::min(piece_bytes_max, gathered.size() - done);
      code =
          real->pMethods->xWrite(real, gathered.data() + done, static_cast<int>(size), begin + static_cast<sqlite3_int64>(done));
    }
    if (code != SQLITE_OK && watch->log) {
      watch->log->forget(frame_at(begin), frame_at(begin + static_cast<sqlite3_int64>(gathered.size()) - 1));
    }
    gathered.clear();  // also when it failed: SQLite rolls back and writes again
    return code;
  }
  int check(const char* bytes, int size, sqlite3_int64 at);
  int check_page(const char* page, std::int64_t frame);
  int check_frame(const char* bytes, std::int64_t frame);
  int check_around(int size, sqlite3_int64 at);
  int refuse(std::int64_t page);
};

void FrameInWriting::add(std::string_view piece, sqlite3_int64 at, LogSums& sums) {
  const std::int64_t frame = frame_at(at);
  if (frame == 0) return;
  const auto in_frame = static_cast<std::size_t>(at - place_of(frame));
  if (in_frame == 0) {
    bytes.clear();
  } else if (in_frame == frame_head_bytes && (frame != number || bytes.size() != in_frame)) {
    const std::optional<LogFrame> known = sums.find(frame);
    bytes.assign(frame_head_bytes, '\0');
    if (known) std::copy(known->head.begin(), known->head.end(), bytes.begin());
  } else if (frame != number || bytes.size() != in_frame) {
    return sums.forget(frame, frame);
  }
  number = frame;
  bytes.append(piece.substr(0, static_cast<std::size_t>(frame_bytes) - in_frame));
  if (bytes.size() != static_cast<std::size_t>(frame_bytes)) return;
  sums.put(frame, LogFrame::of(bytes, std::string_view(bytes).substr(frame_head_bytes)));
}

int LogFile::refuse(std::int64_t page) {
  watch->tell_broken(page, PageWatch::Place::Log);
  return SQLITE_IOERR_DATA;
}

int LogFile::check(const char* bytes, int size, sqlite3_int64 at) {
  const std::int64_t frame = frame_at(at);
  if (frame == 0) return SQLITE_OK;  // the log's header has a checksum that SQLite compares
  const sqlite3_int64 in_frame = at - place_of(frame);
  if (in_frame == static_cast<sqlite3_int64>(frame_head_bytes) && size == static_cast<int>(page_bytes)) {
    return check_page(bytes, frame);
  }
  if (in_frame == 0 && size == static_cast<int>(frame_bytes)) return check_frame(bytes, frame);
  if (in_frame + size <= static_cast<sqlite3_int64>(frame_head_bytes)) return SQLITE_OK;  // a checksum, to go on from
  return check_around(size, at);
}

int LogFile::check_page(const char* page, std::int64_t frame) {
  const std::optional<LogFrame> known = watch->log->find(frame);
  if (!known) return refuse(0);
  const bool fits = page_sum({page, page_bytes}, known->page()) == known->sum;
  if (!watch->is_copying) return fits ? SQLITE_OK : refuse(known->page());
  if (!fits) watch->tell_broken(known->page(), PageWatch::Place::Log);
  watch->copied = {known->page(), known->sum, fits};
  return SQLITE_OK;
}

// Whole frames are read when the log is read for the first time, also after its end, and when checksums are computed again.
int LogFile::check_frame(const char* bytes, std::int64_t frame) {
  const std::optional<LogFrame> known = watch->log->find(frame);
  if (!known) return SQLITE_OK;
  const LogFrame found = LogFrame::of({bytes, frame_head_bytes}, {bytes + frame_head_bytes, page_bytes});
  return found == *known ? SQLITE_OK : refuse(known->page());
}

// With a wrong page size in the first page SQLite reads less than a page.
int LogFile::check_around(int size, sqlite3_int64 at) {
  std::string page(page_bytes, '\0');
  for (std::int64_t frame = frame_at(at); frame <= frame_at(at + size - 1); ++frame) {
    const sqlite3_int64 page_at = place_of(frame) + static_cast<sqlite3_int64>(frame_head_bytes);
    int code = real->pMethods->xRead(real, page.data(), static_cast<int>(page_bytes), page_at);
    if (code == SQLITE_OK) code = check_page(page.data(), frame);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

int close(sqlite3_file* file) {
  LogFile& log = log_of(file);
  int code = log.wait_for_completion();
  int closed = log.real->pMethods->xClose(log.real);
  log.~LogFile();
  return code != SQLITE_OK ? code : closed;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  int code = log.wait_for_completion();
  if (code == SQLITE_OK) code = log.real->pMethods->xRead(log.real, into, size, at);
  if (code != SQLITE_OK || !log.watch->log) return code;
  return log.check(static_cast<const char*>(into), size, at);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  bool follows = at == log.begin + static_cast<sqlite3_int64>(log.gathered.size());
  if (!follows || log.gathered.size() >= gathered_bytes_max) {
    int code = log.wait_for_completion();
    if (code != SQLITE_OK) return code;
  }
  const std::string_view piece(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  if (log.gathered.empty()) log.begin = at;
  log.gathered.append(piece);
  if (log.watch->log) log.writing.add(piece, at, *log.watch->log);
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  LogFile& log = log_of(file);
  int code = log.wait_for_completion();
  return code != SQLITE_OK ? code : log.real->pMethods->xTruncate(log.real, size);
}

int sync(sqlite3_file* file, int flags) {
  LogFile& log = log_of(file);
  int code = log.wait_for_completion();
  return code != SQLITE_OK ? code : log.real->pMethods->xSync(log.real, flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  LogFile& log = log_of(file);
  int code = log.wait_for_completion();
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

int open_log_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given, PageWatch& watch) {
  auto* behind = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(LogFile));
  auto* log = new (file) LogFile{{nullptr}, behind, &watch, {}, 0, {}};
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
