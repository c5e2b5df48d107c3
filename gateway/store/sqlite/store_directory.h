#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/crash_points_test.cpp.

#include "gateway/base/result.h"

#include <filesystem>
#include <memory>

namespace vardbron::store {

/// A new name in a directory is durable only when the directory itself was synced. False: it could not be.
bool sync_directory(const std::filesystem::path& directory);

/// False: what was written to the file could not be synced.
bool sync_file(const std::filesystem::path& file);

/// The store's directory, locked while this lives: made with mode 0700, with a lock file that no second process can lock.
class StoreDirectory {
 public:
  /// Broken: the directory cannot be made, or another process has it.
  static Result<std::unique_ptr<StoreDirectory>> take(const std::filesystem::path& directory);
  ~StoreDirectory();
  StoreDirectory(const StoreDirectory&) = delete;
  StoreDirectory& operator=(const StoreDirectory&) = delete;

  static constexpr const char* file_name = "vardbron.db";
  std::filesystem::path file() const { return directory_ / file_name; }

 private:
  StoreDirectory(std::filesystem::path directory, int lock) : directory_(std::move(directory)), lock_(lock) {}
  std::filesystem::path directory_;
  int lock_;
};

}  // namespace vardbron::store
