#include "gateway/fhir/primitive.h"

#include "gateway/fhir/reference.h"
#include "gateway/time/moment.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace vardbron::fhir {

namespace {

using time::Moment;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_space(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }
bool is_hex(char letter) { return is_digit(letter) || (letter >= 'a' && letter <= 'f'); }

bool is_integer(std::string_view text, std::int32_t least) {
  std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return false;
  if (least >= 0 && text.starts_with('-')) return false;
  if (digits.front() == '0' && text.size() > 1) return false;
  std::int32_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && value >= least;
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  std::size_t whole = count_digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    std::size_t fraction = count_digits(text.substr(1));
    if (fraction == 0) return false;
    text.remove_prefix(1 + fraction);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    std::size_t exponent = count_digits(text);
    if (exponent == 0) return false;
    text.remove_prefix(exponent);
  }
  return text.empty();
}

/// No white space at the ends, single spaces within.
bool is_code(std::string_view text) {
  if (text.empty() || is_space(text.front()) || is_space(text.back())) return false;
  return std::adjacent_find(text.begin(), text.end(), [](char a, char b) { return is_space(a) && is_space(b); }) == text.end();
}

bool is_base64(std::string_view text) {
  std::size_t letters = 0, padding = 0;
  for (char letter : text) {
    if (is_space(letter)) continue;
    bool is_letter = is_digit(letter) || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '+' ||
                     letter == '/';
    if (!is_letter && letter != '=') return false;
    if (is_letter && padding != 0) return false;
    padding += letter == '=';
    ++letters;
  }
  return letters % 4 == 0 && letters != 0 && padding <= 2;
}

bool is_oid(std::string_view text) {
  if (!text.starts_with("urn:oid:")) return false;
  text.remove_prefix(8);
  if (text.empty() || text.front() < '0' || text.front() > '2') return false;
  text.remove_prefix(1);
  if (text.empty()) return false;
  while (!text.empty()) {
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
    std::size_t digits = count_digits(text);
    if (digits == 0 || (digits > 1 && text.front() == '0')) return false;
    text.remove_prefix(digits);
  }
  return true;
}

bool is_uuid(std::string_view text) {
  if (!text.starts_with("urn:uuid:") || text.size() != 9 + 36) return false;
  text.remove_prefix(9);
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
    if (is_dash ? text[at] != '-' : !is_hex(text[at])) return false;
  }
  return true;
}

bool has_letters(std::string_view text) { return !std::all_of(text.begin(), text.end(), is_space); }
bool is_moment(std::string_view text, Moment::Form form) { return Moment::parse(text, form, time::fhir_text).has_value(); }
bool has_no_space(std::string_view text) { return !text.empty() && std::none_of(text.begin(), text.end(), is_space); }

}  // namespace

bool has_form_of(std::string_view type, std::string_view text) {
  if (type == "string" || type == "markdown") return has_letters(text);
  if (type == "code") return is_code(text);
  if (type == "uri" || type == "url" || type == "canonical") return has_no_space(text);
  if (type == "id") return is_id(text);
  if (type == "dateTime") return is_moment(text, Moment::Form::DateTime);
  if (type == "date") return is_moment(text, Moment::Form::Date);
  if (type == "instant") return time::parse_instant(text).has_value();
  if (type == "time") return is_moment(text, Moment::Form::Time);
  if (type == "boolean") return text == "true" || text == "false";
  if (type == "integer") return is_integer(text, INT32_MIN);
  if (type == "unsignedInt") return is_integer(text, 0);
  if (type == "positiveInt") return is_integer(text, 1);
  if (type == "decimal") return is_decimal(text);
  if (type == "base64Binary") return is_base64(text);
  if (type == "oid") return is_oid(text);
  if (type == "uuid") return is_uuid(text);
  return true;
}

std::string_view form_in_words(std::string_view type) {
  if (type == "date") return "YYYY-MM-DD, YYYY-MM or YYYY, and in the calendar";
  if (type == "dateTime") return "YYYY-MM-DDThh:mm:ss+zz:zz, or a date alone, and in the calendar";
  if (type == "instant") return "YYYY-MM-DDThh:mm:ss+zz:zz";
  if (type == "time") return "hh:mm:ss";
  if (type == "code") return "no blanks at its ends, and single ones within";
  if (type == "id") return "1 to 64 of A-Z, a-z, 0-9, - and .";
  if (type == "integer" || type == "unsignedInt" || type == "positiveInt")
    return "digits without leading zeros, up to 2147483647";
  if (type == "decimal") return "digits, with a point before decimals";
  if (type == "uri" || type == "url" || type == "canonical") return "no blanks";
  if (type == "oid") return "urn:oid: and an OID";
  if (type == "uuid") return "urn:uuid: and a UUID in small letters";
  return {};
}

bool fits_kind(tree::Kind kind, std::string_view text) {
  if (kind == tree::Kind::Boolean) return text == "true" || text == "false";
  return kind != tree::Kind::Number || is_decimal(text);
}

}  // namespace vardbron::fhir
