#include "gateway/base/text.h"
#include "gateway/mapping/compile/transforms.h"
#include "gateway/mapping/map.h"
#include "gateway/time/moment.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace vardbron::mapping {

namespace {

struct Parts {
  int year = 0, month = 0, day = 0, hour = -1, minute = -1, second = -1;
  std::string fraction;
  bool is_half_day = false, is_afternoon = false;
  bool has_zone = false;
  std::string zone;
  std::string_view place = {};  ///< Europe/Stockholm
};

Failure wrong(std::string says) { return Failure{Cause::Invalid, std::move(says), {}}; }

bool take_number(std::string_view& text, std::size_t digits_min, std::size_t digits_max, int& out) {
  std::size_t count = 0;
  while (count < digits_max && count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  if (count < digits_min) return false;
  std::from_chars(text.data(), text.data() + count, out);
  text.remove_prefix(count);
  return true;
}

bool take_zone(std::string_view& text, Parts& parts) {
  parts.has_zone = true;
  if (!text.empty() && text[0] == 'Z') {
    parts.zone = "Z";
    text.remove_prefix(1);
    return true;
  }
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  std::string sign(1, text[0]);
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_number(text, 2, 2, hours)) return false;
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  if (!take_number(text, 2, 2, minutes) || hours > 14 || minutes > 59) return false;
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%02d:%02d", hours, minutes);
  parts.zone = sign + buffer.data();
  return true;
}

/// MMM and MMMM: the month's name, short or whole, in English or Swedish. A dot behind a short name is taken too.
bool take_month_name(std::string_view& text, Parts& parts) {
  static constexpr std::array<std::string_view, 24> names{
      "january", "february", "march", "april", "may", "june", "july", "august",  "september", "october", "november", "december",
      "januari", "februari", "mars",  "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"};
  std::size_t size = 0;
  while (size < text.size() && ((text[size] | 0x20) >= 'a' && (text[size] | 0x20) <= 'z')) ++size;
  const std::string word = to_lower(text.substr(0, size));
  for (std::size_t i = 0; i < names.size() && parts.month == 0; ++i) {
    const bool is_short = word == names[i].substr(0, 3) || (word == "sept" && i % 12 == 8);
    if (word == names[i] || is_short) parts.month = static_cast<int>(i % 12) + 1;
  }
  if (parts.month == 0) return false;
  text.remove_prefix(size);
  if (size <= 4 && !text.empty() && text[0] == '.') text.remove_prefix(1);
  return true;
}

/// z: the zone's name. Abbreviations mean a fixed distance; a name such as Europe/Stockholm must be that of the place's zone.
bool take_zone_name(std::string_view& text, Parts& parts) {
  struct Zone {
    std::string_view name, offset;
  };
  static constexpr std::array<Zone, 22> zones{
      {{"UTC", "Z"},      {"GMT", "Z"},      {"UT", "Z"},        {"Z", "Z"},        {"WET", "Z"},       {"WEST", "+01:00"},
       {"BST", "+01:00"}, {"CET", "+01:00"}, {"CEST", "+02:00"}, {"EET", "+02:00"}, {"EEST", "+03:00"}, {"MSK", "+03:00"},
       {"EST", "-05:00"}, {"EDT", "-04:00"}, {"CST", "-06:00"},  {"CDT", "-05:00"}, {"MST", "-07:00"},  {"MDT", "-06:00"},
       {"PST", "-08:00"}, {"PDT", "-07:00"}, {"Etc/UTC", "Z"},   {"JST", "+09:00"}}};
  std::size_t size = 0;
  while (size < text.size() && text[size] != ' ' && text[size] != ')' && text[size] != ']') ++size;
  const std::string_view word = text.substr(0, size);
  for (const Zone& zone : zones) {
    if (word != zone.name) continue;
    parts.has_zone = true;
    parts.zone = zone.offset;
  }
  if (!parts.has_zone) {
    if (word.find('/') == std::string_view::npos) return take_zone(text, parts);
    parts.place = word;
  }
  text.remove_prefix(size);
  return true;
}

bool take_half_day(std::string_view& text, Parts& parts) {
  if (text.empty()) return false;
  char letter = text[0];
  if (letter != 'A' && letter != 'P' && letter != 'a' && letter != 'p') return false;
  parts.is_afternoon = letter == 'P' || letter == 'p';
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == 'M' || text[0] == 'm')) text.remove_prefix(1);
  return true;
}

