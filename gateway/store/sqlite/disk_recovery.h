#pragma once

#include "gateway/base/clock.h"

#include <cstdint>

namespace vardbron::store {

/// Decides how the writer recovers from a disk failure: when to try again, and how. No I/O, no clock, one thread.
///
/// First a row is written, synced, by the connection that had the error: it overwrites the frames of the failed group in the log,
/// so that unacknowledged changes are not found there later. Then all connections are closed and the file is read again, because
/// the caches of SQLite and of the system may not be on the disk. If the old connection cannot write, the file is opened again
/// without it.
class DiskRecovery {
 public:
  enum class Try : std::uint8_t { Write, Reopen };

  bool is_needed() const { return is_needed_; }
  Try next() const { return next_; }
  Instant pause() const { return pause_; }  ///< before the next try

  void disk_failed();   ///< the disk has failed; further failures are part of the same one
  void wrote();         ///< Try::Write succeeded
  void not_wrote();     ///< it failed
  void reopened();      ///< Try::Reopen succeeded, and a row was written: recovered
  void not_reopened();  ///< it failed, and no connection is left

 private:
  void wait_longer();

  bool is_needed_ = false;
  Try next_ = Try::Write;
  int tries_ = 0;
  Instant pause_{0};
};

}  // namespace vardbron::store
