#include "gateway/fhir/date_time.h"

#include <algorithm>
#include <cstdio>

namespace vardbron::fhir {

namespace {

using namespace std::chrono;

constexpr std::int64_t minute_ms = 60'000;

/// Reads fixed-width parts from the front of a text.
struct Reader {
  std::string_view left;

  bool skip(char letter) {
    bool is_there = left.starts_with(letter);
    if (is_there) left.remove_prefix(1);
    return is_there;
  }
  /// -1 when fewer than `width` digits stand here.
  int number(std::size_t width) {
    if (left.size() < width) return -1;
    int value = 0;
    for (char letter : left.substr(0, width)) {
      if (letter < '0' || letter > '9') return -1;
      value = value * 10 + (letter - '0');
    }
    left.remove_prefix(width);
    return value;
  }
};

bool is_between(int value, int least, int most) { return value >= least && value <= most; }

/// Milliseconds since midnight, and whether a fraction was given; -1 for no time.
std::int64_t read_time(Reader& reader, bool& has_fraction) {
  int hour = reader.number(2);
  if (!is_between(hour, 0, 23) || !reader.skip(':')) return -1;
  int minute = reader.number(2);
  if (!is_between(minute, 0, 59) || !reader.skip(':')) return -1;
  int second = reader.number(2);
  if (!is_between(second, 0, 60)) return -1;
  std::int64_t ms = (hour * 60 + minute) * minute_ms + std::min(second, 59) * 1000;
  has_fraction = reader.skip('.');
  if (!has_fraction) return ms;
  if (reader.left.empty() || reader.left.front() < '0' || reader.left.front() > '9') return -1;
  for (int weight = 100; !reader.left.empty() && reader.left.front() >= '0' && reader.left.front() <= '9'; weight /= 10)
    ms += reader.number(1) * weight;
  return ms;
}

bool read_zone(Reader& reader, std::int16_t& minutes) {
  if (reader.skip('Z')) return true;
  int sign = reader.left.starts_with('-') ? -1 : 1;
  if (!reader.skip('-') && !reader.skip('+')) return false;
  int hour = reader.number(2);
  bool has_colon = reader.skip(':');
  int minute = reader.number(2);
  minutes = static_cast<std::int16_t>(sign * (hour * 60 + minute));
  return has_colon && hour >= 0 && is_between(minute, 0, 59) && hour * 60 + minute <= 14 * 60;
}

/// First moment behind the period of this precision.
std::int64_t end_of(std::int64_t local_ms, DatePrecision precision) {
  auto day = floor<days>(sys_time<milliseconds>(milliseconds(local_ms)));
  year_month_day date(day);
  switch (precision) {
    case DatePrecision::Year:
      return sys_time<milliseconds>(sys_days((date.year() + years(1)) / 1 / 1)).time_since_epoch().count();
    case DatePrecision::Month:
      return sys_time<milliseconds>(sys_days((date.year() / date.month() + months(1)) / 1)).time_since_epoch().count();
    case DatePrecision::Day: return local_ms + 24 * 60 * minute_ms;
    case DatePrecision::Second: return local_ms + 1000;
    case DatePrecision::Millisecond: return local_ms + 1;
  }
  return local_ms;
}

}  // namespace

Result<DateTime> DateTime::parse(std::string_view text) {
  Failure failure{Cause::Invalid, "This is not a date or time of FHIR.", ""};
  Reader reader{text};
  DateTime made;
  int year_number = reader.number(4), month_number = 1, day_number = 1;
  made.precision_ = DatePrecision::Year;
  if (year_number < 1) return failure;
  if (reader.skip('-')) {
    month_number = reader.number(2);
    made.precision_ = DatePrecision::Month;
    if (reader.skip('-')) {
      day_number = reader.number(2);
      made.precision_ = DatePrecision::Day;
    }
  }
  if (month_number < 1 || day_number < 1) return failure;
  year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)), day(static_cast<unsigned>(day_number))};
  if (!date.ok()) return failure;
  made.local_ms_ = sys_time<milliseconds>(sys_days(date)).time_since_epoch().count();
  if (made.precision_ == DatePrecision::Day && reader.skip('T')) {
    bool has_fraction = false;
    std::int64_t ms = read_time(reader, has_fraction);
    // FHIR R4 datatypes.html#dateTime: with a time there must be a zone.
    if (ms < 0 || !read_zone(reader, made.zone_minutes_)) return failure;
    made.local_ms_ += ms;
    made.has_zone_ = true;
    made.precision_ = has_fraction ? DatePrecision::Millisecond : DatePrecision::Second;
  }
  if (!reader.left.empty()) return failure;
  return made;
}

Result<DateTime> DateTime::parse_date(std::string_view text) {
  Result<DateTime> made = parse(text);
  if (made && made->precision() > DatePrecision::Day)
    return Failure{Cause::Invalid, "This is a date with a time, not a date.", ""};
  return made;
}

Result<DateTime> DateTime::parse_instant(std::string_view text) {
  Result<DateTime> made = parse(text);
  if (made && made->precision() < DatePrecision::Second)
    return Failure{Cause::Invalid, "This is not an instant: it needs a time, to the second, and a zone.", ""};
  return made;
}

Period DateTime::period(int zone_minutes) const {
  std::int64_t shift = (has_zone_ ? zone_minutes_ : zone_minutes) * minute_ms;
  return {WallTime(milliseconds(local_ms_ - shift)), WallTime(milliseconds(end_of(local_ms_, precision_) - 1 - shift))};
}

std::optional<std::strong_ordering> DateTime::compare(const DateTime& left, const DateTime& right) {
  Period a = left.period(), b = right.period();
  if (left.has_zone_ != right.has_zone_) {  // the one without a zone may lie anywhere on the globe
    Period& open = left.has_zone_ ? b : a;
    open.first -= hours(14);
    open.last += hours(12);
  } else if (a == b) {
    return std::strong_ordering::equal;
  }
  if (a.last < b.first) return std::strong_ordering::less;
  if (b.last < a.first) return std::strong_ordering::greater;
  return std::nullopt;
}

bool is_time(std::string_view text) {
  Reader reader{text};
  bool has_fraction = false;
  return read_time(reader, has_fraction) >= 0 && reader.left.empty();
}

std::string format_instant(WallTime moment) {
  auto midnight = floor<days>(moment);
  year_month_day date(midnight);
  hh_mm_ss time(moment - midnight);
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()), unsigned(date.month()),
                unsigned(date.day()), int(time.hours().count()), int(time.minutes().count()), int(time.seconds().count()),
                int(time.subseconds().count()));
  return text;
}

}  // namespace vardbron::fhir
