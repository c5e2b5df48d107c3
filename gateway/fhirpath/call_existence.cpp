#include "gateway/fhirpath/evaluation.h"

namespace vardbron::fhirpath {
namespace {

/// exists(criteria) and all(criteria): stops at the first item that answers `decisive`.
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

bool exists(Call& call) {
  if (!call.has_argument(0)) return call.give(!call.input.empty());
  bool found = false;
  return any_item(call, true, found) && call.give(found);
}

bool all(Call& call) {
  bool found = false;
  return any_item(call, false, found) && call.give(!found);
}

/// allTrue and its kin: true when every (or any) item is `wanted`. Not known where items without a value decide.
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

bool is_subset(Call& call, std::span<const Value> part, std::span<const Value> whole, bool& result) {
  result = true;
  for (const Value& value : part) {
    if (!call.run.step(call.node, whole.size() + 1)) return false;
    if (!contains(call.run, whole, value)) {
      result = false;
      return true;
    }
  }
  return true;
}

bool subset(Call& call) {
  List other;
  bool result = false;
  if (!call.argument(0, other)) return false;
  bool is_sub = call.node.function == Function::SubsetOf;
  if (!is_subset(call, is_sub ? call.input.span() : other.span(), is_sub ? other.span() : call.input.span(), result))
    return false;
  return call.give(result);
}

bool is_distinct(Call& call) {
  List distinct;
  if (!append_distinct(call.run, call.node, call.input.span(), distinct, 0)) return false;
  return call.give(distinct.size == call.input.size);
}

bool negate(Call& call) {
  std::optional<bool> truth;
  if (!call.run.boolean(call.node, call.input.span(), truth)) return false;
  return !truth || call.give(!*truth);
}

}  // namespace

bool call_existence(Call& call) {
  switch (call.node.function) {
    case Function::Empty: return call.give(call.input.empty());
    case Function::Exists: return exists(call);
    case Function::All: return all(call);
    case Function::AllTrue: return truth_values(call, true, true);
    case Function::AnyTrue: return truth_values(call, true, false);
    case Function::AllFalse: return truth_values(call, false, true);
    case Function::AnyFalse: return truth_values(call, false, false);
    case Function::SubsetOf:
    case Function::SupersetOf: return subset(call);
    case Function::Count: return call.give(Value::of(std::int64_t{call.input.size}));
    case Function::Distinct: return append_distinct(call.run, call.node, call.input.span(), call.out, call.out.size);
    case Function::IsDistinct: return is_distinct(call);
    default: return negate(call);
  }
}

}  // namespace vardbron::fhirpath
