#include "gateway/fhir/v2_value.h"

#include <chrono>
#include <optional>

namespace vardbron::fhir {

namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Takes digits and puts them, with what stands in front of them; false when there are too few.
bool take(std::string_view& text, std::size_t count, std::string_view front, std::string& out) {
  if (text.size() < count) return false;
  for (char letter : text.substr(0, count)) {
    if (!is_digit(letter)) return false;
  }
  out.append(front).append(text.substr(0, count));
  text.remove_prefix(count);
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (char letter : digits) value = value * 10 + (letter - '0');
  return value;
}

bool is_date(std::string_view date) {
  const int year = number(date.substr(0, 4));
  const int month = date.size() > 4 ? number(date.substr(5, 2)) : 1;
  const int day = date.size() > 7 ? number(date.substr(8, 2)) : 1;
  return year > 0 && std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                                 std::chrono::day{static_cast<unsigned>(day)}}
                         .ok();
}

std::optional<std::string> take_date(std::string_view& text) {
  std::string date;
  if (!take(text, 4, "", date)) return std::nullopt;
  if (take(text, 2, "-", date)) take(text, 2, "-", date);
  if (!is_date(date)) return std::nullopt;
  return date;
}

// Hours alone, or hours and minutes, are written out: FHIR has no such times.
std::optional<std::string> take_time(std::string_view& text) {
  std::string time;
  if (!take(text, 2, "", time)) return std::nullopt;
  if (!take(text, 2, ":", time)) time += ":00";
  if (!take(text, 2, ":", time)) {
    time += ":00";
  } else if (text.size() > 1 && text[0] == '.' && is_digit(text[1])) {
    text.remove_prefix(1);
    time += '.';
    while (take(text, 1, "", time)) {}
  }
  const bool is_time = number(time.substr(0, 2)) <= 23 && number(time.substr(3, 2)) <= 59 && number(time.substr(6, 2)) <= 59;
  return is_time ? std::optional(time) : std::nullopt;
}

std::optional<std::string> take_zone(std::string_view& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string zone(1, text[0]);
  text.remove_prefix(1);
  if (!take(text, 2, "", zone) || !take(text, 2, ":", zone)) return std::nullopt;
  const bool is_zone = number(zone.substr(1, 2)) <= 14 && number(zone.substr(4, 2)) <= 59;
  return is_zone ? std::optional(zone) : std::nullopt;
}

std::optional<std::string> moment_of(std::string_view text) {
  std::optional<std::string> made = take_date(text);
  if (!made) return std::nullopt;
  if (!text.empty() && is_digit(text[0])) {
    if (made->size() < 10) return std::nullopt;
    const std::optional<std::string> time = take_time(text);
    if (!time) return std::nullopt;
    *made += "T" + *time;
  }
  if (text.empty()) return made;
  const std::optional<std::string> zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  return made->size() > 10 ? *made + *zone : made;
}

}  // namespace

std::string date_from_v2(std::string_view text) {
  const std::optional<std::string> moment = moment_of(text);
  return moment ? moment->substr(0, 10) : std::string(text);
}

std::string date_time_from_v2(std::string_view text) { return moment_of(text).value_or(std::string(text)); }

std::string time_from_v2(std::string_view text) {
  std::string_view rest = text;
  const std::optional<std::string> time = take_time(rest);
  const bool is_whole = time && (rest.empty() || (take_zone(rest) && rest.empty()));
  return is_whole ? *time : std::string(text);
}

std::string number_from_v2(std::string_view text) {
  std::string_view digits = text;
  std::string sign;
  if (!digits.empty() && (digits[0] == '+' || digits[0] == '-')) {
    if (digits[0] == '-') sign = "-";
    digits.remove_prefix(1);
  }
  while (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) digits.remove_prefix(1);
  if (digits.ends_with('.')) digits.remove_suffix(1);
  std::size_t points = 0;
  for (char letter : digits) {
    points += letter == '.';
    if (!is_digit(letter) && letter != '.') return std::string(text);
  }
  if (digits.empty() || points > 1) return std::string(text);
  return sign + (digits[0] == '.' ? "0" : "") + std::string(digits);
}

}  // namespace vardbron::fhir
