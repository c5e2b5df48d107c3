#include "tests/system/store/watched_files.h"

#include "gateway/base/check.h"

#include <cstddef>
#include <new>
#include <string>
#include <utility>

namespace vardbron::store {

namespace {

// SQLite's functions get no pointer of ours.
WatchedFiles* in_place = nullptr;

struct WatchedFile {
  sqlite3_file base;
  sqlite3_file* real;
  std::string name;
};

WatchedFile& watched(sqlite3_file* file) { return *reinterpret_cast<WatchedFile*>(file); }

const sqlite3_io_methods& real_of(sqlite3_file* file) { return *watched(file).real->pMethods; }

FileAnswer ask(sqlite3_file* file, FileCall::Kind kind, std::int64_t at = 0, std::string_view bytes = {}) {
  return in_place->ask({kind, watched(file).name, at, bytes});
}

int close(sqlite3_file* file) {
  const int code = real_of(file).xClose(watched(file).real);
  watched(file).~WatchedFile();
  return code;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  const FileAnswer answer = ask(file, FileCall::Kind::Read, at);
  return answer.code != SQLITE_OK ? answer.code : real_of(file).xRead(watched(file).real, into, size, at);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  const std::string_view all(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  const FileAnswer answer = ask(file, FileCall::Kind::Write, at, all);
  if (answer.code == SQLITE_OK) return real_of(file).xWrite(watched(file).real, bytes, size, at);
  if (answer.written > 0) real_of(file).xWrite(watched(file).real, bytes, static_cast<int>(answer.written), at);
  return answer.code;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const FileAnswer answer = ask(file, FileCall::Kind::Truncate, size);
  return answer.code != SQLITE_OK ? answer.code : real_of(file).xTruncate(watched(file).real, size);
}

int sync(sqlite3_file* file, int) { return ask(file, FileCall::Kind::Sync).code; }

int file_size(sqlite3_file* file, sqlite3_int64* size) { return real_of(file).xFileSize(watched(file).real, size); }
int lock(sqlite3_file* file, int level) { return real_of(file).xLock(watched(file).real, level); }
int unlock(sqlite3_file* file, int level) { return real_of(file).xUnlock(watched(file).real, level); }
int is_reserved(sqlite3_file* file, int* out) { return real_of(file).xCheckReservedLock(watched(file).real, out); }
int control(sqlite3_file* file, int what, void* with) { return real_of(file).xFileControl(watched(file).real, what, with); }
int sector_size(sqlite3_file* file) { return real_of(file).xSectorSize(watched(file).real); }
int characteristics(sqlite3_file* file) { return real_of(file).xDeviceCharacteristics(watched(file).real); }

int map_index(sqlite3_file* file, int page, int size, int extend, void volatile** into) {
  const FileAnswer answer = extend != 0 ? ask(file, FileCall::Kind::Map, page) : FileAnswer{};
  return answer.code != SQLITE_OK ? answer.code : real_of(file).xShmMap(watched(file).real, page, size, extend, into);
}
int lock_index(sqlite3_file* file, int from, int count, int how) {
  return real_of(file).xShmLock(watched(file).real, from, count, how);
}
void order_index(sqlite3_file* file) { real_of(file).xShmBarrier(watched(file).real); }
int unmap_index(sqlite3_file* file, int remove) { return real_of(file).xShmUnmap(watched(file).real, remove); }

// Of the second version: the third maps the file itself.
constexpr sqlite3_io_methods watched_methods = {
    2,           close,       read,    write,       truncate,        sync,      file_size,  lock,
    unlock,      is_reserved, control, sector_size, characteristics, map_index, lock_index, order_index,
    unmap_index, nullptr,     nullptr};

std::string name_of(const char* path) {
  std::string_view name = path == nullptr ? "" : path;
  return std::string(name.substr(name.rfind('/') + 1));
}

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* flags_given) {
  sqlite3_vfs& below = in_place->below();
  file->pMethods = nullptr;
  std::string name = name_of(path);
  const FileAnswer answer = in_place->ask({FileCall::Kind::Open, name, 0, {}});
  if (answer.code != SQLITE_OK) return answer.code;
  auto* real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(WatchedFile));
  const int code = below.xOpen(&below, path, real, flags, flags_given);
  if (code != SQLITE_OK) return code;
  auto* made = new (file) WatchedFile{{nullptr}, real, std::move(name)};
  made->base.pMethods = &watched_methods;
  return code;
}

int remove(sqlite3_vfs*, const char* path, int sync_folder) {
  sqlite3_vfs& below = in_place->below();
  const std::string name = name_of(path);
  const FileAnswer answer = in_place->ask({FileCall::Kind::Delete, name, 0, {}});
  if (answer.code != SQLITE_OK) return answer.code;
  const int code = below.xDelete(&below, path, 0);
  if (code == SQLITE_OK && sync_folder != 0) return in_place->ask({FileCall::Kind::Sync, name, 0, {}}).code;
  return code;
}

}  // namespace

// Everything else is the system's: those functions do not look at whose they are.
WatchedFiles::WatchedFiles(Watch watch) : watch_(std::move(watch)), below_(sqlite3_vfs_find(nullptr)), files_(*below_) {
  CHECK(in_place == nullptr);
  in_place = this;
  files_.zName = "watched";
  files_.szOsFile = static_cast<int>(sizeof(WatchedFile)) + below_->szOsFile;
  files_.xOpen = open;
  files_.xDelete = remove;
  CHECK(sqlite3_vfs_register(&files_, 1) == SQLITE_OK);
}

WatchedFiles::~WatchedFiles() {
  sqlite3_vfs_register(below_, 1);
  sqlite3_vfs_unregister(&files_);
  in_place = nullptr;
}

FileAnswer WatchedFiles::ask(const FileCall& call) {
  std::unique_lock lock(guard_);
  FileAnswer answer = watch_(call);
  lock.unlock();
  if (answer.wait_first) answer.wait_first();
  return answer;
}

}  // namespace vardbron::store
