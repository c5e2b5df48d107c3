#include "gateway/time/format.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <array>

namespace vardbron::time {
namespace {

using Precision = Moment::Precision;
using Form = Moment::Form;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_latin(char letter) { return (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z'; }

bool take(std::string_view& text, std::string_view letters) {
  const bool is_there = text.starts_with(letters);
  if (is_there) text.remove_prefix(letters.size());
  return is_there;
}

bool take_number(std::string_view& text, std::size_t least, std::size_t most, int& number) {
  std::size_t count = 0;
  for (number = 0; count < most && count < text.size() && is_digit(text[count]); ++count)
    number = number * 10 + (text[count] - '0');
  text.remove_prefix(count);
  return count >= least;
}

bool take_year(std::string_view& text, std::size_t letters, int& year) {
  if (letters != 2) return take_number(text, 4, 4, year);
  if (!take_number(text, 2, 2, year)) return false;
  year += year < 50 ? 2000 : 1900;
  return true;
}

bool take_month_name(std::string_view& text, std::size_t letters, FormatDialect dialect, int& month) {
  static constexpr std::array<std::string_view, 24> names{
      "january", "february", "march", "april", "may", "june", "july", "august",  "september", "october", "november", "december",
      "januari", "februari", "mars",  "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"};
  const bool is_of_maps = dialect == FormatDialect::Maps;
  const auto size = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_latin) - text.begin());
  const std::string word = to_lower(text.substr(0, size));
  std::size_t found = 0;
  for (; found < (is_of_maps ? 24 : 12); ++found) {
    const bool is_whole = word == names[found];
    const bool is_short = word == names[found].substr(0, 3) || (is_of_maps && word == "sept" && found % 12 == 8);
    if (is_of_maps ? is_whole || is_short : letters > 3 ? is_whole : is_short) break;
  }
  if (found == (is_of_maps ? 24 : 12)) return false;
  month = static_cast<int>(found % 12) + 1;
  text.remove_prefix(size);
  if (is_of_maps && size <= 4) take(text, ".");
  return true;
}

bool take_half_day(std::string_view& text, std::optional<bool>& is_afternoon) {
  const char letter = text.empty() ? ' ' : static_cast<char>(text[0] | 0x20);
  if (letter != 'a' && letter != 'p') return false;
  is_afternoon = letter == 'p';
  text.remove_prefix(1);
  if (text.starts_with('m') || text.starts_with('M')) text.remove_prefix(1);
  return true;
}

bool take_fraction(std::string_view& text, std::size_t digits, std::string_view& fraction) {
  fraction = text.substr(0, digits);
  text.remove_prefix(fraction.size());
  return fraction.size() == digits && std::all_of(fraction.begin(), fraction.end(), is_digit);
}

bool take_zone(std::string_view& text, FormatParts& parts) {
  parts.offset = take_offset(text);
  return parts.offset.has_value();
}

/// z: abbreviations mean a fixed distance; a name such as Europe/Stockholm is kept as the place.
bool take_zone_name(std::string_view& text, FormatParts& parts) {
  struct Zone {
    std::string_view name;
    int hours;
  };
  static constexpr std::array<Zone, 22> zones{{{"UTC", 0},  {"GMT", 0},  {"UT", 0},   {"Z", 0},    {"Etc/UTC", 0}, {"WET", 0},
                                               {"WEST", 1}, {"BST", 1},  {"CET", 1},  {"CEST", 2}, {"EET", 2},     {"EEST", 3},
                                               {"MSK", 3},  {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},    {"MST", -7},
                                               {"MDT", -6}, {"PST", -8}, {"PDT", -7}, {"JST", 9}}};
  const std::string_view word = text.substr(0, text.find_first_of(" )]"));
  const auto zone = std::find_if(zones.begin(), zones.end(), [&](const Zone& one) { return one.name == word; });
  if (zone != zones.end()) {
    parts.offset = Offset{zone->hours * 60, zone->hours == 0};
  } else {
    if (word.find('/') == std::string_view::npos) return take_zone(text, parts);
    parts.place = word;
  }
  text.remove_prefix(word.size());
  return true;
}

/// One run of equal letters of the format.
bool take_code(std::string_view& text, char code, std::size_t letters, FormatDialect dialect, FormatParts& parts) {
  switch (code) {
    case 'y': return take_year(text, letters, parts.year);
    case 'M':
      return letters > 2 ? take_month_name(text, letters, dialect, parts.month) : take_number(text, letters, 2, parts.month);
    case 'd': return take_number(text, letters, 2, parts.day);
    case 'h': parts.has_half_day_hour = true; return take_number(text, letters, 2, parts.hour);
    case 'H': return take_number(text, letters, 2, parts.hour);
    case 'm': return take_number(text, letters, 2, parts.minute);
    case 's': return take_number(text, letters, 2, parts.second);
    case 'S': return take_fraction(text, letters, parts.fraction);
    case 'a': return take_half_day(text, parts.is_afternoon);
    case 'Z': return take_zone(text, parts);
    case 'z': return take_zone_name(text, parts);
    default: return false;
  }
}

/// What is quoted at the front of the format, yyyy-MM-dd'T'HH:mm, unless the text has a quote there too.
std::optional<std::string_view> quoted(std::string_view text, std::string_view format) {
  const std::size_t close = format.starts_with('\'') ? format.find('\'', 1) : std::string_view::npos;
  if (close == std::string_view::npos || text.starts_with('\'')) return std::nullopt;
  return format.substr(1, close - 1);
}

/// How far the parts of a time of day go; nullopt: a gap.
std::optional<Precision> time_precision(const FormatParts& parts) {
  if (parts.hour < 0) return std::nullopt;
  if (parts.second >= 0 && parts.minute < 0) return std::nullopt;
  if (!parts.fraction.empty() && parts.second < 0) return std::nullopt;
  if (!parts.fraction.empty()) return Precision::Millisecond;
  return parts.second >= 0 ? Precision::Second : parts.minute >= 0 ? Precision::Minute : Precision::Hour;
}

std::optional<Precision> date_precision(const FormatParts& parts) {
  if (parts.year < 0 || (parts.day >= 0 && parts.month < 0)) return std::nullopt;
  return parts.day >= 0 ? Precision::Day : parts.month >= 0 ? Precision::Month : Precision::Year;
}

int milliseconds(std::string_view fraction) {
  int value = 0;
  for (std::size_t at = 0; at < 3; ++at) value = value * 10 + (at < fraction.size() ? fraction[at] - '0' : 0);
  return value;
}

}  // namespace

std::optional<Offset> take_offset(std::string_view& text) {
  if (take(text, "Z")) return Offset{0, true};
  const bool is_west = text.starts_with('-');
  if (!is_west && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_number(text, 2, 2, hours)) return std::nullopt;
  take(text, ":");
  if (!take_number(text, 2, 2, minutes) || minutes > 59 || hours * 60 + minutes > offset_minutes_max) return std::nullopt;
  return Offset{(is_west ? -1 : 1) * (hours * 60 + minutes), false};
}

std::optional<FormatParts> read_format(std::string_view text, std::string_view format, FormatDialect dialect) {
  const bool is_of_maps = dialect == FormatDialect::Maps;
  const std::string_view codes = is_of_maps ? "yMdhHmsSaZz" : "yMdhHmsSaZ";
  FormatParts parts;
  while (!format.empty()) {
    const char code = format[0];
    std::size_t size = 1;
    if (const std::optional<std::string_view> letters = is_of_maps ? quoted(text, format) : std::nullopt) {
      if (!take(text, *letters)) return std::nullopt;
      size = letters->size() + 2;
    } else if (codes.find(code) == std::string_view::npos) {
      if (!take(text, {&code, 1})) return std::nullopt;
    } else {
      size = std::min(format.find_first_not_of(code), format.size());
      if (!take_code(text, code, size, dialect, parts)) return std::nullopt;
    }
    format.remove_prefix(size);
  }
  if (!text.empty()) return std::nullopt;
  return parts;
}

std::optional<Moment> to_moment(const FormatParts& parts, Form form) {
  std::optional<Precision> precision = form == Form::Time ? time_precision(parts) : date_precision(parts);
  const bool has_time = form == Form::DateTime && parts.hour >= 0;
  if (has_time) precision = precision == Precision::Day ? time_precision(parts) : std::nullopt;
  if (!precision) return std::nullopt;
  const Moment::Parts all{
      parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second, milliseconds(parts.fraction)};
  std::optional<Moment> moment = Moment::of(all, form, *precision);
  if (moment && has_time && parts.offset) {
    moment->has_zone = true;
    moment->zone_minutes = static_cast<std::int16_t>(parts.offset->minutes);
  }
  return moment;
}

}  // namespace vardbron::time
