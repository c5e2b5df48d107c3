#include "gateway/exchange/stockholm.h"

#include "gateway/time/civil.h"

#include <chrono>

namespace vardbron::exchange {

int Stockholm::offset_minutes(std::int64_t wall_ms) const {
  const std::chrono::milliseconds wall(wall_ms);
  const time::CivilTime moment = time::to_wall(time::LocalTime(wall));
  guessed_ = guessed_ || moment.guess != time::Guess::None;
  const std::chrono::milliseconds ahead = wall - moment.at.time_since_epoch();
  return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(ahead).count());
}

}  // namespace vardbron::exchange
