#include "gateway/fhirpath/values/moment.h"

#include <array>
#include <chrono>

namespace vardbron::fhirpath {
namespace {

using Precision = Moment::Precision;
using Form = Moment::Form;
using Step = Moment::Step;

constexpr std::int64_t minute_ms = 60'000, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;
constexpr std::int64_t zone_span_ms = 14 * hour_ms;  // a clock without zone stands within 14 hours of UTC

std::int64_t floor_div(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

/// Seconds and milliseconds are one precision (N1 6.1.1).
Precision compared(Precision precision) { return precision == Precision::Millisecond ? Precision::Second : precision; }

std::int64_t utc_ms(const Moment& moment) { return moment.wall_ms - (moment.has_zone ? moment.zone_minutes * minute_ms : 0); }

/// The value cut to a precision, so that equal prefixes are equal numbers.
std::int64_t cut(std::int64_t wall_ms, Precision precision) {
  if (precision >= Precision::Second) return wall_ms;
  if (precision == Precision::Minute) return floor_div(wall_ms, minute_ms);
  if (precision == Precision::Hour) return floor_div(wall_ms, hour_ms);
  std::int64_t days = floor_div(wall_ms, day_ms);
  if (precision == Precision::Day) return days;
  std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  std::int64_t months = static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  return precision == Precision::Month ? months : floor_div(months, 12);
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

std::int64_t add_months(std::int64_t wall_ms, std::int64_t months, bool& in_range) {
  std::int64_t days = floor_div(wall_ms, day_ms);
  std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  std::int64_t total = static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1 + months;
  std::int64_t year = floor_div(total, 12);
  in_range = year >= 1 && year <= 9999;
  if (!in_range) return wall_ms;
  std::chrono::year_month month{std::chrono::year{static_cast<int>(year)},
                                std::chrono::month{static_cast<unsigned>(total - year * 12 + 1)}};
  std::chrono::year_month_day moved = month / date.day();
  if (!moved.ok()) moved = std::chrono::sys_days{month / std::chrono::last};
  return std::chrono::sys_days{moved}.time_since_epoch().count() * day_ms + (wall_ms - days * day_ms);
}

/// Length of one step in units of the one before it (N1 6.7: 365 days a year, 30 days a month where precision forces a choice).
struct StepSize {
  Step step;
  Precision precision;
  std::int64_t ms;
};
constexpr std::array<StepSize, 8> step_sizes{{{Step::Year, Precision::Year, 365 * day_ms},
                                              {Step::Month, Precision::Month, 30 * day_ms},
                                              {Step::Week, Precision::Day, 7 * day_ms},
                                              {Step::Day, Precision::Day, day_ms},
                                              {Step::Hour, Precision::Hour, hour_ms},
                                              {Step::Minute, Precision::Minute, minute_ms},
                                              {Step::Second, Precision::Second, 1000},
                                              {Step::Millisecond, Precision::Millisecond, 1}}};

/// The value at the end (or the beginning) of what its precision leaves open.
Moment filled(const Moment& moment, bool high) {
  Moment full = moment;
  bool in_range = true;
  if (high) {
    if (moment.precision == Precision::Year) full.wall_ms = add_months(full.wall_ms, 11, in_range);
    if (moment.precision <= Precision::Month) {
      std::int64_t next = add_months(full.wall_ms, 1, in_range);
      full.wall_ms = in_range ? next - day_ms : full.wall_ms + 30 * day_ms;
    }
    if (moment.form != Form::Date) {
      if (moment.precision <= Precision::Day) full.wall_ms += 23 * hour_ms;
      if (moment.precision <= Precision::Hour) full.wall_ms += 59 * minute_ms;
      if (moment.precision <= Precision::Minute) full.wall_ms += 59'000;
      if (moment.precision <= Precision::Second) full.wall_ms += 999;
    }
  }
  full.precision = moment.form == Form::Date ? Precision::Day : Precision::Millisecond;
  return full;
}

Moment boundary(const Moment& moment, Precision wanted, bool high) {
  Moment full = wanted > moment.precision ? filled(moment, high) : moment;
  full.precision = wanted;
  if (full.form == Form::DateTime && wanted <= Precision::Day) {
    full.has_zone = false;
    full.zone_minutes = 0;
  } else if (full.form == Form::DateTime && !full.has_zone) {
    full.has_zone = true;  // a day begins first at +14:00 and ends last at -12:00
    full.zone_minutes = high ? -12 * 60 : 14 * 60;
  }
  return Moment::parse(full.to_string(), full.form).value_or(full);  // cuts off what is finer than the precision
}

/// Months to add when the value or the step does not go below months.
std::int64_t months_of(std::int64_t steps, const StepSize& size, Precision precision) {
  if (size.step == Step::Year) return steps * 12;
  if (size.step == Step::Month) return precision == Precision::Year ? steps / 12 * 12 : steps;
  std::int64_t days = steps * size.ms / day_ms;
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

std::optional<Moment> Moment::plus(const Decimal& count, Step step) const {
  // Only seconds may have a fraction (N1 6.7); they are counted as milliseconds.
  bool fraction_counts = step == Step::Second && precision >= Precision::Second;
  if (fraction_counts) step = Step::Millisecond;
  std::optional<Decimal> scaled = count.times(Decimal(std::int64_t{fraction_counts ? 1000 : 1}));
  std::optional<std::int64_t> steps = scaled ? scaled->truncated(0).to_integer() : std::nullopt;
  const StepSize& size = step_sizes[static_cast<std::size_t>(step)];
  if (!steps || *steps > 400'000'000'000'000'000 / size.ms || *steps < -400'000'000'000'000'000 / size.ms) return std::nullopt;
  if (form == Form::Time || (precision > Precision::Month && step > Step::Month)) return plus_ms(*steps * size.ms);
  std::int64_t months = months_of(*steps, size, precision);
  if (months > 200'000 || months < -200'000) return std::nullopt;
  bool in_range = true;
  Moment moved = *this;
  moved.wall_ms = add_months(wall_ms, months, in_range);
  return in_range ? std::optional<Moment>(moved) : std::nullopt;
}

/// Adds a length of time; what is finer than the precision counts by whole units of the precision.
std::optional<Moment> Moment::plus_ms(std::int64_t ms) const {
  Moment moved = *this;
  std::int64_t unit = 1;
  if (precision == Precision::Day) unit = day_ms;
  if (precision == Precision::Hour) unit = hour_ms;
  if (precision == Precision::Minute) unit = minute_ms;
  if (precision == Precision::Second) unit = 1000;
  moved.wall_ms += ms / unit * unit;
  if (form == Form::Time) {
    moved.wall_ms -= floor_div(moved.wall_ms, day_ms) * day_ms;
    return moved;
  }
  constexpr std::int64_t first = -62'135'596'800'000, behind = 253'402'300'800'000;  // 0001-01-01 and 10000-01-01
  if (moved.wall_ms < first || moved.wall_ms >= behind) return std::nullopt;
  return moved;
}

Moment Moment::low_boundary(Precision wanted) const { return boundary(*this, wanted, false); }
Moment Moment::high_boundary(Precision wanted) const { return boundary(*this, wanted, true); }

}  // namespace vardbron::fhirpath
