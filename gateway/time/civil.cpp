#include "gateway/time/civil.h"

#include "gateway/time/milliseconds.h"
#include "gateway/time/moment.h"

#include <date/tz.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace vardbron::time {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const date::time_zone& stockholm() {
  static const date::time_zone* const zone = date::locate_zone("Europe/Stockholm");
  return *zone;
}

date::local_time<milliseconds> foreign(LocalTime local) { return date::local_time<milliseconds>(local.time_since_epoch()); }

/// From when which offset holds.
struct Change {
  WallTime from;
  seconds offset;
};

/// Every change of the clock that a message of our days can mean, in order; made once, since asking the library costs more than
/// all the rest of writing a time.
const std::vector<Change>& changes() {
  static const std::vector<Change> made = [] {
    std::vector<Change> all;
    date::sys_seconds at = date::sys_days(date::year(1970) / 1 / 1);
    const date::sys_seconds end = date::sys_days(date::year(2100) / 1 / 1);
    while (at < end) {
      date::sys_info info = stockholm().get_info(at);
      all.push_back({WallTime(at), info.offset});
      at = info.end;
    }
    return all;
  }();
  return made;
}

seconds offset_at(WallTime moment) {
  const std::vector<Change>& known = changes();
  auto behind =
      std::upper_bound(known.begin(), known.end(), moment, [](WallTime at, const Change& one) { return at < one.from; });
  // Before the first and after the last change that is known, the library is asked.
  if (behind == known.begin() || behind == known.end()) return stockholm().get_info(std::chrono::floor<seconds>(moment)).offset;
  return std::prev(behind)->offset;
}

}  // namespace

CivilTime to_wall(LocalTime local) {
  date::local_info info = stockholm().get_info(std::chrono::floor<seconds>(foreign(local)));
  // Both when the hour is there twice and when it is left out, the offset before the change is the one to use: it takes the first
  // of two, and moves a lost time on by the lost hour.
  WallTime at = WallTime(local.time_since_epoch() - info.first.offset);
  if (info.result == date::local_info::ambiguous) return {at, Guess::Twice};
  if (info.result == date::local_info::nonexistent) return {at, Guess::Never};
  return {at, Guess::None};
}

LocalTime to_local(WallTime moment) { return LocalTime(moment.time_since_epoch() + offset_at(moment)); }

std::chrono::local_days day_of(WallTime moment) { return std::chrono::floor<std::chrono::days>(to_local(moment)); }

WallTime start_of(std::chrono::local_days day) { return to_wall(LocalTime(day)).at; }

WallTime end_of(std::chrono::local_days day) { return start_of(day + std::chrono::days(1)) - milliseconds(1); }

namespace {

/// The years of FHIR's dates are 0001 to 9999 (R4 datatypes); a time that computing moves out of them is written as their end.
std::int64_t in_years_of_fhir(std::int64_t wall_ms) {
  constexpr std::chrono::sys_days first = std::chrono::year(1) / 1 / 1, last = std::chrono::year(9999) / 12 / 31;
  return std::clamp(wall_ms, first.time_since_epoch().count() * day_ms, (last.time_since_epoch().count() + 1) * day_ms - 1);
}

}  // namespace

std::string format_day(std::chrono::local_days day) {
  Moment moment;
  moment.wall_ms = in_years_of_fhir(day.time_since_epoch().count() * day_ms);
  return moment.to_string();
}

std::string format_local(WallTime at) {
  Moment moment = Moment::of(at, int(duration_cast<minutes>(offset_at(at)).count()));
  moment.wall_ms = in_years_of_fhir(moment.wall_ms);
  if (moment.wall_ms % second_ms == 0) moment.precision = Moment::Precision::Second;
  return moment.to_string();
}

namespace {

// Seconds may be left out, and so may the zone: it is Stockholm's then.
constexpr TextRules message_text{.time_least = Moment::Precision::Minute, .has_leap_second = true};
constexpr TextRules rivta_text{.time_least = Moment::Precision::Minute, .has_leap_second = true, .is_basic = true};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::optional<Moment> read(std::string_view text) {
  const bool is_of_rivta = text.size() >= 8 && std::all_of(text.begin(), text.begin() + 8, is_digit);
  std::optional<Moment> moment = Moment::parse(text, Moment::Form::DateTime, is_of_rivta ? rivta_text : message_text);
  // RIV-TA's are local times in whole seconds.
  if (is_of_rivta && moment && (moment->has_zone || moment->precision > Moment::Precision::Second)) return std::nullopt;
  return moment;
}

}  // namespace

Result<CivilTime> parse_civil(std::string_view text) {
  const std::optional<Moment> moment = read(text);
  if (!moment) return Failure{Cause::Invalid, "This is no date or time: write 2025-03-27T11:59:59+01:00.", ""};
  if (moment->has_zone) return CivilTime{WallTime(milliseconds(moment->wall_ms - moment->zone_minutes * minute_ms)), Guess::None};
  return to_wall(LocalTime(milliseconds(moment->wall_ms)));
}

}  // namespace vardbron::time
