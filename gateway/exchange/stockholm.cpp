#include "gateway/exchange/stockholm.h"

#include "gateway/sweden/civil_time.h"

#include <chrono>

namespace vardbron::exchange {

int Stockholm::offset_minutes(std::int64_t wall_ms) const {
  const std::chrono::milliseconds wall(wall_ms);
  const sweden::Moment moment = sweden::to_wall(sweden::LocalTime(wall));
  guessed_ = guessed_ || moment.guess != sweden::Guess::None;
  const std::chrono::milliseconds ahead = wall - moment.at.time_since_epoch();
  return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(ahead).count());
}

}  // namespace vardbron::exchange
