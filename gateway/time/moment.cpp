#include "gateway/time/moment.h"

#include "gateway/time/milliseconds.h"

#include <array>
#include <chrono>
#include <cstdlib>

namespace vardbron::time {
namespace {

using Precision = Moment::Precision;
using Form = Moment::Form;
using Parts = Moment::Parts;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Reads a text from left to right. Once a step is false the text is none.
class Reader {
 public:
  Reader(std::string_view text, const TextRules& rules) : left_(text), rules_(rules) {}

  std::optional<Moment> read(Form form) {
    Precision precision = Precision::Hour;
    const bool is_read =
        form == Form::Time ? read_time_alone(precision) : read_date(precision) && read_behind_date(form, precision);
    if (!is_read || !left_.empty()) return std::nullopt;
    std::optional<Moment> moment = Moment::of(parts_, form, precision);
    constexpr std::int64_t day_ms = 86'400'000;
    const bool goes_on = is_leap_ && rules_.has_next_second;
    if (moment && goes_on && (form != Form::Time || moment->wall_ms + second_ms < day_ms)) moment->wall_ms += second_ms;
    if (moment && has_zone_) {
      moment->has_zone = true;
      moment->zone_minutes = static_cast<std::int16_t>(zone_minutes_);
    }
    return moment;
  }

 private:
  bool take(char letter) {
    const bool is_there = left_.starts_with(letter);
    if (is_there) left_.remove_prefix(1);
    return is_there;
  }
  bool is_at_digit() const { return !left_.empty() && is_digit(left_.front()); }
  bool is_at_offset() const { return left_.starts_with('+') || left_.starts_with('-'); }
  /// Whether another part follows.
  bool next(char separator) { return rules_.is_basic ? is_at_digit() : take(separator); }

  template <std::size_t digits>
  bool number(int& part) {
    if (left_.size() < digits) return false;
    int value = 0;
    for (std::size_t at = 0; at < digits; ++at) {
      if (!is_digit(left_[at])) return false;
      value = value * 10 + (left_[at] - '0');
    }
    part = value;
    left_.remove_prefix(digits);
    return true;
  }

  bool read_date(Precision& precision) {
    precision = Precision::Year;
    if (!number<4>(parts_.year)) return false;
    if (!next('-')) return true;
    precision = Precision::Month;
    if (!number<2>(parts_.month)) return false;
    if (!next('-')) return true;
    precision = Precision::Day;
    return number<2>(parts_.day);
  }

  bool read_behind_date(Form form, Precision& precision) {
    if (form == Form::DateTime && next('T')) {
      if (left_.empty()) return rules_.has_free_t;
      if (precision != Precision::Day || !read_time(precision)) return false;
      if (left_.empty()) return !rules_.needs_zone;
      has_zone_ = true;
      return read_zone();
    }
    return !rules_.has_stray_zone || !is_at_offset() || read_zone();
  }

  bool read_time_alone(Precision& precision) {
    if (rules_.has_free_t) take('T');
    return read_time(precision) && (!rules_.has_stray_zone || !is_at_offset() || read_zone());
  }

  bool read_time(Precision& precision) {
    precision = Precision::Hour;
    if (!number<2>(parts_.hour)) return false;
    if (!next(':')) return rules_.time_least <= precision;
    precision = Precision::Minute;
    if (!number<2>(parts_.minute)) return false;
    if (!next(':')) return rules_.time_least <= precision;
    precision = Precision::Second;
    if (!number<2>(parts_.second)) return false;
    is_leap_ = rules_.has_leap_second && parts_.second == 60;
    if (is_leap_) parts_.second = 59;
    if (!take('.')) return true;
    precision = Precision::Millisecond;
    return read_fraction();
  }

  bool read_fraction() {
    if (!is_at_digit()) return false;
    for (int weight = 100; is_at_digit(); weight /= 10) {
      parts_.millisecond += weight * (left_.front() - '0');
      left_.remove_prefix(1);
    }
    return true;
  }

  bool read_zone() {
    if (!rules_.is_basic && take('Z')) return true;
    const bool is_west = left_.starts_with('-');
    if (!take('+') && !take('-')) return false;
    int hours = 0, minutes = 0;
    if (!number<2>(hours) || !next(':') || !number<2>(minutes)) return false;
    zone_minutes_ = hours * 60 + minutes;
    if (minutes > 59 || zone_minutes_ > offset_minutes_max) return false;
    if (is_west) zone_minutes_ = -zone_minutes_;
    return true;
  }

