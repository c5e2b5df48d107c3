// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/distinct_test.cpp.

#include "gateway/fhirpath/run/equality_index.h"

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

bool give_range(Call& call, std::int64_t first, std::int64_t behind) {
  first = std::max<std::int64_t>(first, 0);
  behind = std::min<std::int64_t>(behind, call.input.size);
  if (first < behind) call.run.append(call.out, {call.input.data + first, static_cast<std::size_t>(behind - first)});
  return true;
}

bool first(Call& call) { return give_range(call, 0, 1); }
bool last(Call& call) { return give_range(call, std::int64_t{call.input.size} - 1, call.input.size); }
bool tail(Call& call) { return give_range(call, 1, call.input.size); }

bool skip(Call& call) {
  std::optional<std::int64_t> count;
  if (!call.integer_argument(0, count)) return false;
  return !count || give_range(call, *count, call.input.size);
}

bool take(Call& call) {
  std::optional<std::int64_t> count;
  if (!call.integer_argument(0, count)) return false;
  return !count || give_range(call, 0, *count);
}

bool single(Call& call) {
  if (call.input.size > 1) return call.fail("single() found " + std::to_string(call.input.size) + " items.");
  return give_range(call, 0, 1);
}

/// The items of the input that are, or are not, among the argument's.
bool keep_where_among(Call& call, bool wanted, List& kept) {
  List other;
  EqualityIndex index(call.run);
  if (!call.argument(0, other) || !index.add(call.node, other.span())) return false;
  for (const Value& value : call.input) {
    bool found = false;
    if (!index.find(call.node, other.span(), value, fingerprint(call.run, value), found) || !call.run.step(call.node))
      return false;
    if (found == wanted) call.run.push(kept, value);
  }
  return true;
}

bool intersect(Call& call) {
  List kept;
  if (!keep_where_among(call, true, kept)) return false;
  return append_distinct(call.run, call.node, kept.span(), call.out);
}

bool exclude(Call& call) {
  List kept;
  if (!keep_where_among(call, false, kept)) return false;
  call.run.append(call.out, kept.span());
  return true;
}

bool unite(Call& call) {
  List other;
  if (!call.argument(0, other)) return false;
  Distinct distinct(call.run, call.out);
  return distinct.append(call.node, call.input.span()) && distinct.append(call.node, other.span());
}

bool combine(Call& call) {
  call.run.append(call.out, call.input.span());
  return call.argument(0, call.out);
}

}  // namespace

FunctionTable subset_functions() {
  static constexpr Function table[] = {
      {"single", {}, Takes::Anything, Gives::One, single, folds},
      {"first", {}, Takes::Anything, Gives::One, first, folds | needs_order},
      {"last", {}, Takes::Anything, Gives::One, last, folds | needs_order},
      {"tail", {}, Takes::Anything, Gives::Input, tail, folds | needs_order},
      {"skip", {1, 1, {a_whole_number}}, Takes::Anything, Gives::Input, skip, folds | needs_order},
      {"take", {1, 1, {a_whole_number}}, Takes::Anything, Gives::Input, take, folds | needs_order},
      {"intersect", {1, 1}, Takes::Anything, Gives::InputUnordered, intersect, folds},
      {"exclude", {1, 1}, Takes::Anything, Gives::Input, exclude, folds},
      {"union", {1, 1}, Takes::Anything, Gives::Unknown, unite, folds},
      {"combine", {1, 2}, Takes::Anything, Gives::Unknown, combine, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
