// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/edges_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/text_form.h"
#include "gateway/fhirpath/values/unicode.h"
#include "gateway/fhirpath/values/units.h"
#include "gateway/time/format.h"

namespace vardbron::fhirpath {
namespace {

using Converted = std::optional<Value>;

std::optional<bool> truth_word(std::string_view text) {
  std::string word = lower(text);
  for (std::string_view known : {"true", "t", "yes", "y", "1", "1.0"}) {
    if (word == known) return true;
  }
  for (std::string_view known : {"false", "f", "no", "n", "0", "0.0"}) {
    if (word == known) return false;
  }
  return std::nullopt;
}

Converted to_boolean(const Value& value) {
  std::optional<bool> truth;
  if (value.kind() == ValueKind::Boolean) return value;
  if (value.kind() == ValueKind::String) truth = truth_word(value.text());
  if (std::optional<Decimal> number = as_number(value)) {
    if (*number == Decimal(std::int64_t{1})) truth = true;
    if (number->is_zero()) truth = false;
  }
  return truth ? Converted(Value(*truth)) : std::nullopt;
}

bool is_whole_text(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  return at < text.size() && text.find_first_not_of("0123456789", at) == std::string_view::npos;
}

Converted to_whole(const Value& value, ValueKind kind) {
  std::optional<std::int64_t> number;
  if (value.kind() == ValueKind::Boolean) number = value.boolean() ? 1 : 0;
  if (value.kind() == ValueKind::Integer || value.kind() == ValueKind::Long) number = value.integer();
  if (value.kind() == ValueKind::String && is_whole_text(value.text())) {
    std::optional<Decimal> read = Decimal::parse(value.text());
    if (read) number = read->to_integer();
  }
  bool fits = number && (kind == ValueKind::Long || (*number >= INT32_MIN && *number <= INT32_MAX));
  return fits ? Converted(Value::of(*number, kind)) : std::nullopt;
}

std::optional<Decimal> read_plain(std::string_view text) {
  if (text.find_first_of("eE") != std::string_view::npos) return std::nullopt;
  return Decimal::parse(text);
}

Converted to_decimal(const Value& value) {
  std::optional<Decimal> number = as_number(value);
  if (value.kind() == ValueKind::Boolean) number = Decimal(Decimal::Wide{value.boolean() ? 10 : 0}, 1);
  if (value.kind() == ValueKind::String) number = read_plain(value.text());
  return number ? Converted(Value::of(*number)) : std::nullopt;
}

Converted to_text(Call& call, const Value& value) {
  if (value.kind() == ValueKind::String) return value;
  std::optional<std::string> text = text_form(value);
  return text ? Converted(Value::of(call.run.arena().keep(*text))) : std::nullopt;
}

std::optional<Moment> read_by_format(std::string_view text, std::string_view format, Moment::Form form) {
  std::optional<time::FormatParts> parts = time::read_format(text, format, time::FormatDialect::Fhirpath);
  if (!parts) return std::nullopt;
  if (parts->is_afternoon && parts->hour >= 0) parts->hour = parts->hour % 12 + (*parts->is_afternoon ? 12 : 0);
  return time::to_moment(*parts, form);
}

Converted to_moment(const Value& value, Moment::Form form, std::optional<std::string_view> format) {
  if (value.kind() == ValueKind::String) {
    std::optional<Moment> read;
    if (format) {
      read = read_by_format(value.text(), *format, form);
    } else {
      read = Moment::parse(value.text(), form, time::fhirpath_text);
      if (!read && form == Moment::Form::Date) {
        read = Moment::parse(value.text(), Moment::Form::DateTime, time::fhirpath_text);
        if (read) read = read->as(form);
      }
    }
    return read ? Converted(Value::of(*read)) : std::nullopt;
  }
  bool is_time = form == Moment::Form::Time;
  if (value.kind() == ValueKind::Time) return is_time ? Converted(value) : std::nullopt;
  if (is_time || (value.kind() != ValueKind::Date && value.kind() != ValueKind::DateTime)) return std::nullopt;
  return Value::of(value.moment().as(form));
}

/// 4 days, 10 'mg', 5.5 (N1 5.5.7).
std::optional<Quantity> read_quantity(std::string_view text, Arena& arena) {
  std::size_t end = text.find_first_not_of("+-0123456789.");
  std::optional<Decimal> amount = read_plain(text.substr(0, end));
  if (!amount) return std::nullopt;
  Quantity quantity{*amount, "1", false, false};
  if (end == std::string_view::npos) return quantity;
  std::size_t begin = text.find_first_not_of(" \t\r\n", end);
  if (begin == std::string_view::npos) return std::nullopt;
  std::string_view unit = text.substr(begin);
  bool is_quoted = unit.size() > 2 && unit.front() == '\'' && unit.back() == '\'';
  if (is_quoted) unit = unit.substr(1, unit.size() - 2);
  quantity.is_calendar = is_calendar_unit(unit);
  if ((!is_quoted && !quantity.is_calendar) || unit.find('\'') == 0) return std::nullopt;
  quantity.unit = arena.keep(unit);
  return quantity;
}

Converted to_quantity(Call& call, const Value& value, std::optional<std::string_view> unit) {
  std::optional<Quantity> quantity;
  if (std::optional<Decimal> number = as_number(value)) quantity = Quantity{*number, "1", false, false};
  if (value.kind() == ValueKind::Boolean)
    quantity = Quantity{Decimal(Decimal::Wide{value.boolean() ? 10 : 0}, 1), "1", false, false};
  if (value.kind() == ValueKind::Quantity) quantity = value.quantity();
  if (value.kind() == ValueKind::String) quantity = read_quantity(value.text(), call.run.arena());
  if (!quantity) return std::nullopt;
  if (unit) {
    Quantity wanted{Decimal(), call.run.arena().keep(*unit), is_calendar_unit(*unit), false};
    // An explicit conversion may use the calendar's mean lengths (N1 5.5.7).
    std::optional<Decimal> changed = roughly_converted(*quantity, wanted);
    if (!changed) return std::nullopt;
    wanted.value = *changed;
    quantity = wanted;
  }
  return Value::of(call.run.arena().keep(*quantity));
}

using Format = std::optional<std::string_view>;

Converted boolean(Call&, const Value& value, Format) { return to_boolean(value); }
Converted integer(Call&, const Value& value, Format) { return to_whole(value, ValueKind::Integer); }
Converted long_integer(Call&, const Value& value, Format) { return to_whole(value, ValueKind::Long); }
Converted decimal(Call&, const Value& value, Format) { return to_decimal(value); }
Converted text(Call& call, const Value& value, Format) { return to_text(call, value); }
Converted date(Call&, const Value& value, Format format) { return to_moment(value, Moment::Form::Date, format); }
Converted date_time(Call&, const Value& value, Format format) { return to_moment(value, Moment::Form::DateTime, format); }
Converted time(Call&, const Value& value, Format format) { return to_moment(value, Moment::Form::Time, format); }

/// Converts the input, if there is one; without an input `was_there` is false.
template <auto convert>
bool converted_input(Call& call, bool& was_there, Converted& converted) {
  std::optional<Value> value;
  Format format;
  if (!call.one(value) || !call.text_argument(0, format)) return false;
  was_there = value.has_value();
  if (value) converted = convert(call, *value, format);
  return true;
}

template <auto convert>
bool to(Call& call) {
  bool was_there = false;
  Converted converted;
  if (!converted_input<convert>(call, was_there, converted)) return false;
  return !converted || call.give(*converted);
}

template <auto convert>
bool converts_to(Call& call) {
  bool was_there = false;
  Converted converted;
  if (!converted_input<convert>(call, was_there, converted)) return false;
  return !was_there || call.give(converted.has_value());
}

}  // namespace

FunctionTable conversion_functions() {
  static constexpr Function table[] = {
      {"toBoolean", {}, Takes::One, Gives::Boolean, to<boolean>, folds},
      {"convertsToBoolean", {}, Takes::One, Gives::Boolean, converts_to<boolean>, folds},
      {"toInteger", {}, Takes::One, Gives::Integer, to<integer>, folds},
      {"convertsToInteger", {}, Takes::One, Gives::Boolean, converts_to<integer>, folds},
      {"toLong", {}, Takes::One, Gives::Long, to<long_integer>, folds},
      {"convertsToLong", {}, Takes::One, Gives::Boolean, converts_to<long_integer>, folds},
      {"toDecimal", {}, Takes::One, Gives::Decimal, to<decimal>, folds},
      {"convertsToDecimal", {}, Takes::One, Gives::Boolean, converts_to<decimal>, folds},
      {"toString", {}, Takes::One, Gives::Text, to<text>, folds},
      {"convertsToString", {}, Takes::One, Gives::Boolean, converts_to<text>, folds},
      {"toDate", {0, 1, {a_text}}, Takes::One, Gives::Date, to<date>, folds},
      {"convertsToDate", {0, 1, {a_text}}, Takes::One, Gives::Boolean, converts_to<date>, folds},
      {"toDateTime", {0, 1, {a_text}}, Takes::One, Gives::DateTime, to<date_time>, folds},
      {"convertsToDateTime", {0, 1, {a_text}}, Takes::One, Gives::Boolean, converts_to<date_time>, folds},
      {"toTime", {}, Takes::One, Gives::Time, to<time>, folds},
      {"convertsToTime", {}, Takes::One, Gives::Boolean, converts_to<time>, folds},
      {"toQuantity", {0, 1, {a_text}}, Takes::One, Gives::Quantity, to<to_quantity>, folds},
      {"convertsToQuantity", {0, 1, {a_text}}, Takes::One, Gives::Boolean, converts_to<to_quantity>, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
