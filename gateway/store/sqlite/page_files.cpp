#include "gateway/store/sqlite/page_files.h"

#include "gateway/store/sqlite/file_changes.h"
#include "gateway/store/sqlite/page_sum.h"

#include <sqlite3.h>

#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace vardbron::store {

namespace {

// SQLite file format 1.3: bytes of the first page.
constexpr std::size_t reserved_at = 20;
constexpr std::string_view magic("SQLite format 3\0", 16);
// Shorter reads are hints that SQLite reads before the page itself; no page is smaller.
constexpr int hint_bytes_max = 511;

/// A database's file as SQLite sees it, followed in memory by the system's own file.
struct PageFile {
  sqlite3_file base;
  sqlite3_file* real;
  PageWatch* watch;
  bool checked;
  char page[page_bytes];

  int read(void* into, int size, sqlite3_int64 at) { return real->pMethods->xRead(real, into, size, at); }
  int check(const char* bytes, sqlite3_int64 at) {
    const std::int64_t number = at / static_cast<sqlite3_int64>(page_bytes) + 1;
    if (has_page_sum({bytes, page_bytes}, number)) return SQLITE_OK;
    watch->tell_broken(number, PageWatch::Place::File);
    return SQLITE_IOERR_DATA;
  }
  int check_around(int size, sqlite3_int64 at);
  void look();
};

PageFile& page_file(sqlite3_file* file) { return *reinterpret_cast<PageFile*>(file); }

bool is_page(int size, sqlite3_int64 at) {
  return size == static_cast<int>(page_bytes) && at % static_cast<sqlite3_int64>(page_bytes) == 0;
}

// With a wrong page size in the first page SQLite reads other pieces than pages.
int PageFile::check_around(int size, sqlite3_int64 at) {
  constexpr auto step = static_cast<sqlite3_int64>(page_bytes);
  for (sqlite3_int64 begin = at / step * step; begin < at + size; begin += step) {
    int code = read(page, static_cast<int>(page_bytes), begin);
    if (code == SQLITE_IOERR_SHORT_READ) continue;
    if (code == SQLITE_OK) code = check(page, begin);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

// The byte that shows whether there are sums may itself be the wrong one.
void PageFile::look() {
  checked = watch->is_new_checked;
  sqlite3_int64 size = 0;
  if (real->pMethods->xFileSize(real, &size) != SQLITE_OK || size == 0) return;
  checked = false;
  if (read(page, static_cast<int>(page_bytes), 0) != SQLITE_OK) return;
  const bool says_so = static_cast<unsigned char>(page[reserved_at]) == page_sum_bytes;
  page[reserved_at] = static_cast<char>(page_sum_bytes);
  checked = (says_so && std::string_view(page, magic.size()) == magic) || has_page_sum({page, page_bytes}, 1);
}

int close(sqlite3_file* file) { return page_file(file).real->pMethods->xClose(page_file(file).real); }

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  PageFile& pages = page_file(file);
  int code = pages.read(into, size, at);
  if (code != SQLITE_OK || !pages.checked || size <= hint_bytes_max) return code;
  return is_page(size, at) ? pages.check(static_cast<const char*>(into), at) : pages.check_around(size, at);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  PageFile& pages = page_file(file);
  const auto* given = static_cast<const char*>(bytes);
  const std::int64_t number = at / static_cast<sqlite3_int64>(page_bytes) + 1;
  const std::optional<PageWatch::Copied> copied = std::exchange(pages.watch->copied, std::nullopt);
  if (copied && copied->page != number) {  // the log's index gave another page's frame
    pages.watch->tell_broken(number, PageWatch::Place::Log);
    return SQLITE_IOERR_DATA;
  }
  const bool is_believed = !copied || copied->fits;
  if (is_page(size, at) && at == 0 && is_believed) {
    pages.checked = static_cast<unsigned char>(given[reserved_at]) == page_sum_bytes;
  }
  if (copied && !copied->fits && !pages.checked) return SQLITE_IOERR_DATA;  // the file would not show it
  if (is_page(size, at) && pages.checked) {
    std::memcpy(pages.page, given, page_bytes);
    put_page_sum(pages.page, copied ? copied->sum : page_sum({given, page_bytes}, number));
    bytes = pages.page;
  }
  const int code = pages.real->pMethods->xWrite(pages.real, bytes, size, at);
  if (pages.watch->changes) pages.watch->changes->wrote(number);
  return code;
}

const sqlite3_io_methods& real_of(sqlite3_file* file) { return *page_file(file).real->pMethods; }
int truncate(sqlite3_file* file, sqlite3_int64 size) { return real_of(file).xTruncate(page_file(file).real, size); }
int sync(sqlite3_file* file, int flags) { return real_of(file).xSync(page_file(file).real, flags); }
int file_size(sqlite3_file* file, sqlite3_int64* size) { return real_of(file).xFileSize(page_file(file).real, size); }
int lock(sqlite3_file* file, int level) { return real_of(file).xLock(page_file(file).real, level); }
int unlock(sqlite3_file* file, int level) { return real_of(file).xUnlock(page_file(file).real, level); }
int is_reserved(sqlite3_file* file, int* out) { return real_of(file).xCheckReservedLock(page_file(file).real, out); }
int control(sqlite3_file* file, int what, void* with) {
  PageWatch& watch = *page_file(file).watch;
  if (what == SQLITE_FCNTL_CKPT_START || what == SQLITE_FCNTL_CKPT_DONE) {
    watch.is_copying = what == SQLITE_FCNTL_CKPT_START;
    watch.copied.reset();
    watch.has_copied = true;
    if (watch.is_copying && watch.changes) watch.changes->checkpoint_writes();
  }
  return real_of(file).xFileControl(page_file(file).real, what, with);
}
int sector_size(sqlite3_file* file) { return real_of(file).xSectorSize(page_file(file).real); }
int characteristics(sqlite3_file* file) { return real_of(file).xDeviceCharacteristics(page_file(file).real); }
int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  return real_of(file).xShmMap(page_file(file).real, region, size, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real_of(file).xShmLock(page_file(file).real, offset, count, flags);
}
void fence_shared(sqlite3_file* file) { real_of(file).xShmBarrier(page_file(file).real); }
int unmap_shared(sqlite3_file* file, int remove) { return real_of(file).xShmUnmap(page_file(file).real, remove); }

// Version 2: without the calls of version 3 SQLite never maps pages into memory unchecked.
constexpr sqlite3_io_methods page_methods = {
    2,           close,   read,        write,           truncate,   sync,        file_size,    lock,         unlock,
    is_reserved, control, sector_size, characteristics, map_shared, lock_shared, fence_shared, unmap_shared, nullptr,
    nullptr};

}  // namespace

void PageWatch::tell_broken(std::int64_t page, Place place) {
  broken_page = page;
  broken_place = place;
  if (on_broken) on_broken(page);
}

std::size_t page_file_bytes() { return sizeof(PageFile); }

int open_page_file(sqlite3_vfs* real, const char* name, sqlite3_file* file, int flags, int* flags_given, PageWatch& watch) {
  auto* behind = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(PageFile));
  auto* pages = new (file) PageFile{{nullptr}, behind, &watch, false, {}};
  int code = real->xOpen(real, name, behind, flags, flags_given);
  if (code != SQLITE_OK) return code;
  pages->base.pMethods = &page_methods;
  pages->look();
  return code;
}

int read_as_it_is(sqlite3_file* file, void* into, int size, std::int64_t at) { return page_file(file).read(into, size, at); }

}  // namespace vardbron::store
