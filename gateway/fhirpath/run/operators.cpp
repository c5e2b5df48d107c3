// Tested by tests/fhirpath/specification_operators_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/run/equality_index.h"
#include "gateway/fhirpath/values/units.h"

namespace vardbron::fhirpath {
namespace {

std::string_view symbol(Operator op) {
  switch (op) {
    case Operator::Multiply: return "*";
    case Operator::Divide: return "/";
    case Operator::WholeDivide: return "div";
    case Operator::Modulo: return "mod";
    case Operator::Add: return "+";
    case Operator::Subtract: return "-";
    case Operator::Concatenate: return "&";
    default: return "this operator";
  }
}

bool give(Evaluation& run, List& out, const std::optional<Decimal>& number) {
  if (number) run.push(out, Value::of(*number));
  return true;
}

/// Whole numbers keep their type; a result that does not fit is empty (N1 6.6).
bool give_whole(Evaluation& run, List& out, bool is_long, bool overflows, std::int64_t number) {
  bool fits = !overflows && (is_long || (number >= INT32_MIN && number <= INT32_MAX));
  if (fits) run.push(out, Value::of(number, is_long ? ValueKind::Long : ValueKind::Integer));
  return true;
}

bool whole_arithmetic(Evaluation& run, const Node& node, const Value& left, const Value& right, List& out) {
  bool is_long = left.kind() == ValueKind::Long || right.kind() == ValueKind::Long;
  bool overflows = false;
  std::int64_t result = 0;
  std::int64_t divisor = right.integer();
  switch (node.op) {
    case Operator::Add: overflows = __builtin_add_overflow(left.integer(), divisor, &result); break;
    case Operator::Subtract: overflows = __builtin_sub_overflow(left.integer(), divisor, &result); break;
    case Operator::Multiply: overflows = __builtin_mul_overflow(left.integer(), divisor, &result); break;
    case Operator::WholeDivide:
      if (divisor == 0 || (divisor == -1 && left.integer() == INT64_MIN)) return true;
      result = left.integer() / divisor;
      break;
    case Operator::Modulo:
      if (divisor == 0) return true;
      result = divisor == -1 ? 0 : left.integer() % divisor;
      break;
    default: return give(run, out, Decimal(left.integer()).divided_by(Decimal(divisor)));
  }
  return give_whole(run, out, is_long, overflows, result);
}

bool decimal_arithmetic(Evaluation& run, const Node& node, const Decimal& left, const Decimal& right, List& out) {
  switch (node.op) {
    case Operator::Add: return give(run, out, left.plus(right));
    case Operator::Subtract: return give(run, out, left.minus(right));
    case Operator::Multiply: return give(run, out, left.times(right));
    case Operator::Divide: return give(run, out, left.divided_by(right));
    default: break;
  }
  std::optional<Decimal> quotient = left.divided_by(right);
  if (!quotient) return true;
  Decimal whole = quotient->truncated(0);
  if (node.op == Operator::WholeDivide) return give(run, out, whole);
  std::optional<Decimal> product = whole.times(right);
  return give(run, out, product ? left.minus(*product) : std::nullopt);
}

Quantity quantity_of(const Value& value) {
  if (value.kind() == ValueKind::Quantity) return value.quantity();
  return {*as_number(value), "1", false, false};
}

/// The unit of the result is the finer one of the two (N1 6.6.3: 3 'm' + 3 'cm' is 303 'cm'). A plain number has the unit '1'.
bool add_quantities(Evaluation& run, const Node& node, const Quantity& first, const Quantity& second, List& out) {
  Quantity left = beside(first, second), right = beside(second, first);
  if (differ_by_calendar(left, right)) return true;
  const bool to_right = is_coarser(left, right);
  std::optional<Decimal> changed = to_right ? converted(left, right) : converted(right, left);
  if (!changed) return true;
  Quantity result = to_right ? right : left;
  (to_right ? left : right).value = *changed;
  std::optional<Decimal> sum = node.op == Operator::Add ? left.value.plus(right.value) : left.value.minus(right.value);
  if (!sum) return true;
  result.value = *sum;
  if (result.is_calendar && left.unit != right.unit) result.unit = calendar_word(result);
  run.push(out, Value::of(run.arena().keep(result)));
  return true;
}

bool multiply_quantities(Evaluation& run, const Node& node, const Quantity& left, const Quantity& right, List& out) {
  bool divides = node.op == Operator::Divide;
  std::optional<Decimal> value = divides ? left.value.divided_by(right.value) : left.value.times(right.value);
  if (!value) return true;
  Quantity result{*value, left.unit, left.is_calendar, left.is_from_fhir};
  if (left.unit == "1" && !divides) {
    result = right;
    result.value = *value;
  } else if (right.unit != "1") {
    if (left.is_calendar || right.is_calendar) return true;
    std::optional<std::string> unit =
        combined_unit(left.unit, right.unit, divides ? UnitOperation::Divide : UnitOperation::Multiply);
    if (!unit) return true;
    result.unit = run.arena().keep(*unit);
    result.is_from_fhir = false;
  }
  run.push(out, Value::of(run.arena().keep(result)));
  return true;
}

bool no_arithmetic(Evaluation& run, const Node& node, const Value& at) {
  return run.fail(node, "'" + std::string(symbol(node.op)) + "' is not defined between these two kinds of values.", &at);
}

bool add_time(Evaluation& run, const Node& node, const Value& left, const Value& right, List& out) {
  Moment moment = left.moment();
  Quantity quantity = right.quantity();
  std::optional<Moment::Step> step = step_of(quantity);
  if (!step) return run.fail(node, "Only calendar units and definite units of time up to weeks can be added to a date or time.");
  if (moment.form == Moment::Form::Time && *step <= Moment::Step::Day) {
    return run.fail(node, "To a time of day only hours, minutes, seconds and milliseconds can be added.");
  }
  Decimal count = node.op == Operator::Subtract ? quantity.value.negated() : quantity.value;
  if (std::optional<Moment> moved = plus(moment, count, *step)) run.push(out, Value::of(*moved));
  return true;
}

bool concatenate(Evaluation& run, const Node& node, const List& left, const List& right, List& out) {
  std::string_view texts[2];
  int place = 0;
  for (const List* side : {&left, &right}) {
    if (!side->empty()) {
      std::optional<Value> value = run.system((*side)[0]);
      if (!value || value->kind() != ValueKind::String) return no_arithmetic(run, node, (*side)[0]);
      texts[place] = value->text();
    }
    ++place;
  }
  run.push(out, Value::of(joined(run.arena(), texts[0], texts[1])));
  return true;
}

bool order(Evaluation& run, const Node& node, const Value& left, const Value& right, List& out) {
  std::optional<int> sign;
  if (!compare(run, node, left, right, sign)) return false;
  if (!sign) return true;
  bool holds = node.op == Operator::Less          ? *sign < 0
               : node.op == Operator::LessOrEqual ? *sign <= 0
               : node.op == Operator::Greater     ? *sign > 0
                                                  : *sign >= 0;
  run.push(out, Value(holds));
  return true;
}

/// and, or, xor, implies by three-valued logic (N1 6.5); the right side is not evaluated if the left one decides.
bool logic(Evaluation& run, const Node& node, const Frame& frame, List& out) {
  std::optional<bool> left, right;
  if (!run.evaluate_boolean(node.arguments[0], frame, left)) return false;
  bool is_decided = (node.op == Operator::And && left == false) || (node.op == Operator::Or && left == true) ||
                    (node.op == Operator::Implies && left == false);
  if (is_decided) {
    run.push(out, Value(node.op != Operator::And));
    return true;
  }
  if (!run.evaluate_boolean(node.arguments[1], frame, right)) return false;
  std::optional<bool> result;
  switch (node.op) {
    case Operator::And: result = right == false ? right : (left && right) ? std::optional(true) : std::nullopt; break;
    case Operator::Or: result = right == true ? right : (left && right) ? std::optional(false) : std::nullopt; break;
    case Operator::Xor: result = (left && right) ? std::optional(*left != *right) : std::nullopt; break;
    default: result = right == true ? right : left ? right : std::nullopt; break;
  }
  if (result) run.push(out, Value(*result));
  return true;
}

bool is_logic(Operator op) { return op == Operator::And || op == Operator::Or || op == Operator::Xor || op == Operator::Implies; }

bool membership(Evaluation& run, const Node& node, const List& item, const List& values, List& out) {
  if (item.empty()) return true;
  if (item.size > 1)
    return run.fail(node, "Membership is asked of one item, and there are " + std::to_string(item.size) + ".", item.data);
  run.push(out, Value(contains(run, values.span(), item[0])));
  return run.step(node, values.size);
}

/// Operators between two single items.
bool single_items(Evaluation& run, const Node& node, const List& left, const List& right, List& out) {
  for (const List* side : {&left, &right}) {
    if (side->size > 1)
      return run.fail(node, "Each side must be one item, and there are " + std::to_string(side->size) + ".", side->data);
  }
  if (node.op == Operator::Concatenate) return concatenate(run, node, left, right, out);
  if (left.empty() || right.empty()) return true;
  bool orders = node.op == Operator::Less || node.op == Operator::LessOrEqual || node.op == Operator::Greater ||
                node.op == Operator::GreaterOrEqual;
  return orders ? order(run, node, left[0], right[0], out) : arithmetic(run, node, left[0], right[0], out);
}

}  // namespace

std::string_view joined(Arena& arena, std::string_view left, std::string_view right) {
  char* room = arena.room(left.size() + right.size());
  left.copy(room, left.size());
  right.copy(room + left.size(), right.size());
  return {room, left.size() + right.size()};
}

namespace {

/// An untyped text to which a duration is added is parsed as a date or a time of day.
void adapt_to_time(const Value& original, std::optional<Value>& left, const std::optional<Value>& right) {
  if (!original.is_element() || original.type() != 0 || !left || !right) return;
  if (left->kind() != ValueKind::String || right->kind() != ValueKind::Quantity) return;
  for (ValueKind kind : {ValueKind::Date, ValueKind::DateTime, ValueKind::Time}) {
    if (std::optional<Value> read = read_text_as(left->text(), kind)) {
      left = read;
      return;
    }
  }
}

}  // namespace

bool arithmetic(Evaluation& run, const Node& node, const Value& first, const Value& second, List& out) {
  if (run.has_unknown_value(first) || run.has_unknown_value(second)) return true;
  std::optional<Value> left = run.system(first);
  std::optional<Value> right = run.system(second);
  adapt_to_time(first, left, right);
  if (!left || !right) return no_arithmetic(run, node, first);
  auto is_whole = [](const Value& value) { return value.kind() == ValueKind::Integer || value.kind() == ValueKind::Long; };
  std::optional<Decimal> numbers[] = {as_number(*left), as_number(*right)};
  if (is_whole(*left) && is_whole(*right)) return whole_arithmetic(run, node, *left, *right, out);
  if (numbers[0] && numbers[1]) return decimal_arithmetic(run, node, *numbers[0], *numbers[1], out);
  bool adds = node.op == Operator::Add || node.op == Operator::Subtract;
  if (is_moment(left->kind()) && adds && right->kind() == ValueKind::Quantity) return add_time(run, node, *left, *right, out);
  if (node.op == Operator::Add && left->kind() == ValueKind::String && right->kind() == ValueKind::String) {
    run.push(out, Value::of(joined(run.arena(), left->text(), right->text())));
    return true;
  }
  bool quantities[] = {left->kind() == ValueKind::Quantity, right->kind() == ValueKind::Quantity};
  bool is_quantity = (quantities[0] || quantities[1]) && (quantities[0] || numbers[0]) && (quantities[1] || numbers[1]);
  if (is_quantity && adds) return add_quantities(run, node, quantity_of(*left), quantity_of(*right), out);
  if (is_quantity && (node.op == Operator::Multiply || node.op == Operator::Divide)) {
    return multiply_quantities(run, node, quantity_of(*left), quantity_of(*right), out);
  }
  return no_arithmetic(run, node, first);
}

bool binary(Evaluation& run, const Node& node, const Frame& frame, List& out) {
  if (is_logic(node.op)) return logic(run, node, frame, out);
  List left, right;
  if (!run.evaluate(node.arguments[0], frame, left) || !run.evaluate(node.arguments[1], frame, right)) return false;
  if (node.op != Operator::Union) {
    left = run.known(left);
    right = run.known(right);
  }
  switch (node.op) {
    case Operator::Equal:
    case Operator::NotEqual: {
      std::optional<bool> same = equal(run, left.span(), right.span());
      if (same) run.push(out, Value(*same == (node.op == Operator::Equal)));
      return run.step(node, left.size);
    }
    case Operator::Equivalent:
    case Operator::NotEquivalent:
      run.push(out, Value(equivalent(run, left.span(), right.span()) == (node.op == Operator::Equivalent)));
      return run.step(node, left.size);
    case Operator::Union: {
      Distinct distinct(run, out);
      return distinct.append(node, left.span()) && distinct.append(node, right.span());
    }
    case Operator::In: return membership(run, node, left, right, out);
    case Operator::Contains: return membership(run, node, right, left, out);
    default: return single_items(run, node, left, right, out);
  }
}

}  // namespace vardbron::fhirpath