bool take_fraction(std::string_view& text, std::size_t digits, Parts& parts) {
  for (std::size_t i = 0; i < digits; ++i) {
    if (text.empty() || text[0] < '0' || text[0] > '9') return false;
    parts.fraction += text[0];
    text.remove_prefix(1);
  }
  return true;
}

/// One run of equal letters of the format against the text. Source: the mapping guide's format codes.
bool take_code(std::string_view& text, char code, std::size_t length, Parts& parts) {
  switch (code) {
    case 'y':
      if (length != 2) return take_number(text, 4, 4, parts.year);
      if (!take_number(text, 2, 2, parts.year)) return false;
      parts.year += parts.year < 50 ? 2000 : 1900;
      return true;
    case 'M': return length > 2 ? take_month_name(text, parts) : take_number(text, length, 2, parts.month);
    case 'd': return take_number(text, length, 2, parts.day);
    case 'h': parts.is_half_day = true; return take_number(text, length, 2, parts.hour);
    case 'H': return take_number(text, length, 2, parts.hour);
    case 'm': return take_number(text, length, 2, parts.minute);
    case 's': return take_number(text, length, 2, parts.second);
    case 'S': return take_fraction(text, length, parts);
    case 'a': return take_half_day(text, parts);
    case 'Z': return take_zone(text, parts);
    case 'z': return take_zone_name(text, parts);
    default: return false;
  }
}

bool take_all(std::string_view text, std::string_view format, Parts& parts) {
  constexpr std::string_view codes = "yMdhHmsSaZz";
  for (std::size_t at = 0; at < format.size();) {
    // Some write letters in quotes, yyyy-MM-dd'T'HH:mm.
    const std::size_t close = format[at] == '\'' ? format.find('\'', at + 1) : std::string_view::npos;
    if (close != std::string_view::npos && (text.empty() || text[0] != '\'')) {
      const std::string_view letters = format.substr(at + 1, close - at - 1);
      if (!text.starts_with(letters)) return false;
      text.remove_prefix(letters.size());
      at = close + 1;
      continue;
    }
    if (codes.find(format[at]) == std::string_view::npos) {
      if (text.empty() || text[0] != format[at]) return false;
      text.remove_prefix(1);
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < format.size() && format[end] == format[at]) ++end;
    if (!take_code(text, format[at], end - at, parts)) return false;
    at = end;
  }
  return text.empty();
}

std::string date_text(const Parts& parts) {
  std::array<char, 32> buffer{};
  if (parts.day != 0)
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02d", parts.year, parts.month, parts.day);
  else if (parts.month != 0)
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02d", parts.year, parts.month);
  else
    std::snprintf(buffer.data(), buffer.size(), "%04d", parts.year);
  return buffer.data();
}

std::string time_text(const Parts& parts) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%02d:%02d:%02d", parts.hour, std::max(parts.minute, 0), std::max(parts.second, 0));
  return buffer.data() + (parts.fraction.empty() ? "" : "." + parts.fraction);
}

bool in_range(const Parts& parts, MomentForm form) {
  bool date_ok = form == MomentForm::Time ||
                 time::Moment::parse(date_text(parts), time::Moment::Form::Date, time::fhirpath_text).has_value();
  bool time_ok = parts.hour <= 23 && parts.minute <= 59 && parts.second <= 59 && (form != MomentForm::Time || parts.hour >= 0);
  return date_ok && time_ok && (form == MomentForm::Time || parts.year > 0);
}

