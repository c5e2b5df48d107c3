#include "gateway/care/betalningsklocka.h"

#include "gateway/sweden/civil_time.h"

#include <algorithm>

namespace vardbron::care {
namespace {

using std::chrono::days;
using std::chrono::local_days;

Liability counted_from(WallTime discharge_ready, const Policy& policy, int free_days) {
  sweden::LocalTime local = sweden::to_local(discharge_ready);
  local_days day = std::chrono::floor<days>(local);
  auto time_of_day = local - day;
  bool too_late = policy.cutoff_itself_counts_as_before ? time_of_day > policy.cutoff : time_of_day >= policy.cutoff;
  Liability liability;
  liability.day_zero = too_late ? day + days(1) : day;
  liability.first_day = liability.day_zero + days(free_days);
  liability.first_moment = sweden::start_of(liability.first_day);
  return liability;
}

}  // namespace

Liability liability_of(WallTime discharge_ready, const Policy& policy) {
  return counted_from(discharge_ready, policy, policy.free_days);
}

int chargeable_days(std::span<const ReadySpan> spans, bool admission_was_told, const Policy& policy, WallTime now) {
  if (!admission_was_told) return 0;
  int sum = 0;
  int free_days = policy.free_days;
  for (const ReadySpan& span : spans) {
    WallTime end = std::min(span.until.value_or(now), now);
    if (end < span.from) continue;
    Liability liability = counted_from(span.from, policy, free_days);
    local_days last = sweden::day_of(end);
    // The day on which it ends is charged only by agreement; a day that has not ended yet counts no more than that.
    if (policy.discharge_day_is_charged && span.until && *span.until <= now) last += days(1);
    sum += std::max(0, int((last - liability.first_day).count()));
    if (!policy.restarts_after_withdrawal)
      free_days = std::max(0, free_days - std::max(0, int((last - liability.day_zero).count())));
  }
  return sum;
}

}  // namespace vardbron::care
