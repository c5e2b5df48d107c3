#include "gateway/fhirpath/evaluation.h"

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

bool give_range(Call& call, std::int64_t first, std::int64_t behind) {
  first = std::max<std::int64_t>(first, 0);
  behind = std::min<std::int64_t>(behind, call.input.size);
  if (first < behind) call.run.append(call.out, {call.input.data + first, static_cast<std::size_t>(behind - first)});
  return true;
}

bool skip_or_take(Call& call) {
  std::optional<std::int64_t> count;
  if (!call.integer_argument(0, count)) return false;
  if (!count) return true;
  return call.node.function == Function::Skip ? give_range(call, *count, call.input.size) : give_range(call, 0, *count);
}

bool single(Call& call) {
  if (call.input.size > 1) return call.fail("single() found " + std::to_string(call.input.size) + " items.");
  return give_range(call, 0, 1);
}

bool intersect_or_exclude(Call& call) {
  List other, kept;
  if (!call.argument(0, other)) return false;
  bool wanted = call.node.function == Function::Intersect;
  for (const Value& value : call.input) {
    if (!call.run.step(call.node, other.size + 1)) return false;
    if (contains(call.run, other.span(), value) == wanted) call.run.push(kept, value);
  }
  if (wanted) return append_distinct(call.run, call.node, kept.span(), call.out, call.out.size);
  call.run.append(call.out, kept.span());
  return true;
}

bool unite(Call& call) {
  List other;
  if (!call.argument(0, other)) return false;
  Distinct distinct(call.run, call.out, call.out.size);
  return distinct.append(call.node, call.input.span()) && distinct.append(call.node, other.span());
}

bool combine(Call& call) {
  call.run.append(call.out, call.input.span());
  return call.argument(0, call.out);
}

}  // namespace

bool call_subset(Call& call) {
  std::int64_t size = call.input.size;
  switch (call.node.function) {
    case Function::Single: return single(call);
    case Function::First: return give_range(call, 0, 1);
    case Function::Last: return give_range(call, size - 1, size);
    case Function::Tail: return give_range(call, 1, size);
    case Function::Skip:
    case Function::Take: return skip_or_take(call);
    case Function::Intersect:
    case Function::Exclude: return intersect_or_exclude(call);
    case Function::Union: return unite(call);
    default: return combine(call);
  }
}

}  // namespace vardbron::fhirpath
