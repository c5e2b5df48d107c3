#pragma once

// Tested by tests/system/store/queue_limits_test.cpp and tests/system/store/sqlite/disk_error_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/store/sqlite/readers.h"
#include "gateway/store/sqlite/standing.h"
#include "gateway/store/sqlite/subscription_states.h"
#include "gateway/store/sqlite/writer.h"
#include "gateway/store/store.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

namespace vardbron::store {

/// Determines Store::condition(). It asks the store's threads for a synced write and for counts, one of each at a time however
/// many callers there are, and waits for a limited time. Any thread; its arguments outlive it.
class Vouching {
 public:
  Vouching(std::filesystem::path file, Standing& standing, Clock& clock)
      : file_(std::move(file)), standing_(standing), clock_(clock) {}

  /// The oldest event that waits is among `waiting`.
  Task<Result<StoreCondition>> ask(Writer& writer, Readers& readers, std::vector<WaitingEvent> waiting);

 private:
  struct Counts {
    std::int64_t pending = 0, quarantined = 0;
    std::optional<WallTime> oldest_undelivered;
  };
  /// What the threads' jobs and the callers share.
  struct Shared {
    std::mutex guard;
    bool is_written = true, is_counted = true;  ///< nothing is requested
    Counts counts;
  };
  class Write;
  class Count;

  void ask_for_write(Writer& writer);
  void ask_for_counts(Readers& readers, std::vector<WaitingEvent> waiting);
  StoreCondition tell(Instant asked) const;

  std::filesystem::path file_;
  Standing& standing_;
  Clock& clock_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace vardbron::store
