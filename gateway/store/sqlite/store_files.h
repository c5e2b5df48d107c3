#pragma once

#include "gateway/store/sqlite/page_files.h"

#include <memory>
#include <string>

namespace vardbron::store {

/// A way for SQLite to open a store's files: each page of the database carries a checksum (page_files.h), what a connection puts
/// into the log is gathered, and what it reads there is compared (log_files.h). For one connection, which it outlives.
class StoreFiles {
 public:
  StoreFiles();
  ~StoreFiles();
  StoreFiles(const StoreFiles&) = delete;
  StoreFiles& operator=(const StoreFiles&) = delete;

  const std::string& name() const;  ///< for sqlite3_open_v2
  PageWatch& pages();

 private:
  struct Entry;
  std::unique_ptr<Entry> entry_;
};

}  // namespace vardbron::store
