#pragma once

#include "gateway/base/clock.h"

#include <cstdint>

namespace vardbron::store {

/// What to do after the disk failed under the writer: when to try again, and how. No I/O, no clock, one thread.
///
/// First a row is written, synced, by the connection that met the error: it takes the place of what the failed group had left in
/// the log, so that what was not acknowledged is not found there later. Then all connections are closed and the file is read
/// anew, because what SQLite remembers of the log and the system of the file may not be on the disk. When the old connection does
/// not come through, the file is opened anew without it.
class DiskRecovery {
 public:
  enum class Try : std::uint8_t { Write, Reopen };

  bool is_needed() const { return is_needed_; }
  Try next() const { return next_; }
  Instant pause() const { return pause_; }  ///< before the next try

  void disk_failed();   ///< the disk failed while all was well; more of it is one trouble
  void wrote();         ///< Try::Write came through
  void not_wrote();     ///< it did not
  void reopened();      ///< Try::Reopen came through, and a row was written: all is well
  void not_reopened();  ///< it did not, and no connection is left

 private:
  void wait_longer();

  bool is_needed_ = false;
  Try next_ = Try::Write;
  int tries_ = 0;
  Instant pause_{0};
};

}  // namespace vardbron::store
