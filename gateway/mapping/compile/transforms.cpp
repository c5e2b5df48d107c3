#include "gateway/mapping/compile/transforms.h"

#include "gateway/base/text.h"
#include "gateway/base/utf8.h"
#include "gateway/fhirpath/values/decimal.h"
#include "gateway/fhirpath/values/unicode.h"
#include "gateway/fhirpath/values/units.h"
#include "gateway/time/moment.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace vardbron::mapping {

namespace {

struct Escape {
  char letter;
  std::string_view html, xml, json;
};

constexpr std::array<Escape, 12> escapes{{{'&', "&amp;", "&amp;", ""},
                                          {'<', "&lt;", "&lt;", ""},
                                          {'>', "&gt;", "&gt;", ""},
                                          {'"', "&quot;", "&quot;", "\\\""},
                                          {'\'', "&#39;", "&apos;", ""},
                                          {'\\', "", "", "\\\\"},
                                          {'\n', "", "", "\\n"},
                                          {'\r', "", "", "\\r"},
                                          {'\t', "", "", "\\t"},
                                          {'\b', "", "", "\\b"},
                                          {'\f', "", "", "\\f"},
                                          {'/', "", "", ""}}};

std::string_view form_of(const Escape& escape, std::string_view format) {
  if (format == "html") return escape.html;
  if (format == "xml") return escape.xml;
  return format == "json" ? escape.json : std::string_view{};
}

bool is_format(std::string_view format) {
  return format == "html" || format == "xml" || format == "json" || format == "none" || format.empty();
}

/// &#228; &#xE4; and \u00e4. Returns the number of bytes read; 0 if it is none.
std::size_t add_numeric(std::string& out, std::string_view text, std::string_view format) {
  std::uint32_t point = 0;
  std::size_t bytes = 0;
  if (format == "json") {
    const UnicodeEscape escape = text.starts_with("\\u") ? read_unicode_escape(text.substr(2)) : UnicodeEscape{};
    if (escape.bytes == 0) return 0;
    point = escape.point;
    bytes = 2 + escape.bytes;
  } else {
    const std::size_t end = text.find(';');
    if (!text.starts_with("&#") || end == std::string_view::npos) return 0;
    const bool is_hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    auto [stop, error] = std::from_chars(text.data() + (is_hex ? 3 : 2), text.data() + end, point, is_hex ? 16 : 10);
    if (error != std::errc{} || stop != text.data() + end) return 0;
    bytes = end + 1;
  }
  if (point == 0 || point > 0x10FFFF || is_surrogate(point)) return 0;
  append_utf8(out, point);
  return bytes;
}

Failure wrong(std::string says) { return Failure{Cause::Invalid, std::move(says), {}}; }

}  // namespace

std::string_view truncated(std::string_view text, std::size_t length) {
  return text.substr(0, fhirpath::byte_offset(text, length));
}

