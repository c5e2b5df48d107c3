#pragma once

#include "gateway/base/clock.h"

#include <cstdint>

namespace vardbron {

/// Which times of a trouble that is met again and again are told in the log: the first, then after a pause that doubles, and that
/// it is over. One thread.
///
///   if (trouble.met(clock.now())) log::warning("..", {{"times", trouble.times()}});
///   if (trouble.over()) log::info("..");
class RepeatedTrouble {
 public:
  /// It is met once more. True: it is to be told.
  bool met(Instant now);
  /// It is not met any more. True: that is to be told, since the trouble was.
  bool over();
  std::int64_t times() const { return times_; }  ///< since it began

 private:
  std::int64_t times_ = 0;
  Instant next_{0};
  Instant pause_{0};
};

}  // namespace vardbron
