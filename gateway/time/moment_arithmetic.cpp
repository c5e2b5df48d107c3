#include "gateway/time/milliseconds.h"
#include "gateway/time/moment.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace vardbron::time {
namespace {

using Precision = Moment::Precision;
using Form = Moment::Form;
using Step = Moment::Step;

constexpr std::int64_t zone_span_ms = 14 * hour_ms;  // a clock without zone is within 14 hours of UTC

/// What a unit of the precision lasts; 0 for a year and a month, which are not always as long.
std::int64_t unit_ms(Precision precision) {
  constexpr std::array<std::int64_t, 7> units{0, 0, day_ms, hour_ms, minute_ms, second_ms, 1};
  return units[static_cast<std::size_t>(precision)];
}

/// Seconds and milliseconds are one precision (N1 6.1.1).
Precision compared(Precision precision) { return precision == Precision::Millisecond ? Precision::Second : precision; }

std::int64_t utc_ms(const Moment& moment) { return moment.wall_ms - (moment.has_zone ? moment.zone_minutes * minute_ms : 0); }

/// Months since the year 0.
std::int64_t month_number(std::int64_t wall_ms) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{floor_div(wall_ms, day_ms)}}};
  return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

/// The first millisecond of a month.
std::int64_t month_ms(std::int64_t number) {
  const std::int64_t year = floor_div(number, 12);
  const std::chrono::year_month month{std::chrono::year{static_cast<int>(year)},
                                      std::chrono::month{static_cast<unsigned>(number - year * 12 + 1)}};
  return std::chrono::sys_days{month / 1}.time_since_epoch().count() * day_ms;
}

/// The value cut to a precision, so that equal prefixes are equal numbers.
std::int64_t cut(std::int64_t wall_ms, Precision precision) {
  if (precision >= Precision::Second) return wall_ms;
  if (precision >= Precision::Day) return floor_div(wall_ms, unit_ms(precision));
  return precision == Precision::Month ? month_number(wall_ms) : floor_div(month_number(wall_ms), 12);
}

struct Order {
  int sign = 0;          // of left - right in the common precision
  bool decided = false;  // false: equal as far as both are known, but one is known further
};

Order order(const Moment& left, const Moment& right) {
  Precision common = compared(left.precision) < compared(right.precision) ? compared(left.precision) : compared(right.precision);
  bool zones_matter = left.has_zone && right.has_zone;
  std::int64_t first = cut(zones_matter ? utc_ms(left) : left.wall_ms, common);
  std::int64_t second = cut(zones_matter ? utc_ms(right) : right.wall_ms, common);
  if (first != second) return {first < second ? -1 : 1, true};
  return {0, compared(left.precision) == compared(right.precision)};
}

/// Both say an hour, only one says its zone, and within the world's zones either order is possible.
bool zone_may_decide(const Moment& left, const Moment& right) {
  if (left.has_zone == right.has_zone || left.precision < Precision::Hour || right.precision < Precision::Hour) return false;
  std::int64_t difference = utc_ms(left) - utc_ms(right);
  return difference <= zone_span_ms && difference >= -zone_span_ms;
}

