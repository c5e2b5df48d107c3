// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/units.h"

#include <cmath>

namespace vardbron::fhirpath {
namespace {

constexpr std::int64_t exact_power_max = 128;

/// The number of the input, or of its quantity.
bool number_input(Call& call, std::optional<Value>& value, std::optional<Decimal>& number) {
  if (!call.one(value)) return false;
  if (!value) return true;
  number = as_number(*value);
  if (value->kind() == ValueKind::Quantity) number = value->quantity().value;
  if (!number) return call.fail(call.node.text + "() works on a number.");
  return true;
}

/// Returns a number in the form of the input: a quantity keeps its unit.
bool give_like(Call& call, const Value& original, const Decimal& number) {
  if (original.kind() != ValueKind::Quantity) return call.give(Value::of(number));
  Quantity quantity = original.quantity();
  quantity.value = number;
  return call.give(Value::of(call.run.arena().keep(quantity)));
}

bool is_whole_kind(const Value& value) { return value.kind() == ValueKind::Integer || value.kind() == ValueKind::Long; }

/// A whole number as Integer, or as Long if the input is one.
bool give_whole(Call& call, const Value& original, const Decimal& result) {
  if (original.kind() == ValueKind::Quantity) return give_like(call, original, result);
  std::optional<std::int64_t> integer = result.to_integer();
  ValueKind kind = original.kind() == ValueKind::Long ? ValueKind::Long : ValueKind::Integer;
  bool fits = integer && (kind == ValueKind::Long || (*integer >= INT32_MIN && *integer <= INT32_MAX));
  if (!fits && is_whole_kind(original)) return true;  // the absolute value of the least Integer does not fit
  return fits ? call.give(Value::of(*integer, kind)) : call.give(Value::of(result));
}

bool abs(Call& call) {
  std::optional<Value> value;
  std::optional<Decimal> number;
  if (!number_input(call, value, number)) return false;
  if (!number) return true;
  const Decimal result = number->is_negative() ? number->negated() : *number;
  return is_whole_kind(*value) ? give_whole(call, *value, result) : give_like(call, *value, result);
}

Decimal ceiling_of(const Decimal& number) { return number.negated().floored(0).negated(); }
Decimal floor_of(const Decimal& number) { return number.floored(0); }
Decimal truncated(const Decimal& number) { return number.truncated(0); }

template <Decimal (*change)(const Decimal&)>
bool whole(Call& call) {
  std::optional<Value> value;
  std::optional<Decimal> number;
  if (!number_input(call, value, number)) return false;
  return !number || give_whole(call, *value, change(*number));
}

bool round(Call& call) {
  std::optional<Value> value;
  std::optional<Decimal> number;
  std::optional<std::int64_t> digits;
  if (!number_input(call, value, number) || !call.integer_argument(0, digits)) return false;
  if (!number) return true;
  if (digits.value_or(0) < 0) return call.fail("round() takes a number of digits that is not negative.");
  return give_like(call, *value,
                   number->rounded(static_cast<int>(std::min<std::int64_t>(digits.value_or(0), Decimal::digits_max))));
}

bool give_double(Call& call, double result) {
  std::optional<Decimal> number = Decimal::from_double(result);
  return !number || call.give(Value::of(*number));
}

bool double_input(Call& call, std::optional<double>& input) {
  std::optional<Value> value;
  std::optional<Decimal> number;
  if (!number_input(call, value, number)) return false;
  if (number) input = number->to_double();
  return true;
}

bool exp(Call& call) {
  std::optional<double> input;
  if (!double_input(call, input)) return false;
  return !input || give_double(call, std::exp(*input));
}

bool sqrt(Call& call) {
  std::optional<double> input;
  if (!double_input(call, input)) return false;
  return !input || *input < 0 || give_double(call, std::sqrt(*input));
}

bool ln(Call& call) {
  std::optional<double> input;
  if (!double_input(call, input)) return false;
  if (!input) return true;
  return *input <= 0 ? call.fail("ln() works on a number above zero.") : give_double(call, std::log(*input));
}

bool log(Call& call) {
  std::optional<double> number;
  std::optional<Value> base;
  if (!double_input(call, number) || !call.argument(0, base)) return false;
  if (!number) return true;
  const double input = *number;
  std::optional<Decimal> of = base ? as_number(*base) : std::nullopt;
  if (base && !of) return call.fail("log() takes a number as its base.");
  if (!of) return true;
  if (input <= 0 || of->to_double() <= 0) return call.fail("log() works on numbers above zero.");
  return give_double(call, std::log(input) / std::log(of->to_double()));
}

/// Whole exponents are computed exactly, as long as the digits fit.
std::optional<Decimal> exact_power(Decimal base, std::int64_t exponent) {
  Decimal result(std::int64_t{1});
  for (std::int64_t round = exponent < 0 ? -exponent : exponent; round > 0; --round) {
    std::optional<Decimal> product = result.times(base);
    if (!product) return std::nullopt;
    result = *product;
  }
  return exponent < 0 ? Decimal(std::int64_t{1}).divided_by(result) : result;
}

bool power(Call& call) {
  std::optional<Value> value, argument;
  std::optional<Decimal> number;
  if (!number_input(call, value, number) || !call.argument(0, argument)) return false;
  if (!number || !argument) return true;
  std::optional<Decimal> exponent = as_number(*argument);
  if (!exponent || value->kind() == ValueKind::Quantity) return call.fail("power() takes a number and a number as its exponent.");
  std::optional<std::int64_t> times = exponent->to_integer();
  std::optional<Decimal> exact = times && std::abs(*times) <= exact_power_max ? exact_power(*number, *times) : std::nullopt;
  if (!exact) return give_double(call, std::pow(number->to_double(), exponent->to_double()));
  bool whole_numbers = value->kind() != ValueKind::Decimal && argument->kind() != ValueKind::Decimal && *times >= 0;
  std::optional<std::int64_t> integer = exact->to_integer();
  if (whole_numbers && integer && *integer >= INT32_MIN && *integer <= INT32_MAX)
    return call.give(Value::of(*integer, value->kind()));
  return call.give(Value::of(*exact));
}

bool aggregate(Call& call) {
  List total;
  if (call.has_argument(1) && !call.argument(1, total)) return false;
  for (std::uint32_t place = 0; place < call.input.size; ++place) {
    List next;
    if (!call.run.evaluate(call.node.arguments[0], Frame{{call.input.data + place, 1}, place, total.span()}, next)) return false;
    total = next;
  }
  call.run.append(call.out, total.span());
  return true;
}

bool add_up(Call& call, std::optional<Value>& total) {
  Node plus = call.node;
  plus.op = Operator::Add;
  for (const Value& item : call.input) {
    if (call.run.has_unknown_value(item)) {
      total.reset();
      return true;
    }
    if (!total) {
      total = call.run.system(item);
      bool is_summable = total && (as_number(*total) || total->kind() == ValueKind::Quantity);
      if (!is_summable) return call.run.fail(call.node, call.node.text + "() works on numbers and quantities.", &item);
      continue;
    }
    List result;
    if (!arithmetic(call.run, plus, *total, item, result)) return false;
    if (result.empty()) {
      total.reset();
      return true;
    }
    total = result[0];
  }
  return true;
}

bool sum(Call& call) {
  std::optional<Value> total;
  if (!add_up(call, total)) return false;
  return !total || call.give(*total);
}

bool average(Call& call) {
  std::optional<Value> total;
  if (!add_up(call, total)) return false;
  if (!total) return true;
  std::optional<Decimal> number = total->kind() == ValueKind::Quantity ? total->quantity().value : as_number(*total);
  std::optional<Decimal> mean = number->divided_by(Decimal(std::int64_t{call.input.size}));
  return !mean || give_like(call, *total, *mean);
}

bool extreme(Call& call, bool least) {
  if (call.input.empty()) return true;
  Value best = call.input[0];
  for (const Value& item : call.input) {
    std::optional<int> order;
    if (!compare(call.run, call.node, item, best, order)) return false;
    if (!order) return true;
    if (*order != 0 && (*order < 0) == least) best = item;
  }
  return call.give(best);
}

bool least(Call& call) { return extreme(call, true); }
bool greatest(Call& call) { return extreme(call, false); }

}  // namespace

FunctionTable number_functions() {
  static constexpr Function table[] = {
      {"abs", {}, Takes::OneNumber, Gives::Number, abs, folds},
      {"ceiling", {}, Takes::OneNumber, Gives::Number, whole<ceiling_of>, folds},
      {"exp", {}, Takes::OneNumber, Gives::Decimal, exp, folds},
      {"floor", {}, Takes::OneNumber, Gives::Number, whole<floor_of>, folds},
      {"ln", {}, Takes::OneNumber, Gives::Decimal, ln, folds},
      {"log", {1, 1, {a_number}}, Takes::OneNumber, Gives::Decimal, log, folds},
      {"power", {1, 1, {a_number}}, Takes::OneNumber, Gives::Number, power, folds},
      {"round", {0, 1, {a_whole_number}}, Takes::OneNumber, Gives::Number, round, folds},
      {"sqrt", {}, Takes::OneNumber, Gives::Decimal, sqrt, folds},
      {"truncate", {}, Takes::OneNumber, Gives::Number, whole<truncated>, folds},
      {"aggregate", {1, 2, {for_each_item}}, Takes::Anything, Gives::Unknown, aggregate},
      {"sum", {}, Takes::Anything, Gives::Number, sum, folds},
      {"min", {}, Takes::Anything, Gives::One, least, folds},
      {"max", {}, Takes::Anything, Gives::One, greatest, folds},
      {"avg", {}, Takes::Anything, Gives::Number, average, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
