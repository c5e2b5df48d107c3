#pragma once

// Tested by tests/system/store/sqlite/backup_test.cpp and tests/system/store/sqlite/schema_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace vardbron::store {

/// A copy of a store's file that gets its name when it is whole: until then it is called "<name>.part". What an interrupted one
/// left there is removed at the beginning; one that is not finished leaves nothing.
class CopyInMaking {
 public:
  enum class Existing : std::uint8_t { Kept, Replaced };
  explicit CopyInMaking(std::filesystem::path name, Existing existing = Existing::Kept);
  ~CopyInMaking();
  CopyInMaking(const CopyInMaking&) = delete;
  CopyInMaking& operator=(const CopyInMaking&) = delete;

  const std::filesystem::path& part() const { return part_; }
  /// Broken: a file has that name and is kept, or the disk fails.
  Result<void> finish();

 private:
  void remove_part() const;

  std::filesystem::path name_, part_;
  Existing existing_;
  bool is_finished_ = false;
};

/// Pages that are written to a new file, readable by its owner only.
class PageWriter {
 public:
  static Result<PageWriter> make(const std::filesystem::path& file);
  PageWriter(PageWriter&& other) noexcept;
  PageWriter& operator=(PageWriter&&) = delete;
  ~PageWriter();

  Result<void> put(std::int64_t first_page, std::string_view pages);
  /// Cuts it to so many pages and syncs it.
  Result<void> end(std::int64_t pages);

 private:
  explicit PageWriter(int handle) : handle_(handle) {}
  int handle_;
  std::int64_t unsynced_bytes_ = 0;
};

/// Copies the file of a store that nobody writes to, with its log, under another name; synced and whole once it is there.
Result<void> copy_store(Database& database, const std::filesystem::path& name, CopyInMaking::Existing existing);

}  // namespace vardbron::store
