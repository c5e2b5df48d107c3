#include "gateway/store/sqlite/store_files.h"

#include "gateway/base/check.h"
#include "gateway/store/sqlite/log_files.h"

#include <sqlite3.h>

#include <algorithm>

namespace vardbron::store {

struct StoreFiles::Entry {
  std::string name;
  sqlite3_vfs* real = nullptr;
  sqlite3_vfs files{};
  PageWatch pages;

  static int open(sqlite3_vfs* files, const char* name, sqlite3_file* file, int flags, int* flags_given) {
    Entry& entry = *static_cast<Entry*>(files->pAppData);
    file->pMethods = nullptr;  // stays null if it cannot be opened; then SQLite does not close it
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return open_page_file(entry.real, name, file, flags, flags_given, entry.pages);
    if ((flags & SQLITE_OPEN_WAL) != 0) return open_log_file(entry.real, name, file, flags, flags_given, entry.pages);
    return entry.real->xOpen(entry.real, name, file, flags, flags_given);
  }
};

// Everything but opening is the system's: its functions use pAppData only when they open a file.
StoreFiles::StoreFiles() : entry_(std::make_unique<Entry>()) {
  entry_->real = sqlite3_vfs_find(nullptr);
  CHECK(entry_->real != nullptr);
  entry_->name = "vardbron-" + std::to_string(reinterpret_cast<std::uintptr_t>(entry_.get()));
  entry_->files = *entry_->real;
  entry_->files.szOsFile = static_cast<int>(std::max(page_file_bytes(), log_file_bytes())) + entry_->real->szOsFile;
  entry_->files.zName = entry_->name.c_str();
  entry_->files.pAppData = entry_.get();
  entry_->files.xOpen = Entry::open;
  CHECK(sqlite3_vfs_register(&entry_->files, 0) == SQLITE_OK);
}

StoreFiles::~StoreFiles() { sqlite3_vfs_unregister(&entry_->files); }

const std::string& StoreFiles::name() const { return entry_->name; }

PageWatch& StoreFiles::pages() { return entry_->pages; }

}  // namespace vardbron::store