std::string offset_text(int minutes) {
  std::array<char, 16> buffer{};
  int size = minutes < 0 ? -minutes : minutes;
  std::snprintf(buffer.data(), buffer.size(), "%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60 % 100, size % 60);
  return buffer.data();
}

Result<std::string> date_time_text(const Parts& parts, const CivilZone* zone) {
  if (parts.hour < 0) return date_text(parts);
  std::string text = date_text(parts) + "T" + time_text(parts);
  if (parts.has_zone) return text + parts.zone;
  if (!parts.place.empty() && (zone == nullptr || zone->name() != parts.place))
    return wrong("only the zone the gateway is configured with is known by its name");
  if (zone == nullptr) return wrong("the text has a time without a zone, and no civil zone is configured");
  std::optional<time::Moment> wall = time::Moment::parse(text, time::Moment::Form::DateTime, time::fhirpath_text);
  if (!wall) return wrong("the text is no dateTime");
  return text + offset_text(zone->offset_minutes(wall->wall_ms));
}

}  // namespace

Result<std::string> read_moment(std::string_view text, std::string_view format, MomentForm form, const CivilZone* zone) {
  text = trim(text);
  if (format.empty()) {
    static constexpr std::array<std::string_view, 3> types{"date", "dateTime", "time"};
    return cast_to(text, types[static_cast<std::size_t>(form)]);
  }
  Parts parts;
  if (!take_all(text, format, parts)) return wrong("the text does not fit the format '" + std::string(format) + "'");
  if (parts.is_half_day && (parts.hour < 1 || parts.hour > 12)) return wrong("an hour of half a day lies in 1 to 12");
  if (parts.is_half_day) parts.hour = parts.hour % 12 + (parts.is_afternoon ? 12 : 0);
  if (!in_range(parts, form)) return wrong("there is no such date or time");
  if (form == MomentForm::Date) return date_text(parts);
  if (form == MomentForm::Time) return time_text(parts);
  return date_time_text(parts, zone);
}

bool lacks_zone(std::string_view moment) {
  std::size_t time = moment.find('T');
  return time != std::string_view::npos && moment.find_first_of("Z+-", time) == std::string_view::npos;
}

std::string with_zone(std::string_view moment, const CivilZone& zone) {
  std::string text(moment);
  constexpr std::size_t minutes_only = 16;  // 2026-03-10T09:12; FHIR wants seconds
  if (text.size() == minutes_only) text += ":00";
  std::optional<time::Moment> wall = time::Moment::parse(text, time::Moment::Form::DateTime, time::fhirpath_text);
  if (!wall) return std::string(moment);
  return text + offset_text(zone.offset_minutes(wall->wall_ms));
}

Result<std::string> unix_moment(std::string_view seconds, std::string_view offset, MomentForm form) {
  std::optional<std::int64_t> count = parse_int(trim(seconds));
  if (!count || *count > 253402300799 || *count < -62135596800) return wrong("expected whole seconds since 1970");
  int minutes = 0;
  Parts zone;
  std::string_view rest = offset;
  if (!offset.empty() && (!take_zone(rest, zone) || !rest.empty())) return wrong("expected an offset such as +01:00");
  if (zone.has_zone && zone.zone != "Z") {
    int hours = 0, part = 0;
    std::from_chars(zone.zone.data() + 1, zone.zone.data() + 3, hours);
    std::from_chars(zone.zone.data() + 4, zone.zone.data() + 6, part);
    minutes = (zone.zone[0] == '-' ? -1 : 1) * (hours * 60 + part);
  }
  std::chrono::sys_seconds local{std::chrono::seconds(*count + minutes * 60)};
  auto day = std::chrono::floor<std::chrono::days>(local);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss time(local - day);
  Parts parts{.year = static_cast<int>(date.year()),
              .month = static_cast<int>(static_cast<unsigned>(date.month())),
              .day = static_cast<int>(static_cast<unsigned>(date.day())),
              .hour = static_cast<int>(time.hours().count()),
              .minute = static_cast<int>(time.minutes().count()),
              .second = static_cast<int>(time.seconds().count()),
              .fraction = {},
              .zone = zone.has_zone && zone.zone != "Z" ? zone.zone : "Z"};
  if (form == MomentForm::Date) return date_text(parts);
  if (form == MomentForm::Time) return time_text(parts);
  return date_text(parts) + "T" + time_text(parts) + parts.zone;
}

}  // namespace vardbron::mapping
