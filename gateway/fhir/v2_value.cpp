#include "gateway/fhir/v2_value.h"

#include "gateway/base/text.h"
#include "gateway/time/moment.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace vardbron::fhir {

namespace {

using time::Moment;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// HL7 v2.5.1, data type DTM. An offset after a date or a time of day is dropped: FHIR has none there.
constexpr time::TextRules v2_text{.is_basic = true, .has_stray_zone = true};

// Hours alone, or hours and minutes, are written out: FHIR has no such times. The fraction and the offset stay as they are
// written.
std::string as_fhir_has_it(std::string_view text, Moment moment) {
  const std::size_t point = text.find('.'), zone = text.find_first_of("+-");
  const bool has_zone = std::exchange(moment.has_zone, false);
  if (moment.precision >= Moment::Precision::Hour) moment.precision = Moment::Precision::Second;
  std::string made = moment.to_string();
  if (point != std::string_view::npos) made.append(text.substr(point, zone - point));
  if (has_zone) made.append(text.substr(zone, 3)).append(":").append(text.substr(zone + 3));
  return made;
}

std::optional<std::string> text_of(std::string_view text, Moment::Form form) {
  const std::optional<Moment> moment = Moment::parse(text, form, v2_text);
  return moment ? std::optional(as_fhir_has_it(text, *moment)) : std::nullopt;
}

std::optional<std::string> moment_of(std::string_view text) { return text_of(text, Moment::Form::DateTime); }

std::size_t leading_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

// What is known of a date whose day, or month and day, are written 00; nothing where it is another thing.
std::optional<V2Time> with_unknown_parts(std::string_view text) {
  const std::size_t digits = leading_digits(text);
  const std::string_view rest = text.substr(digits);
  const bool is_whole = digits == 6 || digits == 8 || digits == 12 || digits == 14;
  if (!is_whole || (!rest.empty() && rest[0] != '+' && rest[0] != '-' && rest[0] != '.')) return std::nullopt;
  const std::string_view date = text.substr(0, std::min<std::size_t>(digits, 8));
  if (date.find_first_not_of('0') == std::string_view::npos) return V2Time{"", "nothing of the date is known, it is all zeros"};
  if (date.substr(4, 2) == "00") {
    const std::optional<std::string> year = moment_of(date.substr(0, 4));
    if (year) return V2Time{*year, "its month is 00, so the year alone was kept"};
  } else if (date.substr(6) == "00") {
    const std::optional<std::string> month = moment_of(date.substr(0, 6));
    if (month) return V2Time{*month, "its day is 00, so year and month were kept"};
  }
  return std::nullopt;
}

// ISO 8601's basic and extended form in v2's: 2026-03-13T15:30Z is 202603131530+0000.
std::optional<std::string> from_iso(std::string_view text) {
  const std::size_t at = text.find_first_of("Tt ");
  const std::string_view date = text.substr(0, at);
  std::string_view time = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  if (at != std::string_view::npos && time.empty()) return std::nullopt;
  const bool has_hyphens = date.size() > 4 && date[4] == '-' && (date.size() == 7 || (date.size() == 10 && date[7] == '-'));
  if (!has_hyphens && (date.size() != 8 || time.empty())) return std::nullopt;
  std::string made;
  for (char letter : date) {
    if (letter != '-') made += letter;
  }
  const bool is_utc = time.ends_with('Z') || time.ends_with('z');
  if (is_utc) time.remove_suffix(1);
  for (char letter : time) {
    if (letter != ':') made += letter;
  }
  return is_utc ? made + "+0000" : made;
}

std::string cut_to(std::string time, char precision) {
  static constexpr std::string_view letters = "YLD";  // an hour alone has no place in FHIR, and seconds are always written
  static constexpr std::size_t sizes[] = {4, 7, 10};
  const std::size_t at = letters.find(precision);
  const std::size_t size = at != std::string_view::npos ? sizes[at] : precision == 'H' ? 10 : time.size();
  return time.substr(0, size);
}

constexpr std::string_view hour_alone = "it says the hour alone, so the date was kept";
constexpr std::string_view like_iso = "it is written as ISO 8601 has it and was read so";
constexpr std::string_view no_time = "it is no date or time (YYYYMMDD, then HHMM or HHMMSS) and cannot be read";

}  // namespace

V2Time read_v2_time(std::string_view text, std::string_view precision) {
  const std::string_view plain = trim(text);
  V2Time read;
  std::optional<std::string> moment = moment_of(plain);
  if (moment) {
    read.text = *std::move(moment);
    if (leading_digits(plain) == 10) read = {read.text.substr(0, 10), hour_alone};
  } else if (std::optional<V2Time> partly = with_unknown_parts(plain)) {
    read = *std::move(partly);
  } else {
    const std::optional<std::string> iso = from_iso(plain);
    moment = iso ? moment_of(*iso) : std::nullopt;
    if (!moment) return {std::string(text), plain.empty() ? std::string_view() : no_time, !plain.empty()};
    read = {*std::move(moment), like_iso};
    if (leading_digits(*iso) == 10) read = {read.text.substr(0, 10), hour_alone};
  }
  if (precision.size() == 1) read.text = cut_to(std::move(read.text), precision[0]);
  return read;
}

V2Time read_v2_date(std::string_view text) {
  V2Time read = read_v2_time(text);
  if (read.doubt == hour_alone) read.doubt = {};
  if (!read.is_unreadable) read.text = read.text.substr(0, 10);
  return read;
}

std::string date_from_v2(std::string_view text) {
  const std::optional<std::string> moment = moment_of(text);
  return moment ? moment->substr(0, 10) : std::string(text);
}

std::string date_time_from_v2(std::string_view text) { return moment_of(text).value_or(std::string(text)); }

std::string time_from_v2(std::string_view text) { return text_of(text, Moment::Form::Time).value_or(std::string(text)); }

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
