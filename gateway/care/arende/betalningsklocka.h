#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/chain/policy.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Days on which nobody is liable, the first and the last among them. Source: LUS 5:5.
struct ExemptDays {
  std::chrono::local_days first, last;
  bool operator==(const ExemptDays&) const = default;
};

/// From when a municipality pays for a patient who is ready for discharge. All days are days in Stockholm.
struct Liability {
  std::chrono::local_days day_zero;
  std::chrono::local_days first_day;  ///< first chargeable day
  WallTime first_moment;              ///< when that day begins
  bool operator==(const Liability&) const = default;
};

/// Liability from the sending of an utskrivningsklar notice under a policy. Source: LUS 5:4.
Liability liability_of(WallTime sent, const Policy& policy);

/// One time the patient was ready for discharge, from when the municipality was notified until it ended: by discharge,
/// withdrawal, interruption or death. A cancelled notice makes no span.
struct ReadySpan {
  WallTime from{};
  std::optional<WallTime> until;  ///< open: still ready
  bool operator==(const ReadySpan&) const = default;
};

/// Chargeable days of a case up to `now`. Never negative; none without an admission notice, and none of a single patient where
/// the month's average decides.
int chargeable_days(std::span<const ReadySpan> spans, bool has_admission, const Policy& policy, WallTime now);

/// The same days one by one, in their order, without the exempt ones.
std::vector<std::chrono::local_days> charged_days(std::span<const ReadySpan> spans, std::span<const ExemptDays> exempt,
                                                  const Policy& policy, WallTime now);

/// Days the patient waited, from day 0 of each span to the day it ended, without the exempt ones; input of
/// average_chargeable_days. 0 when the patient left on day 0.
int waited_days(std::span<const ReadySpan> spans, const Policy& policy, WallTime now, std::span<const ExemptDays> exempt = {});

/// Days that a municipality pays for the stays that ended in one month, where the average decides: what all of them waited, less
/// the free average for each. `waited` holds waited_days of every stay, those that left on day 0 among them. Never negative.
int average_chargeable_days(std::span<const int> waited, const Policy& policy);

/// State of the clock of one municipality.
enum class ClockState : std::uint8_t {
  Vilar,     ///< the patient has not been ready for discharge
  Raknar,    ///< days are counted, and none is charged yet
  Betalar,   ///< the municipality is liable
  Stannad,   ///< discharged, withdrawn, interrupted, dead, or the municipality left the case
  Makulerad  ///< every notice that started it was cancelled
};
std::string_view to_string(ClockState state);  ///< "betalar"

/// A clock read at one moment.
struct ClockReading {
  ClockState state = ClockState::Vilar;
  int days = 0;                                        ///< chargeable ones; waited ones where the average decides
  std::optional<std::chrono::local_days> first, last;  ///< first and last chargeable day; none while there is none
  std::optional<WallTime> next_change;                 ///< when time alone changes the reading
  bool operator==(const ClockReading&) const = default;
};

/// The clock of one municipality in one case. Its starts and stops come in event order.
class Betalningsklocka {
 public:
  void start(WallTime sent);  ///< no effect while it runs
  void stop(WallTime at);     ///< no effect while it is stopped
  bool is_running() const { return !spans_.empty() && !spans_.back().until; }
  ClockReading read(const Policy& policy, bool has_admission, WallTime now, std::span<const ExemptDays> exempt = {}) const;
  const std::vector<ReadySpan>& spans() const { return spans_; }

 private:
  std::vector<ReadySpan> spans_;
};

}  // namespace vardbron::care
