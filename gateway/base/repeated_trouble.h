#pragma once

#include "gateway/base/clock.h"

#include <cstdint>

namespace vardbron {

/// Decides which occurrences of a repeated failure are logged: the first, then after a pause that doubles, and its end. One
/// thread.
///
///   if (trouble.met(clock.now())) log::warning("..", {{"times", trouble.times()}});
///   if (trouble.over()) log::info("..");
class RepeatedTrouble {
 public:
  /// One more occurrence. True: it is to be logged.
  bool met(Instant now);
  /// The failure is over. True: that is to be logged, since the failure was.
  bool over();
  std::int64_t times() const { return times_; }  ///< since it began

 private:
  std::int64_t times_ = 0;
  Instant next_{0};
  Instant pause_{0};
};

}  // namespace vardbron
