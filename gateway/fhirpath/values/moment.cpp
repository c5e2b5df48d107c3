#include "gateway/fhirpath/values/moment.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace vardbron::fhirpath {
namespace {

using Precision = Moment::Precision;
using Form = Moment::Form;

constexpr std::int64_t second_ms = 1000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

struct Parts {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
};

std::int64_t floor_div(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

Parts split(std::int64_t wall_ms) {
  std::int64_t days = floor_div(wall_ms, day_ms);
  std::int64_t rest = wall_ms - days * day_ms;
  std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(rest / hour_ms),
          static_cast<int>(rest / minute_ms % 60),
          static_cast<int>(rest / second_ms % 60),
          static_cast<int>(rest % second_ms)};
}

std::chrono::year_month_day date_of(const Parts& parts) {
  return {std::chrono::year{parts.year}, std::chrono::month{static_cast<unsigned>(parts.month)},
          std::chrono::day{static_cast<unsigned>(parts.day)}};
}

std::int64_t join(const Parts& parts) {
  std::int64_t days = std::chrono::sys_days{date_of(parts)}.time_since_epoch().count();
  return days * day_ms + parts.hour * hour_ms + parts.minute * minute_ms + parts.second * second_ms + parts.millisecond;
}

/// Reads a text from left to right.
struct Reader {
  std::string_view text;
  std::size_t at = 0;

  bool at_end() const { return at == text.size(); }
  bool take(char letter) {
    if (at_end() || text[at] != letter) return false;
    ++at;
    return true;
  }
  std::optional<int> digits(std::size_t count) {
    if (text.size() - at < count) return std::nullopt;
    int value = 0;
    for (std::size_t end = at + count; at < end; ++at) {
      if (text[at] < '0' || text[at] > '9') return std::nullopt;
      value = value * 10 + (text[at] - '0');
    }
    return value;
  }
};

bool read_into(Reader& reader, std::size_t count, int low, int high, int& part) {
  std::optional<int> value = reader.digits(count);
  if (!value || *value < low || *value > high) return false;
  part = *value;
  return true;
}

bool read_date(Reader& reader, Parts& parts, Precision& precision) {
  if (!read_into(reader, 4, 1, 9999, parts.year)) return false;
  precision = Precision::Year;
  if (!reader.take('-')) return true;
  if (!read_into(reader, 2, 1, 12, parts.month)) return false;
  precision = Precision::Month;
  if (!reader.take('-')) return true;
  precision = Precision::Day;
  return read_into(reader, 2, 1, 31, parts.day) && date_of(parts).ok();
}

/// Digits behind the second's point; finer than a millisecond is cut off.
bool read_fraction(Reader& reader, int& millisecond) {
  int weight = 100;
  std::size_t begin = reader.at;
  for (; !reader.at_end() && reader.text[reader.at] >= '0' && reader.text[reader.at] <= '9'; ++reader.at) {
    millisecond += weight * (reader.text[reader.at] - '0');
    weight /= 10;
  }
  return reader.at > begin;
}

bool read_time(Reader& reader, Parts& parts, Precision& precision) {
  if (!read_into(reader, 2, 0, 23, parts.hour)) return false;
  precision = Precision::Hour;
  if (!reader.take(':')) return true;
  if (!read_into(reader, 2, 0, 59, parts.minute)) return false;
  precision = Precision::Minute;
  if (!reader.take(':')) return true;
  if (!read_into(reader, 2, 0, 59, parts.second)) return false;
  precision = Precision::Second;
  if (!reader.take('.')) return true;
  precision = Precision::Millisecond;
  return read_fraction(reader, parts.millisecond);
}

bool read_zone(Reader& reader, Moment& moment) {
  if (reader.take('Z')) {
    moment.has_zone = true;
    return true;
  }
  bool negative = !reader.at_end() && reader.text[reader.at] == '-';
  if (!reader.take('-') && !reader.take('+')) return false;
  int hours = 0, minutes = 0;
  if (!read_into(reader, 2, 0, 14, hours) || !reader.take(':') || !read_into(reader, 2, 0, 59, minutes)) return false;
  moment.has_zone = true;
  moment.zone_minutes = static_cast<std::int16_t>((negative ? -1 : 1) * (hours * 60 + minutes));
  return true;
}

void append(std::string& text, const char* format, int value) {
  char piece[16];
  std::snprintf(piece, sizeof piece, format, value);
  text += piece;
}

std::string zone_text(const Moment& moment) {
  if (!moment.has_zone) return "";
  if (moment.zone_minutes == 0) return "Z";
  int size = moment.zone_minutes < 0 ? -moment.zone_minutes : moment.zone_minutes;
  std::string text(1, moment.zone_minutes < 0 ? '-' : '+');
  append(text, "%02d", size / 60);
  append(text, ":%02d", size % 60);
  return text;
}

}  // namespace

