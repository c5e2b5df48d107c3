// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/run/equality_index.h"

#include <algorithm>
#include <numeric>

namespace vardbron::fhirpath {
namespace {

Frame frame_of(const Call& call, const List& items, std::uint32_t place) {
  return {{items.data + place, 1}, place, call.frame.total};
}

bool where(Call& call) {
  call.run.reserve(call.out, call.input.size);  // so that the scratch memory of the criteria can be released
  for (std::uint32_t place = 0; place < call.input.size; ++place) {
    std::optional<bool> truth;
    if (!call.run.evaluate_boolean(call.node.arguments[0], frame_of(call, call.input, place), truth)) return false;
    if (truth.value_or(false)) call.run.push(call.out, call.input[place]);
  }
  return true;
}

/// Evaluates a projection for one item; its scratch memory is released if `out` has enough capacity.
bool project(Call& call, const Frame& frame, List& out) {
  ListArena::Mark mark = call.run.scratch().mark();
  List values;
  if (!call.run.evaluate(call.node.arguments[0], frame, values)) return false;
  bool fits = out.room - out.size >= values.size;
  call.run.append(out, values.span());
  if (fits) call.run.scratch().release(mark);
  return true;
}

bool select(Call& call) {
  call.run.reserve(call.out, call.input.size);
  for (std::uint32_t place = 0; place < call.input.size; ++place) {
    if (!project(call, frame_of(call, call.input, place), call.out)) return false;
  }
  return true;
}

bool repeat_all(Call& call) {
  List queue = call.input;
  std::uint32_t first = call.out.size;
  for (std::uint32_t place = 0; place < queue.size; ++place) {
    if (!project(call, Frame{{queue.data + place, 1}, call.frame.index, call.frame.total}, call.out)) return false;
  }
  for (std::uint32_t place = first; place < call.out.size; ++place) {
    Value item = call.out[place];
    if (!project(call, Frame{{&item, 1}, call.frame.index, call.frame.total}, call.out)) return false;
  }
  return true;
}

bool repeat(Call& call) {
  List found;
  Distinct distinct(call.run, found);
  List layer = call.input;
  List next;
  while (!layer.empty()) {
    next.size = 0;
    for (std::uint32_t place = 0; place < layer.size; ++place) {
      if (!project(call, Frame{{layer.data + place, 1}, call.frame.index, call.frame.total}, next)) return false;
    }
    std::uint32_t before = found.size;
    if (!distinct.append(call.node, next.span())) return false;
    layer = {found.data + before, found.size - before, found.size - before};
  }
  call.run.append(call.out, found.span());
  return true;
}

bool of_type(Call& call) {
  for (const Value& value : call.input) {
    if (call.run.model().as(value, call.node.target)) call.run.push(call.out, call.run.narrowed(value, call.node.target));
  }
  return true;
}

bool coalesce(Call& call) {
  for (std::size_t place = 0; place < call.node.arguments.size(); ++place) {
    std::uint32_t before = call.out.size;
    if (!call.argument(place, call.out)) return false;
    if (call.out.size > before) return true;
  }
  return true;
}

bool iif(Call& call) {
  if (call.input.size > 1) return call.fail("iif() works on one item, and there are " + std::to_string(call.input.size) + ".");
  // With a name before the dot, $this is that item (N1 5.5.1); $index stays the outer one.
  Frame frame{call.input.span(), call.frame.index, call.frame.total};
  std::optional<bool> truth;
  if (!call.run.evaluate_boolean(call.node.arguments[0], frame, truth)) return false;
  std::size_t chosen = truth.value_or(false) ? 1 : 2;
  return !call.has_argument(chosen) || call.run.evaluate(call.node.arguments[chosen], frame, call.out);
}

/// The keys of one item; nullopt for a key that is empty or has no value.
using Keys = std::vector<std::optional<Value>>;

bool read_keys(Call& call, std::vector<Keys>& keys) {
  const auto key_of = [&call](const Value& value) {
    return call.run.lacks_value(value) ? std::nullopt : std::optional<Value>(value);
  };
  for (std::uint32_t place = 0; place < call.input.size; ++place) {
    Keys own;
    if (call.node.arguments.empty()) own.push_back(key_of(call.input[place]));
    for (NodeIndex argument : call.node.arguments) {
      List values;
      if (!call.run.evaluate(argument, frame_of(call, call.input, place), values)) return false;
      if (values.size > 1) return call.run.fail(call.run.code().nodes[argument], "A sort key is one value.", values.data);
      own.push_back(values.empty() ? std::nullopt : key_of(values[0]));
    }
    call.run.take_bytes(sizeof(Keys) + own.size() * sizeof(own[0]));
    keys.push_back(std::move(own));
  }
  return call.run.step(call.node);
}

/// -1, 0, 1 in the wanted direction. An empty key is lower than all others; with a sign (-key) it comes first.
bool compare_keys(Call& call, const Keys& left, const Keys& right, int& order) {
  order = 0;
  for (std::size_t key = 0; key < left.size() && order == 0; ++key) {
    const Node* node = call.node.arguments.empty() ? nullptr : &call.run.code().nodes[call.node.arguments[key]];
    int direction = node != nullptr && node->descending ? -1 : 1;
    if (!left[key] || !right[key]) {
      order = left[key] ? 1 : right[key] ? -1 : 0;
      if (node != nullptr && node->minus_key) direction = 1;
    } else {
      std::optional<int> sign;
      if (!compare(call.run, node != nullptr ? *node : call.node, *left[key], *right[key], sign)) return false;
      order = sign.value_or(0);
    }
    order *= direction;
  }
  return true;
}

/// Own merge sort: a comparison can fail, which std::sort does not support.
bool merge_sort(Call& call, const std::vector<Keys>& keys, std::span<std::uint32_t> places, std::vector<std::uint32_t>& spare) {
  if (places.size() < 2) return true;
  std::size_t half = places.size() / 2;
  if (!merge_sort(call, keys, places.first(half), spare) || !merge_sort(call, keys, places.subspan(half), spare)) return false;
  spare.clear();
  std::size_t left = 0, right = half;
  while (left < half || right < places.size()) {
    int order = left == half ? 1 : right == places.size() ? -1 : 0;
    if (order == 0 && !compare_keys(call, keys[places[left]], keys[places[right]], order)) return false;
    if (!call.run.step(call.node)) return false;
    spare.push_back(order <= 0 ? places[left++] : places[right++]);
  }
  std::copy(spare.begin(), spare.end(), places.begin());
  return true;
}

bool sort(Call& call) {
  std::vector<Keys> keys;
  if (!read_keys(call, keys)) return false;
  std::vector<std::uint32_t> places(call.input.size), spare;
  std::iota(places.begin(), places.end(), 0u);
  if (!merge_sort(call, keys, places, spare)) return false;
  for (std::uint32_t place : places) call.run.push(call.out, call.input[place]);
  for (const Keys& own : keys) call.run.give_back_bytes(sizeof(Keys) + own.size() * sizeof(own[0]));
  return true;
}

}  // namespace

FunctionTable filter_functions() {
  static constexpr Function table[] = {
      {"where", {1, 1, {a_criterion}}, Takes::Anything, Gives::Input, where},
      {"select", {1, 1, {for_each_item}}, Takes::Anything, Gives::Projection, select},
      {"sort", {0, Arguments::any_number, {for_each_item, for_each_item, for_each_item}}, Takes::Anything, Gives::Input, sort},
      {"repeat", {1, 1, {for_each_result}}, Takes::Anything, Gives::Unordered, repeat},
      {"repeatAll", {1, 1, {for_each_result}}, Takes::Anything, Gives::Unordered, repeat_all},
      {"ofType", {1, 1, {a_type_name}}, Takes::Anything, Gives::NamedType, of_type},
      {"coalesce", {1, Arguments::any_number}, Takes::Anything, Gives::Unknown, coalesce},
      {"iif", {2, 3, {a_criterion, for_each_item, for_each_item}}, Takes::One, Gives::Branch, iif},
  };
  return table;
}

}  // namespace vardbron::fhirpath
