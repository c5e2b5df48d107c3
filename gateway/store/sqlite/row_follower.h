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

/// A row that was written or deleted since a verification began.
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

/// Lets a verification follow a store that is being written to: it reads each row at another moment, and gets the changes since.
/// The writer's functions are for its thread, the others for the verifier's.
class RowFollower {
 public:
  // The writer's.
  void begin();                                      ///< a transaction begins
  bool is_followed() const { return is_recorded_; }  ///< whether its rows are recorded
  void end(std::int64_t seal,
           std::vector<RowChange> rows);  ///< the transaction was committed, and the store's seal has this number
  void undo();                            ///< it was rolled back

  // The verifier's.
  /// From now on every commit is kept. False: a running transaction does not end in time.
  bool start(std::chrono::milliseconds patience);
  void stop();
  /// The changes committed up to this seal; false: they are not known in time, or were more than can be kept.
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