/// A day that the month does not have becomes its last one. nullopt: year outside 1..9999.
std::optional<std::int64_t> add_months(std::int64_t wall_ms, std::int64_t months) {
  const std::int64_t number = month_number(wall_ms), moved = number + months;
  if (moved < 12 || moved >= 120'000) return std::nullopt;
  const std::int64_t into_month = wall_ms - month_ms(number), begin = month_ms(moved);
  const std::int64_t last_day = (month_ms(moved + 1) - begin) / day_ms - 1;
  return begin + std::min(into_month / day_ms, last_day) * day_ms + into_month % day_ms;
}

/// The first millisecond of the year, month, .. that the time is in.
std::int64_t first_ms(std::int64_t wall_ms, Precision precision) {
  if (precision == Precision::Year) return month_ms(floor_div(month_number(wall_ms), 12) * 12);
  if (precision == Precision::Month) return month_ms(month_number(wall_ms));
  return floor_div(wall_ms, unit_ms(precision)) * unit_ms(precision);
}

/// The last millisecond of what the precision leaves open.
std::int64_t last_ms(const Moment& moment) {
  if (moment.precision == Precision::Year) return month_ms(month_number(moment.wall_ms) + 12) - 1;
  if (moment.precision == Precision::Month) return month_ms(month_number(moment.wall_ms) + 1) - 1;
  return moment.wall_ms + unit_ms(moment.precision) - 1;
}

Moment boundary(const Moment& moment, Precision wanted, bool high) {
  Moment full = moment;
  if (high && wanted > moment.precision) full.wall_ms = last_ms(moment);
  if (full.form == Form::DateTime && wanted <= Precision::Day) {
    full.has_zone = false;
    full.zone_minutes = 0;
  } else if (full.form == Form::DateTime && !full.has_zone) {
    full.has_zone = true;  // a day begins first at +14:00 and ends last at -12:00
    full.zone_minutes = high ? -12 * 60 : 14 * 60;
  }
  full.precision = wanted;
  full.wall_ms = first_ms(full.wall_ms, wanted);  // what is finer than the precision is cut off
  return full;
}

/// N1 6.7: a year is 365 days and a month 30 where the precision forces a choice.
constexpr std::array<std::int64_t, 8> steps_ms{365 * day_ms, 30 * day_ms, 7 * day_ms, day_ms, hour_ms, minute_ms, second_ms, 1};

/// Months to add when the value or the step does not go below months.
std::int64_t months_of(std::int64_t count, Step step, Precision precision) {
  if (step == Step::Year) return count * 12;
  if (step == Step::Month) return precision == Precision::Year ? count / 12 * 12 : count;
  const std::int64_t days = count * steps_ms[static_cast<std::size_t>(step)] / day_ms;
  return precision == Precision::Year ? days / 365 * 12 : days / 30;
}

}  // namespace

std::optional<bool> Moment::equal(const Moment& left, const Moment& right) {
  if (left.form != right.form && (left.form == Form::Time || right.form == Form::Time)) return false;
  if (zone_may_decide(left, right)) return std::nullopt;
  Order found = order(left, right);
  if (found.sign != 0) return false;
  return found.decided ? std::optional<bool>(true) : std::nullopt;
}

// Only both with a zone, or both without, are ever equal, and only of one precision.
std::int64_t Moment::equality_key() const { return cut(utc_ms(*this), compared(precision)); }

std::optional<int> Moment::compare(const Moment& left, const Moment& right) {
  if (zone_may_decide(left, right)) return std::nullopt;
  Order found = order(left, right);
  if (!found.decided) return std::nullopt;
  return found.sign;
}

bool Moment::equivalent(const Moment& left, const Moment& right) { return equal(left, right).value_or(false); }

std::optional<Moment> Moment::plus(std::int64_t count, Step step) const {
  constexpr std::int64_t length_ms_max = 400'000'000'000'000'000;
  constexpr std::int64_t months_max = 200'000;
  const std::int64_t step_ms = steps_ms[static_cast<std::size_t>(step)];
  if (count > length_ms_max / step_ms || count < -length_ms_max / step_ms) return std::nullopt;
  if (form == Form::Time || (precision > Precision::Month && step > Step::Month)) return plus_ms(count * step_ms);
  const std::int64_t months = months_of(count, step, precision);
  if (months > months_max || months < -months_max) return std::nullopt;
  const std::optional<std::int64_t> moved_ms = add_months(wall_ms, months);
  if (!moved_ms) return std::nullopt;
  Moment moved = *this;
  moved.wall_ms = *moved_ms;
  return moved;
}

/// Adds a length of time; what is finer than the precision counts by whole units of the precision.
std::optional<Moment> Moment::plus_ms(std::int64_t ms) const {
  Moment moved = *this;
  const std::int64_t unit = unit_ms(precision);
  moved.wall_ms += ms / unit * unit;
  if (form == Form::Time) {
    moved.wall_ms -= floor_div(moved.wall_ms, day_ms) * day_ms;
    return moved;
  }
  constexpr std::int64_t first = -62'135'596'800'000, behind = 253'402'300'800'000;  // 0001-01-01 and 10000-01-01
  if (moved.wall_ms < first || moved.wall_ms >= behind) return std::nullopt;
  return moved;
}

Period Moment::period() const {
  const std::int64_t shift = has_zone ? zone_minutes * minute_ms : 0;
  return {WallTime(std::chrono::milliseconds(wall_ms - shift)), WallTime(std::chrono::milliseconds(last_ms(*this) - shift))};
}

Moment Moment::low_boundary(Precision wanted) const { return boundary(*this, wanted, false); }
Moment Moment::high_boundary(Precision wanted) const { return boundary(*this, wanted, true); }

}  // namespace vardbron::time
