#pragma once

#include "gateway/mapping/map.h"

namespace vardbron::exchange {

/// Stockholm's civil time for maps: exports write the time the clock on the wall shows, without zone. Any thread.
class Stockholm final : public mapping::CivilZone {
 public:
  int offset_minutes(std::int64_t wall_ms) const override;
};

}  // namespace vardbron::exchange
