#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/policy.h"

#include <chrono>
#include <optional>
#include <span>

namespace vardbron::care {

/// From when a municipality pays for a patient who is ready for discharge. All days are days in Stockholm.
struct Liability {
  std::chrono::local_days day_zero;
  std::chrono::local_days first_day;  ///< first chargeable day
  WallTime first_moment;              ///< when that day begins
  bool operator==(const Liability&) const = default;
};

/// When the clock of an utskrivningsklar notice runs out under a policy.
Liability liability_of(WallTime discharge_ready, const Policy& policy);

/// One time the patient was ready for discharge, until it ended: by discharge, withdrawal, interruption or death. A cancelled
/// notice is no ready span at all.
struct ReadySpan {
  WallTime from{};
  std::optional<WallTime> until;  ///< open: still ready
};

/// Chargeable days of a case up to `now`. Never negative; none without an admission notice.
int chargeable_days(std::span<const ReadySpan> spans, bool admission_was_told, const Policy& policy, WallTime now);

}  // namespace vardbron::care
