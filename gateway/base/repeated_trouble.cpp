#include "gateway/base/repeated_trouble.h"

#include <algorithm>
#include <utility>

namespace vardbron {

namespace {
constexpr Instant pause_first = std::chrono::seconds(10), pause_max = std::chrono::hours(1);
}

bool RepeatedTrouble::met(Instant now) {
  if (++times_ > 1 && now < next_) return false;
  pause_ = times_ == 1 ? pause_first : std::min(2 * pause_, pause_max);
  next_ = now + pause_;
  return true;
}

bool RepeatedTrouble::over() { return std::exchange(times_, 0) > 0; }

}  // namespace vardbron
