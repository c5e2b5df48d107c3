#include "gateway/fhirpath/date_format.h"
#include "gateway/fhirpath/evaluation.h"
#include "gateway/fhirpath/text_form.h"
#include "gateway/fhirpath/unicode.h"
#include "gateway/fhirpath/units.h"

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
  return text ? Converted(Value::of(call.run.pages().keep(*text))) : std::nullopt;
}

Converted to_moment(const Value& value, Moment::Form form, std::optional<std::string_view> format) {
  if (value.kind() == ValueKind::String) {
    std::optional<Moment> read;
    if (format) {
      read = parse_by_format(value.text(), *format, form);
    } else {
      read = Moment::parse(value.text(), form);
      if (!read && form == Moment::Form::Date) {
        read = Moment::parse(value.text(), Moment::Form::DateTime);
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
std::optional<Quantity> read_quantity(std::string_view text, Pages& pages) {
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
  quantity.unit = pages.keep(unit);
  return quantity;
}

Converted to_quantity(Call& call, const Value& value, std::optional<std::string_view> unit) {
  std::optional<Quantity> quantity;
  if (std::optional<Decimal> number = as_number(value)) quantity = Quantity{*number, "1", false, false};
  if (value.kind() == ValueKind::Boolean)
    quantity = Quantity{Decimal(Decimal::Wide{value.boolean() ? 10 : 0}, 1), "1", false, false};
  if (value.kind() == ValueKind::Quantity) quantity = value.quantity();
  if (value.kind() == ValueKind::String) quantity = read_quantity(value.text(), call.run.pages());
  if (!quantity) return std::nullopt;
  if (unit) {
    Quantity wanted{Decimal(), call.run.pages().keep(*unit), is_calendar_unit(*unit), false};
    // Asked for by name, the calendar's mean lengths are good enough (N1 5.5.7).
    std::optional<Decimal> changed = roughly_converted(*quantity, wanted);
    if (!changed) return std::nullopt;
    wanted.value = *changed;
    quantity = wanted;
  }
  return Value::of(call.run.pages().keep(*quantity));
}

Converted convert(Call& call, const Value& value, Function to, std::optional<std::string_view> form) {
  switch (to) {
    case Function::ToBoolean: return to_boolean(value);
    case Function::ToInteger: return to_whole(value, ValueKind::Integer);
    case Function::ToLong: return to_whole(value, ValueKind::Long);
    case Function::ToDecimal: return to_decimal(value);
    case Function::ToString: return to_text(call, value);
    case Function::ToDate: return to_moment(value, Moment::Form::Date, form);
    case Function::ToDateTime: return to_moment(value, Moment::Form::DateTime, form);
    case Function::ToTime: return to_moment(value, Moment::Form::Time, form);
    default: return to_quantity(call, value, form);
  }
}

}  // namespace

bool call_conversion(Call& call) {
  std::optional<Value> value;
  std::optional<std::string_view> form;
  if (!call.one(value) || !call.text_argument(0, form)) return false;
  if (!value) return true;
  // In the list of functions convertsToX stands right behind toX.
  int number = static_cast<int>(call.node.function) - static_cast<int>(Function::ToBoolean);
  bool asks = number % 2 == 1;
  Function to = static_cast<Function>(static_cast<int>(call.node.function) - (asks ? 1 : 0));
  Converted converted = convert(call, *value, to, form);
  if (asks) return call.give(converted.has_value());
  return !converted || call.give(*converted);
}

}  // namespace vardbron::fhirpath
