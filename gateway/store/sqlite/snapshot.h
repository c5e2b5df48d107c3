#pragma once

// Tested by tests/system/store/sqlite/log_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"

#include <cstddef>
#include <cstdint>

namespace vardbron::store {

/// The reading transaction of one connection. While it is open the log cannot start again, so long reads end it and begin another
/// one in between. One thread.
class Snapshot {
 public:
  explicit Snapshot(Database& database);

  void begin();
  /// Broken or Busy: something could not be read since begin().
  Result<void> end();

  /// Counts one row, and so many bytes of bodies, as read. True: renew() is due.
  bool is_due(std::size_t bytes = 0);
  /// Resets every statement of the connection. Later reads may be newer than earlier ones.
  void renew();
  /// The number of the transaction that is open: what was read under the same number is of the same moment.
  std::int64_t number() const { return number_; }

 private:
  void count_anew();

  Database& database_;
  RealClock clock_;  ///< the real time that the log was held counts, also in a simulation
  Statement begin_, commit_, rollback_;
  std::size_t rows_ = 0, bytes_ = 0;
  Instant begun_{0};
  std::int64_t number_ = 0;
};

}  // namespace vardbron::store
