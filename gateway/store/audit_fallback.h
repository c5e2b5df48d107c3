#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
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
/// between: a row that was taken over says where it lay, and that is looked for before anything is taken over again. Any thread;
/// the work is done on the executor given, which waits for that disk.
class AuditFallback {
 public:
  /// Counts what lies there from an earlier run. Broken: the file cannot be read or written, or a line of it is damaged.
  /// Everything given outlives it; `random` is used on the executor only.
  static Result<std::unique_ptr<AuditFallback>> open(const std::filesystem::path& file, Clock& clock, Random& random,
                                                     asio::any_io_executor executor,
                                                     std::size_t bytes_max = limits::audit_fallback_bytes_max);
  AuditFallback(const AuditFallback&) = delete;
  ~AuditFallback();

  /// Busy: the file would have more than `bytes_max`. Broken: that disk fails too. Of a call that fails nothing is kept.
  Task<Result<void>> append(std::vector<AuditRow> rows);
  /// Until the file is empty, and then it is gone. One caller at a time. The store's failure: the rest stays.
  Task<Result<void>> take_over(Store& store);
  std::int64_t rows() const { return rows_; }  ///< that lie there

 private:
  AuditFallback(std::filesystem::path file, Clock& clock, Random& random, asio::any_io_executor executor, std::size_t bytes_max);
  Result<void> read_what_is_there();
  Result<void> begin();
  Task<Result<void>> append_here(std::vector<AuditRow> rows);
  Task<Result<void>> take_over_here(Store& store);
  Task<Result<std::int64_t>> taken_before(Store& store);
  Task<Result<std::int64_t>> last_number(Store& store);
  Result<std::vector<AuditRow>> read_from(std::int64_t line, std::size_t count);
  void remove();

  std::filesystem::path file_;
  Clock& clock_;
  Random& random_;
  asio::any_io_executor executor_;
  std::size_t bytes_max_;
  int handle_ = -1;
  std::string id_;                         // of this file; a new one whenever it begins anew
  std::int64_t lines_ = 0;                 // rows ever written into it
  std::int64_t taken_ = 0;                 // of them, known to be in the store
  std::optional<std::int64_t> look_from_;  // row of the store's log behind which more of them may lie
  std::size_t bytes_ = 0;
  std::atomic<std::int64_t> rows_{0};
};

}  // namespace vardbron::store
