#pragma once

// Tested by tests/mappings/cosmic_test.cpp and tests/mapping/transforms_test.cpp.

#include "gateway/mapping/map.h"

namespace vardbron::exchange {

/// Stockholm's civil time for maps: exports contain local times without zone. One for each run.
class Stockholm final : public mapping::CivilZone {
 public:
  int offset_minutes(std::int64_t wall_ms) const override;
  std::string_view name() const override { return "Europe/Stockholm"; }
  /// True when a time of the run was in the hour that occurs twice, or in the one that is left out.
  bool has_guessed() const { return guessed_; }

 private:
  mutable bool guessed_ = false;
};

}  // namespace vardbron::exchange
