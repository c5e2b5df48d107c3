#pragma once

#include "gateway/store/sqlite/row_print.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace vardbron::store {

/// A row that was written, or is no more, since a verification began.
struct RowChange {
  std::size_t table = 0;  ///< which of sealed_tables()
  bool is_added = false;
  RowPrint row;
};

/// What one commit changed.
struct CommittedRows {
  std::int64_t seal = 0;  ///< number of the seal that the commit wrote
  std::vector<RowChange> rows;
};

/// By which a verification keeps up with a store that is being written to: it looks at each row at another moment, and is told
/// what changed since. The writer's functions are for its thread, the others for the verifier's.
class RowFollower {
 public:
  // The writer's.
  void begin();                                              ///< a transaction begins
  bool is_followed() const { return is_recorded_; }          ///< whether its rows are wanted
  void end(std::int64_t seal, std::vector<RowChange> rows);  ///< it was committed, and the store's seal has this number
  void undo();                                               ///< it was not

  // The verifier's.
  /// From here on every commit is kept. False: a transaction that is under way does not end in time.
  bool start(std::chrono::milliseconds patience);
  void stop();
  /// What was committed up to this seal; false: that is not known in time, or it was more than could be kept.
  bool take_until(std::int64_t seal, std::chrono::milliseconds patience, std::deque<CommittedRows>& into);

 private:
  std::mutex guard_;
  std::condition_variable moved_;
  std::deque<CommittedRows> kept_;
  std::size_t kept_rows_ = 0;
  std::int64_t last_ = 0;
  bool is_wanted_ = false, is_open_ = false, is_lost_ = false;
  std::atomic<bool> is_recorded_{false};
};

}  // namespace vardbron::store
