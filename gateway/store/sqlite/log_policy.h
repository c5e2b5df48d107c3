#pragma once

#include "gateway/base/limits.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace vardbron::store {

/// How large the log may become before something is done about it.
struct LogSizes {
  std::int64_t copy_bytes = limits::store_log_copy_bytes;
  std::int64_t finish_bytes = limits::store_log_finish_bytes;
  std::int64_t wait_bytes = limits::store_log_wait_bytes;
};

/// What is done about the log between two commits. No I/O, one thread.
class LogPolicy {
 public:
  enum class Step : std::uint8_t {
    Nothing,
    Copy,       ///< have it copied beside the commits
    End,        ///< end it, if whoever reads in it leaves at once
    WaitToEnd,  ///< end it, and wait for them
  };

  explicit LogPolicy(LogSizes sizes = {}) : sizes_(sizes) {}

  Step after_commit(std::int64_t log_bytes) {
    if (log_bytes < seen_) next_copy_ = next_end_ = 0;  // it has begun anew
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
  /// Somebody still reads in it: it is not tried again before it has grown.
  void not_ended() { next_end_ = seen_ + sizes_.copy_bytes; }

 private:
  LogSizes sizes_;
  std::int64_t seen_ = 0, next_copy_ = 0, next_end_ = 0;
};

}  // namespace vardbron::store
