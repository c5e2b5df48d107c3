#pragma once

// Tested by tests/system/store/watched_store_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/hmac.h"
#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/store/audit_fallback_file.h"
#include "gateway/store/store.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::store {

/// A file on another disk that takes rows of the access log while the store cannot: one JSON object a line, synced before
/// `append` returns. Later they are moved into the store's own log, in order and each once, also when the process dies in
/// between: a moved row names its origin, which is searched for before anything is moved again. Each line is signed
/// (audit_fallback_file.h). Rows that are missing or not as they were written are replaced by one row with action "lost"; the
/// file as it was found is kept beside it as <file>.set-aside-<id>, which is logged. Rows that were cut off its end, or the
/// removal of all of it, while no process had it open, are detected by <file>.end, unless that was removed or restored with it.
/// Any thread; the work is done on the executor given, which waits for that disk.
class AuditFallback {
 public:
  /// Counts the rows of an earlier run. Broken: the file cannot be read or written. Everything given outlives it; `random` is
  /// used on the executor only.
  static Result<std::unique_ptr<AuditFallback>> open(const std::filesystem::path& file, HmacKey key, Clock& clock, Random& random,
                                                     asio::any_io_executor executor,
                                                     std::size_t bytes_max = limits::audit_fallback_bytes_max);
  AuditFallback(const AuditFallback&) = delete;
  ~AuditFallback();

  /// Busy: the file would have more than `bytes_max`. Broken: that disk fails too. A call that fails keeps nothing.
  Task<Result<void>> append(std::vector<AuditRow> rows);
  /// Takes over all rows and deletes the file. One caller at a time. The store's failure: the rest stays.
  Task<Result<void>> take_over(Store& store);
  std::int64_t rows() const { return rows_; }  ///< in the file
  /// Files with rows that were not as they were written; an operator moves them away, and the next start counts them again.
  std::int64_t set_aside() const { return set_aside_; }

 private:
  AuditFallback(std::filesystem::path file, HmacKey key, Clock& clock, Random& random, asio::any_io_executor executor,
                std::size_t bytes_max);
  Result<void> read_what_is_there();
  Result<void> compare_with_end(bool is_changed);
  Result<void> tell_of_no_id();
  Result<void> begin();
  Task<Result<void>> append_here(std::vector<AuditRow> rows);
  Result<void> append_now(const std::vector<AuditRow>& rows);
  Task<Result<void>> take_over_here(Store& store);
  Task<Result<std::int64_t>> taken_before(Store& store);
  Task<Result<std::int64_t>> last_number(Store& store);
  Result<void> keep_aside();
  Result<std::vector<AuditRow>> read_some(FallbackReader& reader, std::int64_t& last);
  AuditRow lost(std::int64_t first, std::int64_t last) const;
  void remove();

  std::filesystem::path file_;
  HmacKey key_;
  Clock& clock_;
  Random& random_;
  asio::any_io_executor executor_;
  std::size_t bytes_max_;
  int handle_ = -1;
  std::string id_;                         // of this file; a new one each time it is filled
  std::int64_t lines_ = 0;                 // number of the last row that was written into it
  std::int64_t taken_ = 0;                 // of the last row that is known to be in the store
  std::optional<std::int64_t> look_from_;  // row of the store's log after which there may be more of them
  std::size_t bytes_ = 0;
  std::string kept_as_;  // name of the copy that is kept because not all of it is as it was written
  std::atomic<std::int64_t> rows_{0};
  std::atomic<std::int64_t> set_aside_{0};
};

}  // namespace vardbron::store