std::optional<Moment> Moment::parse(std::string_view text, Form form) {
  Moment moment;
  moment.form = form;
  Parts parts;
  Reader reader{text};
  if (form == Form::Time) {
    reader.take('T');
    if (!read_time(reader, parts, moment.precision) || !reader.at_end()) return std::nullopt;
    moment.wall_ms = join(parts);
    return moment;
  }
  if (!read_date(reader, parts, moment.precision)) return std::nullopt;
  if (form == Form::DateTime && reader.take('T') && !reader.at_end()) {
    if (moment.precision != Precision::Day || !read_time(reader, parts, moment.precision)) return std::nullopt;
    if (!reader.at_end() && !read_zone(reader, moment)) return std::nullopt;
  }
  if (!reader.at_end()) return std::nullopt;
  moment.wall_ms = join(parts);
  return moment;
}

Moment Moment::of(WallTime now, int zone_minutes) {
  Moment moment;
  moment.form = Form::DateTime;
  moment.precision = Precision::Millisecond;
  moment.has_zone = true;
  moment.zone_minutes = static_cast<std::int16_t>(zone_minutes);
  moment.wall_ms = now.time_since_epoch().count() + zone_minutes * minute_ms;
  return moment;
}

std::string Moment::to_string() const {
  Parts parts = split(wall_ms);
  std::string text;
  if (form != Form::Time) {
    append(text, "%04d", parts.year);
    if (precision >= Precision::Month) append(text, "-%02d", parts.month);
    if (precision >= Precision::Day) append(text, "-%02d", parts.day);
    if (form == Form::Date || precision < Precision::Hour) return text;
    text += 'T';
  }
  append(text, "%02d", parts.hour);
  if (precision >= Precision::Minute) append(text, ":%02d", parts.minute);
  if (precision >= Precision::Second) append(text, ":%02d", parts.second);
  if (precision >= Precision::Millisecond) append(text, ".%03d", parts.millisecond);
  return text + zone_text(*this);
}

Moment Moment::as(Form other) const {
  Moment changed = *this;
  changed.form = other;
  if (other == Form::Date) {
    changed.has_zone = false;
    changed.zone_minutes = 0;
    if (precision > Precision::Day) changed.precision = Precision::Day;
    changed.wall_ms = floor_div(wall_ms, day_ms) * day_ms;
  } else if (other == Form::Time) {
    changed.has_zone = false;
    changed.zone_minutes = 0;
    changed.wall_ms = wall_ms - floor_div(wall_ms, day_ms) * day_ms;
  }
  return changed;
}

int Moment::digits() const {
  static constexpr std::array<int, 7> of_date{4, 6, 8, 10, 12, 14, 17};
  int count = of_date[static_cast<std::size_t>(precision)];
  return form == Form::Time ? count - 8 : count;
}

int Moment::part(Precision wanted) const {
  Parts parts = split(wall_ms);
  const int all[] = {parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second, parts.millisecond};
  return all[static_cast<std::size_t>(wanted)];
}

}  // namespace vardbron::fhirpath