  std::string_view left_;
  const TextRules rules_;
  Parts parts_;
  int zone_minutes_ = 0;
  bool has_zone_ = false, is_leap_ = false;
};

bool is_between(int value, int low, int high) { return value >= low && value <= high; }

Parts split(std::int64_t wall_ms) {
  const std::int64_t days = floor_div(wall_ms, day_ms);
  const std::int64_t rest = wall_ms - days * day_ms;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(rest / hour_ms),
          static_cast<int>(rest / minute_ms % 60),
          static_cast<int>(rest / second_ms % 60),
          static_cast<int>(rest % second_ms)};
}

/// Texts of up to 29 characters, 2014-01-05T10:30:00.000+01:00.
class Writer {
 public:
  std::string text() const { return {letters_.data(), size_}; }
  void put(char letter) { letters_[size_++] = letter; }
  void put(int number, std::size_t digits) {
    for (std::size_t at = size_ + digits; at-- > size_; number /= 10) letters_[at] = static_cast<char>('0' + number % 10);
    size_ += digits;
  }
  void put(char before, int number, std::size_t digits) {
    put(before);
    put(number, digits);
  }
  void put_offset(int minutes) {
    put(minutes < 0 ? '-' : '+', std::abs(minutes) / 60, 2);
    put(':', std::abs(minutes) % 60, 2);
  }

 private:
  std::array<char, 32> letters_{};
  std::size_t size_ = 0;
};

}  // namespace

std::optional<Moment> Moment::parse(std::string_view text, Form form, const TextRules& rules) {
  return Reader(text, rules).read(form);
}

std::optional<Moment> parse_instant(std::string_view text) {
  std::optional<Moment> moment = Moment::parse(text, Form::DateTime, fhir_text);
  return moment && moment->precision >= Precision::Second ? moment : std::nullopt;
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

std::optional<Moment> Moment::of(const Parts& parts, Form form, Precision precision) {
  Moment moment;
  moment.form = form;
  moment.precision = precision;
  if (form != Form::Time) {
    const int month = precision >= Precision::Month ? parts.month : 1, day = precision >= Precision::Day ? parts.day : 1;
    if (!is_between(parts.year, 1, 9999) || !is_between(month, 1, 12) || !is_between(day, 1, 31)) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(parts.year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    moment.wall_ms = std::chrono::sys_days(date).time_since_epoch().count() * day_ms;
  }
  if (precision < Precision::Hour) return moment;
  const int minute = precision >= Precision::Minute ? parts.minute : 0,
            second = precision >= Precision::Second ? parts.second : 0;
  if (!is_between(parts.hour, 0, 23) || !is_between(minute, 0, 59) || !is_between(second, 0, 59)) return std::nullopt;
  moment.wall_ms += parts.hour * hour_ms + minute * minute_ms + second * second_ms;
  if (precision == Precision::Millisecond) moment.wall_ms += parts.millisecond;
  return moment;
}

std::string Moment::to_string() const {
  const Parts parts = split(wall_ms);
  Writer out;
  if (form != Form::Time) {
    out.put(parts.year, 4);
    if (precision >= Precision::Month) out.put('-', parts.month, 2);
    if (precision >= Precision::Day) out.put('-', parts.day, 2);
    if (form == Form::Date || precision < Precision::Hour) return out.text();
    out.put('T');
  }
  out.put(parts.hour, 2);
  if (precision >= Precision::Minute) out.put(':', parts.minute, 2);
  if (precision >= Precision::Second) out.put(':', parts.second, 2);
  if (precision >= Precision::Millisecond) out.put('.', parts.millisecond, 3);
  if (has_zone && zone_minutes == 0) out.put('Z');
  if (has_zone && zone_minutes != 0) out.put_offset(zone_minutes);
  return out.text();
}

std::string offset_text(int minutes) {
  Writer out;
  out.put_offset(minutes);
  return out.text();
}

Moment Moment::as(Form other) const {
  Moment changed = *this;
  changed.form = other;
  if (other == Form::DateTime) return changed;
  changed.has_zone = false;
  changed.zone_minutes = 0;
  const std::int64_t midnight = floor_div(wall_ms, day_ms) * day_ms;
  changed.wall_ms = other == Form::Date ? midnight : wall_ms - midnight;
  if (other == Form::Date && precision > Precision::Day) changed.precision = Precision::Day;
  return changed;
}

int Moment::digits() const {
  static constexpr std::array<int, 7> of_date{4, 6, 8, 10, 12, 14, 17};
  const int count = of_date[static_cast<std::size_t>(precision)];
  return form == Form::Time ? count - 8 : count;
}

int Moment::part(Precision wanted) const {
  const Parts parts = split(wall_ms);
  const std::array all{parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second, parts.millisecond};
  return all[static_cast<std::size_t>(wanted)];
}

}  // namespace vardbron::time
