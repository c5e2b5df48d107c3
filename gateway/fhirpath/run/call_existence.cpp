// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/run/equality_index.h"

namespace vardbron::fhirpath {
namespace {

/// exists(criteria) and all(criteria): stops at the first item with the result `decisive`.
bool any_item(Call& call, bool decisive, bool& found) {
  found = false;
  for (std::uint32_t place = 0; place < call.input.size && !found; ++place) {
    Frame frame{{call.input.data + place, 1}, place, call.frame.total};
    std::optional<bool> truth;
    if (!call.run.evaluate_boolean(call.node.arguments[0], frame, truth)) return false;
    found = truth.value_or(false) == decisive;
  }
  return true;
}

bool empty(Call& call) { return call.give(call.input.empty()); }

bool exists(Call& call) {
  if (!call.has_argument(0)) return call.give(!call.input.empty());
  bool found = false;
  return any_item(call, true, found) && call.give(found);
}

bool all(Call& call) {
  bool found = false;
  return any_item(call, false, found) && call.give(!found);
}

/// allTrue and its kin: true when every (or any) item is `wanted`. Unknown if items without a value decide.
bool truth_values(Call& call, bool wanted, bool every) {
  bool result = every, is_known = true;
  for (const Value& item : call.input) {
    if (call.run.lacks_value(item)) {
      is_known = false;
      continue;
    }
    std::optional<Value> value = call.run.system(item);
    if (!value || value->kind() != ValueKind::Boolean)
      return call.run.fail(call.node, call.node.text + "() works on truth values only.", &item);
    if ((value->boolean() == wanted) != every) result = !every;
  }
  return (result == every && !is_known) || call.give(result);
}

bool all_true(Call& call) { return truth_values(call, true, true); }
bool any_true(Call& call) { return truth_values(call, true, false); }
bool all_false(Call& call) { return truth_values(call, false, true); }
bool any_false(Call& call) { return truth_values(call, false, false); }

bool is_subset(Call& call, std::span<const Value> part, std::span<const Value> whole, bool& result) {
  result = true;
  EqualityIndex index(call.run);
  if (!index.add(call.node, whole)) return false;
  for (std::size_t place = 0; place < part.size() && result; ++place) {
    const Fingerprint print = fingerprint(call.run, part[place]);
    if (!index.find(call.node, whole, part[place], print, result) || !call.run.step(call.node)) return false;
  }
  return true;
}

bool subset_of(Call& call) {
  List other;
  bool result = false;
  return call.argument(0, other) && is_subset(call, call.input.span(), other.span(), result) && call.give(result);
}

bool superset_of(Call& call) {
  List other;
  bool result = false;
  return call.argument(0, other) && is_subset(call, other.span(), call.input.span(), result) && call.give(result);
}

bool count(Call& call) { return call.give(Value::of(std::int64_t{call.input.size})); }

bool distinct(Call& call) { return append_distinct(call.run, call.node, call.input.span(), call.out); }

bool is_distinct(Call& call) {
  List distinct;
  if (!append_distinct(call.run, call.node, call.input.span(), distinct)) return false;
  return call.give(distinct.size == call.input.size);
}

bool negate(Call& call) {
  std::optional<bool> truth;
  if (!call.run.boolean(call.node, call.input.span(), truth)) return false;
  return !truth || call.give(!*truth);
}

}  // namespace

FunctionTable existence_functions() {
  static constexpr Function table[] = {
      {"empty", {}, Takes::Anything, Gives::Boolean, empty, folds},
      {"exists", {0, 1, {a_criterion}}, Takes::Anything, Gives::Boolean, exists},
      {"all", {1, 1, {a_criterion}}, Takes::Anything, Gives::Boolean, all},
      {"allTrue", {}, Takes::Anything, Gives::Boolean, all_true, folds},
      {"anyTrue", {}, Takes::Anything, Gives::Boolean, any_true, folds},
      {"allFalse", {}, Takes::Anything, Gives::Boolean, all_false, folds},
      {"anyFalse", {}, Takes::Anything, Gives::Boolean, any_false, folds},
      {"subsetOf", {1, 1}, Takes::Anything, Gives::Boolean, subset_of, folds},
      {"supersetOf", {1, 1}, Takes::Anything, Gives::Boolean, superset_of, folds},
      {"count", {}, Takes::Anything, Gives::Integer, count, folds},
      {"distinct", {}, Takes::Anything, Gives::Input, distinct, folds},
      {"isDistinct", {}, Takes::Anything, Gives::Boolean, is_distinct, folds},
      {"not", {}, Takes::One, Gives::Boolean, negate, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
