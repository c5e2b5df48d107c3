// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/no_value_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/units.h"
#include "gateway/time/milliseconds.h"

#include <chrono>

namespace vardbron::fhirpath {
namespace {

using Precision = Moment::Precision;
using Form = Moment::Form;

Moment current(const Call& call) { return Moment::of(call.run.environment().now, call.run.environment().zone_minutes); }

bool now(Call& call) { return call.give(Value::of(current(call))); }
bool time_of_day(Call& call) { return call.give(Value::of(current(call).as(Form::Time))); }
bool today(Call& call) { return call.give(Value::of(current(call).as(Form::Date))); }

/// A part of a date or time; empty if the value does not have it.
template <Precision wanted>
bool part(Call& call) {
  std::optional<Value> value;
  if (!call.one(value)) return false;
  if (!value || !is_moment(value->kind())) return true;
  Moment moment = value->moment();
  bool has_part = moment.precision >= wanted && (moment.form != Form::Time || wanted >= Precision::Hour);
  return !has_part || call.give(Value::of(std::int64_t{moment.part(wanted)}));
}

/// The input if it is a date or a dateTime.
bool day_input(Call& call, std::optional<Moment>& moment) {
  std::optional<Value> value;
  if (!call.one(value)) return false;
  if (value && is_moment(value->kind()) && value->kind() != ValueKind::Time) moment = value->moment();
  return true;
}

bool timezone_offset_of(Call& call) {
  std::optional<Moment> moment;
  if (!day_input(call, moment)) return false;
  if (!moment || !moment->has_zone) return true;
  std::optional<Decimal> hours = Decimal(std::int64_t{moment->zone_minutes}).divided_by(Decimal(std::int64_t{60}));
  std::optional<Decimal> shown = hours ? hours->with_scale(1) : std::nullopt;
  return !shown || call.give(Value::of(*shown));
}

bool date_of(Call& call) {
  std::optional<Moment> moment;
  if (!day_input(call, moment)) return false;
  return !moment || call.give(Value::of(moment->as(Form::Date)));
}

bool time_of(Call& call) {
  std::optional<Moment> moment;
  if (!day_input(call, moment)) return false;
  return !moment || moment->precision < Precision::Hour || call.give(Value::of(moment->as(Form::Time)));
}

using time::day_ms;
using time::floor_div;

std::int64_t step_ms(Moment::Step step) {
  constexpr std::int64_t sizes[] = {0, 0, 7 * day_ms, day_ms, time::hour_ms, time::minute_ms, time::second_ms, 1};
  return sizes[static_cast<std::size_t>(step)];
}

std::int64_t months_of(const Moment& moment) { return moment.part(Precision::Year) * 12 + moment.part(Precision::Month) - 1; }

/// Milliseconds from the beginning of the month.
std::int64_t into_month(const Moment& moment) {
  return (moment.part(Precision::Day) - 1) * day_ms + moment.wall_ms - floor_div(moment.wall_ms, day_ms) * day_ms;
}

/// Whole periods between the two.
std::int64_t periods(const Moment& from, const Moment& to, Moment::Step step) {
  if (step > Moment::Step::Month) return (to.wall_ms - from.wall_ms) / step_ms(step);
  std::int64_t months = months_of(to) - months_of(from);
  if (months > 0 && into_month(to) < into_month(from)) --months;
  if (months < 0 && into_month(to) > into_month(from)) ++months;
  return step == Moment::Step::Year ? months / 12 : months;
}

/// Boundaries of periods between the two. Weeks begin on Sunday.
std::int64_t boundaries(const Moment& from, const Moment& to, Moment::Step step) {
  if (step <= Moment::Step::Month) {
    std::int64_t unit = step == Moment::Step::Year ? 12 : 1;
    return floor_div(months_of(to), unit) - floor_div(months_of(from), unit);
  }
  std::int64_t shift = step == Moment::Step::Week ? 4 * day_ms : 0;  // 1970-01-01 was a Thursday
  return floor_div(to.wall_ms + shift, step_ms(step)) - floor_div(from.wall_ms + shift, step_ms(step));
}

Precision needed(Moment::Step step) {
  constexpr Precision precisions[] = {Precision::Year, Precision::Month,  Precision::Day,    Precision::Day,
                                      Precision::Hour, Precision::Minute, Precision::Second, Precision::Second};
  return precisions[static_cast<std::size_t>(step)];
}

bool interval(Call& call, std::int64_t (*count)(const Moment& from, const Moment& to, Moment::Step step)) {
  std::optional<Value> value, other;
  std::optional<std::string_view> precision;
  if (!call.one(value) || !call.argument(0, other) || !call.text_argument(1, precision)) return false;
  if (!value || !other || !precision) return true;
  if (!is_moment(value->kind()) || !is_moment(other->kind()) ||
      (value->kind() == ValueKind::Time) != (other->kind() == ValueKind::Time)) {
    return call.fail(call.node.text + "() works between two dates, or between two times.");
  }
  std::optional<Moment::Step> step = step_of(Quantity{Decimal(), *precision, true, false});
  bool is_date = value->kind() == ValueKind::Date && other->kind() == ValueKind::Date;
  bool fits =
      step && (value->kind() != ValueKind::Time || *step >= Moment::Step::Hour) && (!is_date || *step <= Moment::Step::Day);
  if (!fits) return call.fail("'" + std::string(*precision) + "' is no period of these values.");
  Moment from = value->moment(), to = other->moment();
  if (from.precision < needed(*step) || to.precision < needed(*step)) return true;
  if (*step >= Moment::Step::Hour && from.has_zone && to.has_zone) {
    from.wall_ms -= from.zone_minutes * time::minute_ms;
    to.wall_ms -= to.zone_minutes * time::minute_ms;
  }
  return call.give(Value::of(count(from, to, *step)));
}

bool duration(Call& call) { return interval(call, periods); }
bool difference(Call& call) { return interval(call, boundaries); }

}  // namespace

FunctionTable date_functions() {
  static constexpr Function table[] = {
      {"now", {}, Takes::Anything, Gives::DateTime, now},
      {"timeOfDay", {}, Takes::Anything, Gives::Time, time_of_day},
      {"today", {}, Takes::Anything, Gives::Date, today},
      {"yearOf", {}, Takes::One, Gives::Integer, part<Precision::Year>, folds},
      {"monthOf", {}, Takes::One, Gives::Integer, part<Precision::Month>, folds},
      {"dayOf", {}, Takes::One, Gives::Integer, part<Precision::Day>, folds},
      {"hourOf", {}, Takes::One, Gives::Integer, part<Precision::Hour>, folds},
      {"minuteOf", {}, Takes::One, Gives::Integer, part<Precision::Minute>, folds},
      {"secondOf", {}, Takes::One, Gives::Integer, part<Precision::Second>, folds},
      {"millisecondOf", {}, Takes::One, Gives::Integer, part<Precision::Millisecond>, folds},
      {"timezoneOffsetOf", {}, Takes::One, Gives::Decimal, timezone_offset_of, folds},
      {"dateOf", {}, Takes::One, Gives::Date, date_of, folds},
      {"timeOf", {}, Takes::One, Gives::Time, time_of, folds},
      {"duration", {2, 2, {a_moment, a_text}}, Takes::OneMoment, Gives::Integer, duration, folds},
      {"difference", {2, 2, {a_moment, a_text}}, Takes::OneMoment, Gives::Integer, difference, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
