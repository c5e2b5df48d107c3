#include "gateway/sweden/civil_time.h"

#include "gateway/base/text.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <vector>

namespace vardbron::sweden {
namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
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

Moment to_wall(LocalTime local) {
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

void append_padded(std::string& text, int value, int width) {
  std::string digits = std::to_string(value);
  for (int missing = width - int(digits.size()); missing > 0; --missing) text += '0';
  text += digits;
}

}  // namespace

std::string format_day(std::chrono::local_days day) {
  std::chrono::year_month_day date(day);
  std::string text;
  append_padded(text, int(date.year()), 4);
  text += '-';
  append_padded(text, int(unsigned(date.month())), 2);
  text += '-';
  append_padded(text, int(unsigned(date.day())), 2);
  return text;
}

std::string format_local(WallTime moment) {
  LocalTime local = to_local(moment);
  std::chrono::local_days day = std::chrono::floor<std::chrono::days>(local);
  std::chrono::hh_mm_ss<milliseconds> time(local - day);
  std::string text = format_day(day);
  text += 'T';
  append_padded(text, int(time.hours().count()), 2);
  text += ':';
  append_padded(text, int(time.minutes().count()), 2);
  text += ':';
  append_padded(text, int(time.seconds().count()), 2);
  if (time.subseconds().count() != 0) {
    text += '.';
    append_padded(text, int(time.subseconds().count()), 3);
  }
  int offset = int(duration_cast<minutes>(offset_at(moment)).count());
  text += offset < 0 ? '-' : '+';
  append_padded(text, std::abs(offset) / 60, 2);
  text += ':';
  append_padded(text, std::abs(offset) % 60, 2);
  return text;
}

namespace {

/// Reads a moment letter by letter; any step that does not fit makes the whole reading fail.
class MomentReader {
 public:
  explicit MomentReader(std::string_view text) : rest_(text) {}

  std::optional<Moment> read() {
    bool is_plain = rest_.size() >= 8 && parse_int(rest_.substr(0, 8)) && rest_[0] != '-' && rest_[0] != '+';
    std::optional<LocalTime> local = is_plain ? read_plain() : read_dashed();
    if (!local) return std::nullopt;
    std::optional<Moment> moment = read_zone(*local);
    return moment && rest_.empty() ? moment : std::nullopt;
  }

 private:
  std::optional<int> number(std::size_t digits, int min, int max) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value < min || value > max ? std::nullopt : std::optional(value);
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  static std::optional<LocalTime> day(int year, int month, int day_of_month) {
    std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                     std::chrono::day(unsigned(day_of_month))};
    if (!date.ok()) return std::nullopt;
    return LocalTime(std::chrono::local_days(date));
  }

  /// YYYYMMDD, with hhmm and ss behind it: RIV-TA writes local time so.
  std::optional<LocalTime> read_plain() {
    std::optional<int> year = number(4, 1, 9999), month = number(2, 1, 12), date = number(2, 1, 31);
    if (!year || !month || !date) return std::nullopt;
    std::optional<LocalTime> local = day(*year, *month, *date);
    if (!local || rest_.empty()) return local;
    std::optional<int> hour = number(2, 0, 23), minute = number(2, 0, 59);
    if (!hour || !minute) return std::nullopt;
    std::optional<int> second = rest_.empty() ? 0 : number(2, 0, 60);
    if (!second) return std::nullopt;
    return *local + hours(*hour) + minutes(*minute) + seconds(*second);
  }

  std::optional<LocalTime> read_dashed() {
    std::optional<int> year = number(4, 1, 9999), month = 1, date = 1;
    if (!year) return std::nullopt;
    bool has_day = false;
    if (take('-')) {
      month = number(2, 1, 12);
      has_day = month && take('-');
      if (has_day) date = number(2, 1, 31);
    }
    if (!month || !date) return std::nullopt;
    std::optional<LocalTime> local = day(*year, *month, *date);
    if (!local || rest_.empty()) return local;
    if (!has_day || !take('T')) return std::nullopt;
    std::optional<milliseconds> time = read_time();
    return time ? std::optional(*local + *time) : std::nullopt;
  }

  std::optional<milliseconds> read_time() {
    std::optional<int> hour = number(2, 0, 23);
    if (!hour || !take(':')) return std::nullopt;
    std::optional<int> minute = number(2, 0, 59);
    if (!minute) return std::nullopt;
    milliseconds time = hours(*hour) + minutes(*minute);
    may_have_zone_ = true;
    if (!take(':')) return time;
    std::optional<int> second = number(2, 0, 60);
    if (!second) return std::nullopt;
    time += seconds(*second);
    if (!take('.')) return time;
    return read_fraction(time);
  }

  std::optional<milliseconds> read_fraction(milliseconds time) {
    if (!number_follows()) return std::nullopt;
    int weight = 100;
    while (number_follows()) {
      time += milliseconds((rest_.front() - '0') * weight);
      weight /= 10;  // digits behind the milliseconds count nothing
      rest_.remove_prefix(1);
    }
    return time;
  }

  bool number_follows() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

  std::optional<Moment> read_zone(LocalTime local) {
    if (rest_.empty()) return to_wall(local);
    if (!may_have_zone_) return std::nullopt;
    if (take('Z')) return Moment{WallTime(local.time_since_epoch()), Guess::None};
    bool east = rest_.front() == '+';
    if (!take('+') && !take('-')) return std::nullopt;
    std::optional<int> hour = number(2, 0, 14);
    if (!hour || !take(':')) return std::nullopt;
    std::optional<int> minute = number(2, 0, 59);
    if (!minute) return std::nullopt;
    minutes offset = hours(*hour) + minutes(*minute);
    return Moment{WallTime(local.time_since_epoch() - (east ? offset : -offset)), Guess::None};
  }

  std::string_view rest_;
  bool may_have_zone_ = false;
};

}  // namespace

Result<Moment> parse_moment(std::string_view text) {
  if (std::optional<Moment> moment = MomentReader(text).read()) return *moment;
  return Failure{Cause::Invalid, "This is no date or time: write 2025-03-27T11:59:59+01:00.", ""};
}

}  // namespace vardbron::sweden
