#include "gateway/fhirpath/values/date_format.h"

#include "gateway/base/text.h"

#include <cstdio>
#include <iterator>
#include <string>

namespace vardbron::fhirpath {
namespace {

struct Fields {
  int year = -1, month = -1, day = -1, hour = -1, minute = -1, second = -1, millisecond = -1;
  std::optional<bool> afternoon;
  std::string zone;
};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Reads at least `least` and at most `most` digits.
bool read_number(std::string_view text, std::size_t& at, std::size_t least, std::size_t most, int& number) {
  std::size_t begin = at;
  number = 0;
  while (at < text.size() && at - begin < most && is_digit(text[at])) number = number * 10 + (text[at++] - '0');
  return at - begin >= least;
}

bool read_zone(std::string_view text, std::size_t& at, std::string& zone) {
  if (at < text.size() && text[at] == 'Z') {
    ++at;
    zone = "Z";
    return true;
  }
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return false;
  zone = text[at++];
  int hours = 0, minutes = 0;
  if (!read_number(text, at, 2, 2, hours)) return false;
  if (at < text.size() && text[at] == ':') ++at;
  if (!read_number(text, at, 2, 2, minutes)) return false;
  char piece[16];
  std::snprintf(piece, sizeof piece, "%02d:%02d", hours, minutes);
  zone += piece;
  return true;
}

bool read_half(std::string_view text, std::size_t& at, std::optional<bool>& afternoon) {
  if (at >= text.size()) return false;
  char letter = text[at] | 0x20;
  if (letter != 'a' && letter != 'p') return false;
  afternoon = letter == 'p';
  ++at;
  if (at < text.size() && (text[at] | 0x20) == 'm') ++at;
  return true;
}

/// MMMM is the whole name of a month, MMM its first three letters, in English whatever the case.
bool read_month_name(std::string_view text, std::size_t& at, bool is_whole, int& month) {
  static constexpr std::string_view names[] = {"january", "february", "march",     "april",   "may",      "june",
                                               "july",    "august",   "september", "october", "november", "december"};
  for (std::size_t place = 0; place < std::size(names); ++place) {
    std::string_view name = is_whole ? names[place] : names[place].substr(0, 3);
    if (!equal_without_case(text.substr(at, name.size()), name)) continue;
    at += name.size();
    month = static_cast<int>(place) + 1;
    return true;
  }
  return false;
}

bool read_field(std::string_view text, std::size_t& at, char code, std::size_t count, Fields& fields) {
  std::size_t least = count == 1 ? 1 : count;
  std::size_t most = count == 1 ? 2 : count;
  switch (code) {
    case 'y':
      if (!read_number(text, at, count, count, fields.year)) return false;
      if (count == 2) fields.year += fields.year < 50 ? 2000 : 1900;
      return count == 2 || count == 4;
    case 'M':
      if (count == 3 || count == 4) return read_month_name(text, at, count == 4, fields.month);
      return count <= 2 && read_number(text, at, least, most, fields.month);
    case 'd': return count <= 2 && read_number(text, at, least, most, fields.day);
    case 'H':
    case 'h': return count <= 2 && read_number(text, at, least, most, fields.hour);
    case 'm': return count <= 2 && read_number(text, at, least, most, fields.minute);
    case 's': return count <= 2 && read_number(text, at, least, most, fields.second);
    case 'S': {
      if (count > 9 || !read_number(text, at, count, count, fields.millisecond)) return false;
      for (std::size_t digits = count; digits < 3; ++digits) fields.millisecond *= 10;
      for (std::size_t digits = count; digits > 3; --digits) fields.millisecond /= 10;
      return true;
    }
    case 'a': return read_half(text, at, fields.afternoon);
    case 'Z': return read_zone(text, at, fields.zone);
    default: return false;
  }
}

std::string iso(const Fields& fields, Moment::Form form) {
  char piece[16];
  std::string text;
  auto add = [&](const char* shape, int number) {
    std::snprintf(piece, sizeof piece, shape, number);
    text += piece;
  };
  if (form != Moment::Form::Time) {
    add("%04d", fields.year);
    if (fields.month >= 0) add("-%02d", fields.month);
    if (fields.day >= 0) add("-%02d", fields.day);
    if (form == Moment::Form::Date || fields.hour < 0) return text;
    text += 'T';
  }
  add("%02d", fields.hour);
  if (fields.minute >= 0) add(":%02d", fields.minute);
  if (fields.second >= 0) add(":%02d", fields.second);
  if (fields.millisecond >= 0) add(".%03d", fields.millisecond);
  return text + (form == Moment::Form::DateTime ? fields.zone : "");
}

}  // namespace

std::optional<Moment> parse_by_format(std::string_view text, std::string_view format, Moment::Form form) {
  constexpr std::string_view codes = "yMdHhmsSaZ";
  Fields fields;
  std::size_t at = 0;
  for (std::size_t place = 0; place < format.size();) {
    char code = format[place];
    std::size_t count = 1;
    if (codes.find(code) == std::string_view::npos) {
      if (at >= text.size() || text[at] != code) return std::nullopt;
      ++at;
    } else {
      while (place + count < format.size() && format[place + count] == code) ++count;
      if (!read_field(text, at, code, count, fields)) return std::nullopt;
    }
    place += count;
  }
  if (at != text.size() || (form == Moment::Form::Time ? fields.hour < 0 : fields.year < 0)) return std::nullopt;
  if (fields.afternoon) fields.hour = fields.hour % 12 + (*fields.afternoon ? 12 : 0);
  return Moment::parse(iso(fields, form), form, time::fhirpath_text);
}

}  // namespace vardbron::fhirpath
