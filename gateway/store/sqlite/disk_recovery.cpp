#include "gateway/store/sqlite/disk_recovery.h"

#include "gateway/base/limits.h"

#include <algorithm>

namespace vardbron::store {

void DiskRecovery::disk_failed() {
  if (is_needed_) return;
  is_needed_ = true;
  next_ = Try::Write;
  tries_ = 0;
  pause_ = limits::store_retry_pause_first;
}

void DiskRecovery::wrote() {
  next_ = Try::Reopen;
  pause_ = Instant(0);
}

void DiskRecovery::not_wrote() {
  wait_longer();
  if (tries_ >= limits::store_retries_before_reopen) next_ = Try::Reopen;
}

void DiskRecovery::reopened() { is_needed_ = false; }

void DiskRecovery::not_reopened() {
  next_ = Try::Reopen;
  wait_longer();
}

void DiskRecovery::wait_longer() {
  ++tries_;
  pause_ = std::clamp<Instant>(2 * pause_, limits::store_retry_pause_first, limits::store_retry_pause_max);
}

}  // namespace vardbron::store
