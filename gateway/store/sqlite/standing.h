#pragma once

// Tested by tests/system/store/sqlite/disk_error_test.cpp and tests/system/store/queue_limits_test.cpp.

#include "gateway/base/clock.h"

#include <mutex>
#include <optional>
#include <string>

namespace vardbron::store {

/// The state of writing, set by the writer's thread and read by others. Any thread. The clock outlives it.
class Standing {
 public:
  struct Now {
    std::optional<Instant> last_commit;
    std::optional<WallTime> last_commit_at, failing_since;
    std::string says;  ///< why it fails; "" while it does not
  };

  explicit Standing(Clock& clock) : clock_(clock) {}
  void committed();               ///< a group is on the disk, synced
  void failed(std::string says);  ///< a group is not on the disk; kept until one is
  Now now() const;

 private:
  Clock& clock_;
  mutable std::mutex guard_;
  Now now_;
};

}  // namespace vardbron::store
