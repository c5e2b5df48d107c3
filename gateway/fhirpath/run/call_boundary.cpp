// Tested by tests/fhirpath/specification_functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/units.h"

namespace vardbron::fhirpath {
namespace {

constexpr int decimal_precision_default = 8;
constexpr int decimal_precision_max = 31;

std::optional<Decimal> half_unit(const Decimal& number) { return Decimal(Decimal::Wide{5}, number.scale() + 1); }

/// The end of the interval of a written number: 1.587 is at least 1.5865. With fewer digits requested than written, the end
/// nearer to zero is truncated and the other one rounded to the nearest.
std::optional<Decimal> decimal_boundary(const Decimal& number, int precision, bool high) {
  std::optional<Decimal> half = half_unit(number);
  std::optional<Decimal> end = high ? number.plus(*half) : number.minus(*half);
  if (!end) return std::nullopt;
  if (precision >= end->scale()) return end->with_scale(precision);
  bool away_from_zero = high != number.is_negative();
  return away_from_zero ? end->rounded(precision) : end->truncated(precision);
}

/// `digits` in the terms of precision(); nullopt: too many.
std::optional<Moment::Precision> precision_of(std::int64_t digits, Moment::Form form) {
  std::int64_t shifted = form == Moment::Form::Time ? digits + 8 : digits;
  constexpr std::int64_t counts[] = {4, 6, 8, 10, 12, 14, 17};
  std::size_t most = form == Moment::Form::Date ? 2 : 6;
  for (std::size_t place = form == Moment::Form::Time ? 3 : 0; place <= most; ++place) {
    if (shifted == counts[place]) return static_cast<Moment::Precision>(place);
  }
  return std::nullopt;
}

bool moment_boundary(Call& call, const Moment& moment, std::optional<std::int64_t> digits, bool high) {
  std::int64_t most = moment.form == Moment::Form::Date ? 8 : moment.form == Moment::Form::Time ? 9 : 17;
  std::optional<Moment::Precision> wanted = precision_of(digits.value_or(most), moment.form);
  if (!wanted) return true;
  return call.give(Value::of(high ? moment.high_boundary(*wanted) : moment.low_boundary(*wanted)));
}

bool boundary(Call& call, bool high) {
  std::optional<Value> value;
  std::optional<std::int64_t> digits;
  if (!call.one(value) || !call.integer_argument(0, digits)) return false;
  if (!value) return true;
  bool is_quantity = value->kind() == ValueKind::Quantity;
  std::optional<Decimal> number = is_quantity ? value->quantity().value : as_number(*value);
  if (!number) {
    if (!is_moment(value->kind())) return call.fail(call.node.text + "() works on a number, a quantity, a date or a time.");
    return moment_boundary(call, value->moment(), digits, high);
  }
  std::int64_t precision = digits.value_or(decimal_precision_default);
  if (precision < 0 || precision > decimal_precision_max) return true;
  std::optional<Decimal> end = decimal_boundary(*number, static_cast<int>(precision), high);
  if (!end) return true;
  if (!is_quantity) return call.give(Value::of(*end));
  Quantity quantity = value->quantity();
  quantity.value = *end;
  return call.give(Value::of(call.run.arena().keep(quantity)));
}

bool low_boundary(Call& call) { return boundary(call, false); }
bool high_boundary(Call& call) { return boundary(call, true); }

bool precision(Call& call) {
  std::optional<Value> value;
  if (!call.one(value)) return false;
  if (!value) return true;
  switch (value->kind()) {
    case ValueKind::Integer:
    case ValueKind::Long:
    case ValueKind::Decimal: return call.give(Value::of(std::int64_t{as_number(*value)->scale()}));
    case ValueKind::Quantity: return call.give(Value::of(std::int64_t{value->quantity().value.scale()}));
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::Time: return call.give(Value::of(std::int64_t{value->moment().digits()}));
    default: return call.fail("precision() works on a number, a date or a time.");
  }
}

bool comparable(Call& call) {
  std::optional<Value> value, other;
  if (!call.one(value) || !call.argument(0, other)) return false;
  if (!value || !other) return true;
  Quantity quantities[2];
  int place = 0;
  for (const Value& side : {*value, *other}) {
    std::optional<Decimal> number = as_number(side);
    if (!number && side.kind() != ValueKind::Quantity) return true;
    quantities[place++] = number ? Quantity{*number, "1", false, false} : side.quantity();
  }
  return call.give(compare(quantities[0], quantities[1]).has_value());
}

}  // namespace

FunctionTable boundary_functions() {
  static constexpr Function table[] = {
      {"lowBoundary", {0, 1, {a_whole_number}}, Takes::OneNumberOrMoment, Gives::One, low_boundary, folds},
      {"highBoundary", {0, 1, {a_whole_number}}, Takes::OneNumberOrMoment, Gives::One, high_boundary, folds},
      {"precision", {}, Takes::OneNumberOrMoment, Gives::Integer, precision, folds},
      {"comparable", {1, 1}, Takes::One, Gives::Boolean, comparable, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
