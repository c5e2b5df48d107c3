#include "gateway/care/arende/betalningsklocka.h"

#include "gateway/time/civil.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace vardbron::care {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr std::array<std::string_view, 5> state_names = {"vilar", "raknar", "betalar", "stannad", "makulerad"};

Liability counted_from(WallTime sent, const Policy& policy, int free_days) {
  time::LocalTime local = time::to_local(sent);
  local_days day = std::chrono::floor<days>(local);
  auto time_of_day = local - day;
  bool too_late = policy.cutoff_itself_counts_as_before ? time_of_day > policy.cutoff : time_of_day >= policy.cutoff;
  Liability liability;
  liability.day_zero = too_late ? day + days(1) : day;
  liability.first_day = liability.day_zero + days(free_days);
  liability.first_moment = time::start_of(liability.first_day);
  return liability;
}

/// One span with its charge, after the spans before it are taken into account.
struct Counted {
  Liability liability;
  local_days end;  ///< first day that is not charged any more
  int days = 0;
};

std::vector<Counted> count(std::span<const ReadySpan> spans, const Policy& policy, WallTime now) {
  std::vector<Counted> counted;
  int free_days = policy.free_days;
  for (const ReadySpan& span : spans) {
    WallTime end = std::min(span.until.value_or(now), now);
    if (end < span.from) continue;
    Counted one{counted_from(span.from, policy, free_days), time::day_of(end)};
    // The day on which it ends is charged only by agreement; the current day, which has not ended, is not.
    if (policy.discharge_day_is_charged && span.until && *span.until <= now) one.end += days(1);
    one.days = std::max(0, int((one.end - one.liability.first_day).count()));
    if (!policy.restarts_after_withdrawal)
      free_days = std::max(0, free_days - std::max(0, int((one.end - one.liability.day_zero).count())));
    counted.push_back(one);
  }
  return counted;
}

bool is_exempt(local_days day, std::span<const ExemptDays> exempt) {
  return std::any_of(exempt.begin(), exempt.end(),
                     [day](const ExemptDays& each) { return each.first <= day && day <= each.last; });
}

std::vector<local_days> charged_days_of(const std::vector<Counted>& counted, std::span<const ExemptDays> exempt) {
  std::vector<local_days> charged;
  for (const Counted& one : counted)
    for (local_days day = one.liability.first_day; day < one.end; day += days(1))
      if (!is_exempt(day, exempt)) charged.push_back(day);
  return charged;
}

int sum_of(const std::vector<Counted>& counted) {
  return std::accumulate(counted.begin(), counted.end(), 0, [](int sum, const Counted& one) { return sum + one.days; });
}

}  // namespace

Liability liability_of(WallTime sent, const Policy& policy) { return counted_from(sent, policy, policy.free_days); }

std::vector<local_days> charged_days(std::span<const ReadySpan> spans, std::span<const ExemptDays> exempt, const Policy& policy,
                                     WallTime now) {
  return charged_days_of(count(spans, policy, now), exempt);
}

int chargeable_days(std::span<const ReadySpan> spans, bool has_admission, const Policy& policy, WallTime now) {
  if (!has_admission || policy.counting == Counting::MonthlyAverage) return 0;
  return sum_of(count(spans, policy, now));
}

int waited_days(std::span<const ReadySpan> spans, const Policy& policy, WallTime now, std::span<const ExemptDays> exempt) {
  Policy without_free_days = policy;
  without_free_days.free_days = 0;
  return static_cast<int>(charged_days(spans, exempt, without_free_days, now).size());
}

int average_chargeable_days(std::span<const int> waited, const Policy& policy) {
  int tenths = std::accumulate(waited.begin(), waited.end(), 0) * 10 - int(waited.size()) * policy.free_average_tenths;
  if (tenths <= 0) return 0;
  return policy.average_rounds_up ? (tenths + 9) / 10 : tenths / 10;
}

std::string_view to_string(ClockState state) { return state_names[std::size_t(state)]; }

void Betalningsklocka::start(WallTime sent) {
  if (!is_running()) spans_.push_back({sent, std::nullopt});
}

void Betalningsklocka::stop(WallTime at) {
  if (is_running()) spans_.back().until = at;
}

ClockReading Betalningsklocka::read(const Policy& policy, bool has_admission, WallTime now,
                                    std::span<const ExemptDays> exempt) const {
  ClockReading reading;
  if (spans_.empty() || !has_admission) return reading;
  const bool by_average = policy.counting == Counting::MonthlyAverage;
  std::vector<Counted> counted = count(spans_, policy, now);
  reading.days = by_average ? waited_days(spans_, policy, now, exempt) : sum_of(counted);
  if (!by_average && reading.days > 0) {
    const std::vector<local_days> charged = charged_days_of(counted, exempt);
    reading.days = static_cast<int>(charged.size());
    if (!charged.empty()) reading.first = charged.front(), reading.last = charged.back();
  }
  reading.state = is_running() ? ClockState::Raknar : ClockState::Stannad;
  const local_days tomorrow = time::day_of(now) + days(1);
  if (!is_running()) {
    // A notice with a future time stops the clock at that time: until then days are counted.
    const WallTime until = *spans_.back().until;
    if (until > now) reading.next_change = std::min(until, time::start_of(tomorrow));
    return reading;
  }
  // A notice with a future time starts the clock at that time.
  const WallTime from = spans_.back().from;
  Liability last = from <= now ? counted.back().liability : liability_of(from, policy);
  if (by_average) {
    reading.next_change = time::start_of(std::max(tomorrow, last.day_zero + days(1)));
    return reading;
  }
  const bool has_begun = now >= last.first_moment;
  reading.next_change = has_begun ? time::start_of(tomorrow) : last.first_moment;
  if (!has_begun || is_exempt(time::day_of(now), exempt)) return reading;
  reading.state = ClockState::Betalar;
  if (!reading.first) reading.first = time::day_of(now);
  return reading;
}

}  // namespace vardbron::care
