#include "gateway/time/http_date.h"

#include <array>
#include <cstdio>
#include <span>

namespace vardbron::time {

namespace {

using namespace std::chrono;

constexpr std::size_t short_letters = 3;
constexpr std::array<std::string_view, 7> day_names{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> month_names{"January", "February", "March",     "April",   "May",      "June",
                                                       "July",    "August",   "September", "October", "November", "December"};

// In the codes of strptime, which itself follows the locale and takes more than the standard's letters.
constexpr std::string_view fixdate = "%a, %d %b %Y %H:%M:%S GMT";
constexpr std::string_view rfc850_date = "%A, %d-%b-%y %H:%M:%S GMT";
constexpr std::string_view asctime_date = "%a %b %e %H:%M:%S %Y";

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;  // January is 0
};

bool take_number(std::string_view& text, std::size_t digits, int& number) {
  if (text.size() < digits) return false;
  number = 0;
  for (char letter : text.substr(0, digits)) {
    if (letter < '0' || letter > '9') return false;
    number = number * 10 + (letter - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool take_name(std::string_view& text, std::span<const std::string_view> names, std::size_t letters, int& place) {
  for (place = 0; place < static_cast<int>(names.size()); ++place) {
    const std::string_view name = names[static_cast<std::size_t>(place)].substr(0, letters);
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    return true;
  }
  return false;
}

bool take_code(std::string_view& text, char code, Fields& fields) {
  int day_name = 0;
  switch (code) {
    case 'a': return take_name(text, day_names, short_letters, day_name);
    case 'A': return take_name(text, day_names, std::string_view::npos, day_name);
    case 'b': return take_name(text, month_names, short_letters, fields.month);
    case 'e':
      if (!text.starts_with(' ')) return take_number(text, 2, fields.day);
      text.remove_prefix(1);
      return take_number(text, 1, fields.day);
    case 'd': return take_number(text, 2, fields.day);
    case 'Y': return take_number(text, 4, fields.year);
    case 'y': return take_number(text, 2, fields.year);
    case 'H': return take_number(text, 2, fields.hour);
    case 'M': return take_number(text, 2, fields.minute);
    case 'S': return take_number(text, 2, fields.second);
    default: return false;
  }
}

bool take_all(std::string_view text, std::string_view form, Fields& fields) {
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form[at] == '%') {
      if (!take_code(text, form[++at], fields)) return false;
    } else {
      if (!text.starts_with(form[at])) return false;
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

std::optional<WallTime> time_of(const Fields& fields) {
  const year_month_day date{year(fields.year), month(static_cast<unsigned>(fields.month) + 1),
                            day(static_cast<unsigned>(fields.day))};
  const bool is_leap_second = fields.second == 60;
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || (fields.second > 59 && !is_leap_second)) return std::nullopt;
  return WallTime(sys_days(date) + hours(fields.hour) + minutes(fields.minute) + seconds(fields.second));
}

/// The century that puts the time at most 50 years after now, and less than 50 before.
std::optional<WallTime> time_in_century(Fields fields, WallTime now) {
  const year_month_day today(floor<days>(now));
  const int year_now = static_cast<int>(today.year());
  fields.year += year_now - year_now % 100;
  if (fields.year > year_now + 50) fields.year -= 100;
  if (fields.year < year_now - 49) fields.year += 100;
  return time_of(fields);
}

}  // namespace

std::string http_date(WallTime time) {
  const sys_days midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(floor<seconds>(time - midnight));
  std::array<char, 40> text{};
  const std::string_view day_name = day_names[weekday(midnight).c_encoding()];
  const std::string_view month_name = month_names[static_cast<unsigned>(date.month()) - 1];
  const int written = std::snprintf(text.data(), text.size(), "%.3s, %02u %.3s %04d %02d:%02d:%02d GMT", day_name.data(),
                                    static_cast<unsigned>(date.day()), month_name.data(), static_cast<int>(date.year()),
                                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                    static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(written)};
}

std::optional<WallTime> parse_http_date(std::string_view text, WallTime now) {
  Fields fields;
  if (take_all(text, fixdate, fields) || take_all(text, asctime_date, fields)) return time_of(fields);
  if (take_all(text, rfc850_date, fields)) return time_in_century(fields, now);
  return std::nullopt;
}

}  // namespace vardbron::time