Result<std::string> escaped(std::string_view text, std::string_view from, std::string_view to) {
  if (!is_format(from) || !is_format(to)) return wrong("escape knows the formats html, xml, json and none");
  std::string plain;
  while (!text.empty()) {
    std::size_t taken = 0;
    bool opens = from == "json" ? text[0] == '\\' : (from == "xml" || from == "html") && text[0] == '&';
    if (opens) {
      for (const Escape& escape : escapes) {
        std::string_view form = form_of(escape, from);
        if (taken != 0 || form.empty() || text.substr(0, form.size()) != form) continue;
        plain += escape.letter;
        taken = form.size();
      }
      if (taken == 0 && text.substr(0, 2) == "\\/") plain += '/', taken = 2;
      if (taken == 0) taken = add_numeric(plain, text, from);
      if (taken == 0) return wrong("the text holds an escape that " + std::string(from) + " does not know");
    } else {
      plain += text[0];
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  std::string out;
  for (char c : plain) {
    std::string_view form;
    for (const Escape& escape : escapes) {
      if (escape.letter == c) form = form_of(escape, to);
    }
    if (form.empty())
      out += c;
    else
      out += form;
  }
  return out;
}

Result<std::string> cast_to(std::string_view text, std::string_view type) {
  text = trim(text);
  auto refuse = [&] { return wrong("the value is no " + std::string(type)); };
  if (type == "boolean" || type == "System.Boolean") {
    std::string lower = to_lower(text);
    if (lower == "true" || lower == "t" || lower == "yes" || lower == "y" || lower == "1") return std::string("true");
    if (lower == "false" || lower == "f" || lower == "no" || lower == "n" || lower == "0") return std::string("false");
    return refuse();
  }
  bool whole =
      type == "integer" || type == "positiveInt" || type == "unsignedInt" || type == "integer64" || type == "System.Integer";
  if (whole || type == "decimal" || type == "System.Decimal") {
    if (!text.empty() && text[0] == '+') text.remove_prefix(1);
    std::optional<fhirpath::Decimal> number = fhirpath::Decimal::parse(text);
    if (!number) return refuse();
    if (!whole) return number->to_string();
    std::optional<std::int64_t> integer = number->to_integer();
    std::int64_t low = type == "positiveInt" ? 1 : type == "unsignedInt" ? 0 : type == "integer64" ? INT64_MIN : INT32_MIN;
    if (!integer || *integer < low || (type != "integer64" && *integer > INT32_MAX)) return refuse();
    return std::to_string(*integer);
  }
  using Form = time::Moment::Form;
  if (type == "date" && text.size() > 10) text = text.substr(0, 10);
  if (type == "date" || type == "dateTime" || type == "instant" || type == "time") {
    Form form = type == "date" ? Form::Date : type == "time" ? Form::Time : Form::DateTime;
    std::optional<time::Moment> moment = time::Moment::parse(text, form, time::fhirpath_data);
    bool with_time = moment && moment->precision >= time::Moment::Precision::Hour;
    if (!moment || (form == Form::DateTime && with_time && !moment->has_zone) || (type == "instant" && !with_time))
      return refuse();
    return std::string(text);
  }
  if (text.empty()) return refuse();
  return std::string(text);
}

Result<std::string> moved_moment(std::string_view moment, std::string_view amount) {
  using Step = time::Moment::Step;
  static constexpr std::array<std::pair<std::string_view, Step>, 8> words{{{"year", Step::Year},
                                                                           {"month", Step::Month},
                                                                           {"week", Step::Week},
                                                                           {"day", Step::Day},
                                                                           {"hour", Step::Hour},
                                                                           {"minute", Step::Minute},
                                                                           {"second", Step::Second},
                                                                           {"millisecond", Step::Millisecond}}};
  bool has_time = moment.find('T') != std::string_view::npos;
  auto form = has_time ? time::Moment::Form::DateTime : time::Moment::Form::Date;
  std::optional<time::Moment> start = time::Moment::parse(moment, form, time::fhirpath_data);
  if (!start) return wrong("the value is no date or dateTime");
  std::size_t space = amount.find(' ');
  std::string_view number = trim(amount.substr(0, space));
  std::string_view unit = space == std::string_view::npos ? std::string_view{} : trim(amount.substr(space));
  if (!number.empty() && number[0] == '+') number.remove_prefix(1);
  std::optional<fhirpath::Decimal> count = fhirpath::Decimal::parse(number);
  for (const auto& [word, step] : words) {
    if (!count || (unit != word && unit != std::string(word) + "s")) continue;
    std::optional<time::Moment> moved = fhirpath::plus(*start, *count, step);
    if (!moved) return wrong("the moved date lies outside the years 1 to 9999");
    return moved->to_string();
  }
  return wrong("expected an amount such as '-5 days'");
}

Result<QuantityText> read_quantity(std::string_view text) {
  QuantityText out;
  text = trim(text);
  for (std::string_view comparator : {"<=", ">=", "<", ">", "ad"}) {
    if (!out.comparator.empty() || text.substr(0, comparator.size()) != comparator) continue;
    out.comparator = comparator;
  }
  text = trim(text.substr(out.comparator.size()));
  std::size_t end = 0;
  while (end < text.size() &&
         (std::string_view("+-.").find(text[end]) != std::string_view::npos || (text[end] >= '0' && text[end] <= '9')))
    ++end;
  out.value = text.substr(0, end);
  if (!fhirpath::Decimal::parse(out.value)) return wrong("expected a number and a unit");
  out.unit = trim(text.substr(end));
  if (out.unit.size() > 1 && out.unit.front() == '\'' && out.unit.back() == '\'')
    out.unit = out.unit.substr(1, out.unit.size() - 2);
  return out;
}

std::string_view contact_system(std::string_view value) {
  if (value.find('@') != std::string_view::npos) return "email";
  if (value.substr(0, 7) == "http://" || value.substr(0, 8) == "https://") return "url";
  std::size_t digits = 0;
  for (char c : value) {
    if (c >= '0' && c <= '9')
      ++digits;
    else if (std::string_view("+-() ./").find(c) == std::string_view::npos)
      return "other";
  }
  return digits > 0 ? "phone" : "other";
}

}  // namespace vardbron::mapping
