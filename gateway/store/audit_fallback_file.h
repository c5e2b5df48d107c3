#pragma once

// Tested by tests/system/store/audit_fallback_rows_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/hmac.h"
#include "gateway/store/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::store {

/// A row of the fallback file, as a line without its end: a JSON object with the row's number in the file, the time, and an HMAC
/// over these and the file's id. Lines can only be made with the key, and none is valid under another number or in another file.
std::string fallback_line(const HmacKey& key, std::string_view id, std::int64_t number, const AuditRow& row, WallTime at);

/// Appended to a row's text in the store's log: when it was written to the file, under which number and in which file.
std::string fallback_mark(std::string_view at, std::string_view id, std::int64_t number);
/// The number of the row whose text ends with such a mark of that file.
std::optional<std::int64_t> marked_number(std::string_view says, std::string_view id);

/// The last row that was written aside, in a file of its own beside the rows (<file>.end), so that missing rows at the end are
/// detected, also if all are gone. Without the key an older one can be restored, but none can be made.
struct FallbackEnd {
  std::string id;         ///< of the file of rows
  std::int64_t rows = 0;  ///< in the file
};

std::filesystem::path end_beside(const std::filesystem::path& file);
/// None: there is no such file, or it was not written with this key.
std::optional<FallbackEnd> read_end_beside(const std::filesystem::path& file, const HmacKey& key);
/// Writes it, synced. False: it could not be written.
bool write_end_beside(const std::filesystem::path& file, const HmacKey& key, const FallbackEnd& end);

/// Files beside it that were kept because rows in them were not as they were written (AuditFallback).
std::int64_t count_set_aside(const std::filesystem::path& file);
inline constexpr std::string_view set_aside_mark = ".set-aside-";

/// Reads a file of rows that were written aside: its id, then one line for each row. Bytes after the last line end were never
/// acknowledged and are not read.
class FallbackReader {
 public:
  /// The file must have that id; "": any id. The key outlives it.
  FallbackReader(const std::filesystem::path& file, const HmacKey& key, std::string_view id);

  struct Step {
    std::optional<AuditRow> row;  ///< with its mark
    std::int64_t number = 0;      ///< of the row
    /// Rows before it are missing or not as they were written, those from `first` to before `number`; none if lines were only
    /// inserted.
    bool is_changed = false;
    std::int64_t first = 0;
  };
  /// The next row that is as it was written. Without a row: the end, and `number` is the one that would follow.
  Step next();

  const std::string& id() const { return id_; }  ///< "" when the file has none
  std::size_t bytes() const { return bytes_; }   ///< of the whole lines that were read

 private:
  bool read(std::string& line);

  const HmacKey& key_;
  std::ifstream stream_;
  std::string id_;
  std::int64_t expected_ = 1;
  bool is_foreign_ = false;   // the first line
  std::int64_t foreign_ = 0;  // lines since the last row
  std::size_t bytes_ = 0;
};

}  // namespace vardbron::store
