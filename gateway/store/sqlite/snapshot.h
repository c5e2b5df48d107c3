#pragma once

// Tested by tests/system/store/sqlite/log_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"

#include <cstddef>

namespace vardbron::store {

/// The reading transaction of one connection. While it is open the log cannot begin anew, so whoever reads for long gives it up
/// and begins another in between. One thread.
class Snapshot {
 public:
  explicit Snapshot(Database& database);

  void begin();
  /// Broken or Busy: something could not be read since begin().
  Result<void> end();

  /// Counts one row, and so many bytes of bodies, as read. True: it is time for renew().
  bool is_due(std::size_t bytes = 0);
  /// Resets every statement of the connection. What is read next may be newer than what was read before.
  void renew();

 private:
  void count_anew();

  Database& database_;
  RealClock clock_;  ///< what counts is how long the log was held, also in a simulation
  Statement begin_, commit_, rollback_;
  std::size_t rows_ = 0, bytes_ = 0;
  Instant begun_{0};
};

}  // namespace vardbron::store
