#pragma once

#include "gateway/base/limits.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace vardbron::store {

/// Sizes of the log at which it is copied or ended.
struct LogSizes {
  std::int64_t copy_bytes = limits::store_log_copy_bytes;
  std::int64_t finish_bytes = limits::store_log_finish_bytes;
  std::int64_t wait_bytes = limits::store_log_wait_bytes;
};

/// Decides what to do with the log between two commits. No I/O, one thread.
class LogPolicy {
 public:
  enum class Step : std::uint8_t {
    Nothing,
    Copy,       ///< have it copied while commits go on
    End,        ///< end it, if it has no readers
    WaitToEnd,  ///< end it, and wait for its readers
  };

  explicit LogPolicy(LogSizes sizes = {}) : sizes_(sizes) {}

  Step after_commit(std::int64_t log_bytes) {
    if (log_bytes < seen_) next_copy_ = next_end_ = 0;  // it was started again
    seen_ = log_bytes;
    if (log_bytes >= sizes_.finish_bytes) {
      if (log_bytes < next_end_) return Step::Nothing;
      return log_bytes >= sizes_.wait_bytes ? Step::WaitToEnd : Step::End;
    }
    if (log_bytes < std::max(sizes_.copy_bytes, next_copy_)) return Step::Nothing;
    next_copy_ = log_bytes + sizes_.copy_bytes;
    return Step::Copy;
  }
  void ended() { seen_ = next_copy_ = next_end_ = 0; }
  /// It still has readers: ending it is not tried again before it has grown.
  void not_ended() { next_end_ = seen_ + sizes_.copy_bytes; }

 private:
  LogSizes sizes_;
  std::int64_t seen_ = 0, next_copy_ = 0, next_end_ = 0;
};

}  // namespace vardbron::store
