// Tested by tests/mapping/transforms_test.cpp.

#include "gateway/base/text.h"
#include "gateway/mapping/compile/transforms.h"
#include "gateway/mapping/map.h"
#include "gateway/time/format.h"
#include "gateway/time/moment.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace vardbron::mapping {

namespace {

using time::FormatParts;
using time::Moment;

Failure wrong(std::string says) { return Failure{Cause::Invalid, std::move(says), {}}; }

/// The whole moment that the parts name: a time of day to the second, and without its fraction. A month or a day written as 00 is
/// not known.
std::optional<Moment> moment_of(FormatParts parts, MomentForm form) {
  if (parts.month == 0) parts.month = -1;
  if (parts.day == 0) parts.day = -1;
  const bool has_time = parts.hour >= 0;
  parts.minute = has_time ? std::max(parts.minute, 0) : -1;
  parts.second = has_time ? std::max(parts.second, 0) : -1;
  parts.fraction = {};
  parts.offset.reset();
  // The time of day that a date's text names must be one too.
  if (form == MomentForm::Date && has_time && !time::to_moment(parts, Moment::Form::Time)) return std::nullopt;
  return time::to_moment(parts, form);
}

Result<std::string> offset_of(const FormatParts& parts, const Moment& wall, const CivilZone* zone) {
  if (parts.offset) return parts.offset->text();
  if (!parts.place.empty() && (zone == nullptr || zone->name() != parts.place))
    return wrong("only the zone the gateway is configured with is known by its name");
  if (zone == nullptr) return wrong("the text has a time without a zone, and no civil zone is configured");
  return time::offset_text(zone->offset_minutes(wall.wall_ms));
}

/// Seconds since 1970 of the years 1 to 9999.
bool is_in_calendar(std::int64_t seconds) { return seconds >= -62'135'596'800 && seconds <= 253'402'300'799; }

}  // namespace

Result<std::string> read_moment(std::string_view text, std::string_view format, MomentForm form, const CivilZone* zone) {
  text = trim(text);
  if (format.empty()) {
    static constexpr std::array<std::string_view, 3> types{"date", "dateTime", "time"};
    return cast_to(text, types[static_cast<std::size_t>(form)]);
  }
  std::optional<FormatParts> parts = time::read_format(text, format, time::FormatDialect::Maps);
  if (!parts) return wrong("the text does not fit the format '" + std::string(format) + "'");
  if (parts->has_half_day_hour) {
    if (parts->hour < 1 || parts->hour > 12) return wrong("an hour of half a day lies in 1 to 12");
    parts->hour = parts->hour % 12 + (parts->is_afternoon.value_or(false) ? 12 : 0);
  }
  const std::optional<Moment> moment = moment_of(*parts, form);
  if (!moment) return wrong("there is no such date or time");
  std::string made = moment->to_string();
  if (moment->precision < Moment::Precision::Hour) return made;
  if (!parts->fraction.empty()) made.append(".").append(parts->fraction);
  if (form == MomentForm::Time) return made;
  Result<std::string> offset = offset_of(*parts, *moment, zone);
  return offset ? Result<std::string>(made + *offset) : std::move(offset);
}

bool lacks_zone(std::string_view moment) {
  std::size_t time = moment.find('T');
  return time != std::string_view::npos && moment.find_first_of("Z+-", time) == std::string_view::npos;
}

std::string with_zone(std::string_view moment, const CivilZone& zone) {
  std::string text(moment);
  constexpr std::size_t minutes_only = 16;  // 2026-03-10T09:12; FHIR wants seconds
  if (text.size() == minutes_only) text += ":00";
  const std::optional<Moment> wall = Moment::parse(text, Moment::Form::DateTime, time::fhirpath_data);
  if (!wall) return std::string(moment);
  return text + time::offset_text(zone.offset_minutes(wall->wall_ms));
}

Result<std::string> unix_moment(std::string_view seconds, std::string_view offset, MomentForm form) {
  std::optional<std::int64_t> count = parse_int(trim(seconds));
  if (!count || !is_in_calendar(*count)) return wrong("expected whole seconds since 1970");
  std::string_view rest = offset;
  const std::optional<time::Offset> zone = offset.empty() ? time::Offset{0, true} : time::take_offset(rest);
  if (!zone || !rest.empty()) return wrong("expected an offset such as +01:00");
  if (!is_in_calendar(*count + zone->minutes * 60)) return wrong("there is no such date or time");
  Moment moment = Moment::of(WallTime(std::chrono::seconds(*count)), zone->minutes).as(form);
  moment.has_zone = false;
  if (moment.precision > Moment::Precision::Second) moment.precision = Moment::Precision::Second;
  return moment.to_string() + (form == MomentForm::DateTime ? zone->text() : "");
}

}  // namespace vardbron::mapping
