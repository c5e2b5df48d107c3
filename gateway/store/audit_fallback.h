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
/// `append` returns. Later they are taken over into the store's own log, in order and each once, also when the process dies in
/// between: a row that was taken over says where it lay, and that is looked for before anything is taken over again. Each line is
/// signed (audit_fallback_file.h). Of rows that are missing or not as they were written one row in their place tells, with action
/// "lost"; the file as it was found is kept beside it as <file>.set-aside-<id>, and the log tells of it. That rows were cut off
/// its end, or all of it was taken away, while no process had it open, shows by <file>.end, unless that was taken away or put
/// back with it. Any thread; the work is done on the executor given, which waits for that disk.
class AuditFallback {
 public:
  /// Counts what lies there from an earlier run. Broken: the file cannot be read or written. Everything given outlives it;
  /// `random` is used on the executor only.
  static Result<std::unique_ptr<AuditFallback>> open(const std::filesystem::path& file, HmacKey key, Clock& clock, Random& random,
                                                     asio::any_io_executor executor,
                                                     std::size_t bytes_max = limits::audit_fallback_bytes_max);
  AuditFallback(const AuditFallback&) = delete;
  ~AuditFallback();

  /// Busy: the file would have more than `bytes_max`. Broken: that disk fails too. Of a call that fails nothing is kept.
  Task<Result<void>> append(std::vector<AuditRow> rows);
  /// Until the file is empty, and then it is gone. One caller at a time. The store's failure: the rest stays.
  Task<Result<void>> take_over(Store& store);
  std::int64_t rows() const { return rows_; }  ///< that lie there
  /// Files with rows that were not as they were written; an operator moves them away, and the next start counts anew.
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
  std::string id_;                         // of this file; a new one whenever it begins anew
  std::int64_t lines_ = 0;                 // number of the last row that was written into it
  std::int64_t taken_ = 0;                 // of the last that is known to be in the store
  std::optional<std::int64_t> look_from_;  // row of the store's log behind which more of them may lie
  std::size_t bytes_ = 0;
  std::string kept_as_;  // name of the file in which it is kept, because not all of it is as it was written
  std::atomic<std::int64_t> rows_{0};
  std::atomic<std::int64_t> set_aside_{0};
};

}  // namespace vardbron::store
