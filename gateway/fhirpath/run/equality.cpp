// Tested by tests/fhirpath/specification_operators_test.cpp and tests/fhirpath/equivalence_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/unicode.h"
#include "gateway/fhirpath/values/units.h"

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

bool equivalent_text(std::string_view left, std::string_view right) {
  Folding first(left), second(right);
  std::uint32_t one = 0, other = 0;
  for (;;) {
    const bool has_one = first.next(one), has_other = second.next(other);
    if (!has_one || !has_other) return has_one == has_other;
    if (one != other) return false;
  }
}

/// Two values to compare, as System values if they have one.
struct Pair {
  std::optional<Value> left, right;
};

bool is_untyped(const Value& value) { return value.is_element() && value.type() == 0; }

/// An untyped element is read as the type of its partner: texts of CSV and XML have no other type. Of two of them each has its
/// own.
void adapt(const Value& original, std::optional<Value>& value, const Value& other, const std::optional<Value>& partner) {
  if (!value || !partner || !is_untyped(original) || is_untyped(other)) return;
  if (value->kind() != ValueKind::String || partner->kind() == ValueKind::String) return;
  ValueKind wanted =
      partner->kind() == ValueKind::Integer || partner->kind() == ValueKind::Long ? ValueKind::Decimal : partner->kind();
  if (wanted == ValueKind::Quantity || wanted == ValueKind::TypeInfo) return;
  if (std::optional<Value> read = read_text_as(value->text(), wanted)) value = read;
}

Pair system_pair(Evaluation& run, const Value& left, const Value& right) {
  Pair pair{run.system(left), run.system(right)};
  if (pair.left && pair.right && pair.left->kind() == ValueKind::String && pair.right->kind() == ValueKind::String)
    run.charge(std::min(pair.left->text().size(), pair.right->text().size()));
  adapt(left, pair.left, right, pair.right);
  adapt(right, pair.right, left, pair.left);
  return pair;
}

Quantity as_quantity(const Value& value) {
  if (value.kind() == ValueKind::Quantity) return value.quantity();
  return Quantity{*as_number(value), "1", false, false};
}

enum class Match : std::uint8_t { Different, Numbers, Quantities, Moments, Same };

/// The common type of two System values.
Match match(const Value& left, const Value& right) {
  bool numbers[] = {as_number(left).has_value(), as_number(right).has_value()};
  if (numbers[0] && numbers[1]) return Match::Numbers;
  bool quantities[] = {left.kind() == ValueKind::Quantity, right.kind() == ValueKind::Quantity};
  if ((quantities[0] || numbers[0]) && (quantities[1] || numbers[1])) return Match::Quantities;
  if (is_moment(left.kind()) && is_moment(right.kind())) {
    return (left.kind() == ValueKind::Time) == (right.kind() == ValueKind::Time) ? Match::Moments : Match::Different;
  }
  return left.kind() == right.kind() ? Match::Same : Match::Different;
}

std::optional<bool> equal_system(const Value& left, const Value& right) {
  switch (match(left, right)) {
    case Match::Different: return false;
    case Match::Numbers: return *as_number(left) == *as_number(right);
    case Match::Quantities: return equal(as_quantity(left), as_quantity(right));
    case Match::Moments: return Moment::equal(left.moment(), right.moment());
    case Match::Same: break;
  }
  if (left.kind() == ValueKind::Boolean) return left.boolean() == right.boolean();
  if (left.kind() == ValueKind::TypeInfo) {
    return left.type_info().name == right.type_info().name && left.type_info().space == right.type_info().space;
  }
  return left.text() == right.text();
}

bool equivalent_system(const Value& left, const Value& right) {
  switch (match(left, right)) {
    case Match::Numbers: return equivalent(*as_number(left), *as_number(right));
    case Match::Quantities: return equivalent(as_quantity(left), as_quantity(right)).value_or(false);
    case Match::Moments: return Moment::equivalent(left.moment(), right.moment());
    case Match::Same:
      if (left.kind() == ValueKind::String) return equivalent_text(left.text(), right.text());
      break;
    case Match::Different: break;
  }
  return equal_system(left, right).value_or(false);
}

bool equivalent(Evaluation& run, const Value& left, const Value& right);

/// The children compared by equivalence: in FHIR all but the id, of a Coding only system and code (fhirpath.html#changes).
void compared_children(Evaluation& run, const Value& value, List& compared) {
  List all;
  run.children(value, all);
  const bool is_coding = run.model().is_coding(value.type());
  for (const Value& child : all) {
    std::string_view name = child.item().name_text();
    bool counts = value.type() == 0 || (is_coding ? name == "system" || name == "code" : name != "id");
    if (counts) run.push(compared, child);
  }
}

/// Two CodeableConcepts are equivalent if they share a Coding (fhirpath.html#changes).
bool share_a_coding(Evaluation& run, const Value& left, const Value& right) {
  ListArena::Mark mark = run.scratch().mark();
  List first, second;
  run.children(left, first);
  run.children(right, second);
  bool found = false;
  for (const Value& one : first) {
    for (const Value& other : second) {
      bool are_codings = run.model().is_coding(one.type()) && run.model().is_coding(other.type());
      found = found || (are_codings && run.compare_step() && equivalent(run, one, other));
    }
  }
  run.scratch().release(mark);
  return found;
}

/// Every child has an equivalent partner of its name; order does not count.
bool equivalent_children(Evaluation& run, const Value& left, const Value& right) {
  if (run.model().is_codeable_concept(left.type()) && run.model().is_codeable_concept(right.type()))
    return share_a_coding(run, left, right);
  ListArena::Mark mark = run.scratch().mark();
  List first, second;
  compared_children(run, left, first);
  compared_children(run, right, second);
  bool same = first.size == second.size;
  std::vector<bool> used(second.size);
  for (std::uint32_t place = 0; same && place < first.size; ++place) {
    bool found = false;
    for (std::uint32_t other = 0; !found && other < second.size && run.compare_step(); ++other) {
      if (used[other] || second[other].item().name_text() != first[place].item().name_text()) continue;
      found = used[other] = equivalent(run, first[place], second[other]);
    }
    same = found;
  }
  run.scratch().release(mark);
  return same;
}

/// Sorts children by name, so that elements whose order differs between names only are compared pair by pair.
bool equal_children(Evaluation& run, const Value& left, const Value& right) {
  ListArena::Mark mark = run.scratch().mark();
  List first, second;
  run.children(left, first);
  run.children(right, second);
  bool same = first.size == second.size;
  auto by_name = [](const Value& one, const Value& other) { return one.item().name_text() < other.item().name_text(); };
  std::stable_sort(first.data, first.data + first.size, by_name);
  std::stable_sort(second.data, second.data + second.size, by_name);
  for (std::uint32_t place = 0; same && place < first.size; ++place) {
    same = first[place].item().name_text() == second[place].item().name_text() &&
           equal(run, first[place], second[place]).value_or(false);
  }
  run.scratch().release(mark);
  return same;
}

bool equivalent(Evaluation& run, const Value& left, const Value& right) {
  if (left.is_element() && right.is_element() && left.item() == right.item()) return true;
  if (!run.compare_step()) return false;
  Pair pair = system_pair(run, left, right);
  if (pair.left && pair.right) return equivalent_system(*pair.left, *pair.right);
  if (pair.left || pair.right || !left.is_element() || !right.is_element()) return false;
  return equivalent_children(run, left, right);
}

}  // namespace

std::optional<Decimal> as_number(const Value& value) {
  if (value.kind() == ValueKind::Integer || value.kind() == ValueKind::Long) return Decimal(value.integer());
  if (value.kind() == ValueKind::Decimal) return value.decimal();
  return std::nullopt;
}

std::optional<bool> equal(Evaluation& run, const Value& left, const Value& right) {
  if (left.is_element() && right.is_element() && left.item() == right.item()) return true;
  if (!run.compare_step()) return false;
  Pair pair = system_pair(run, left, right);
  if (pair.left && pair.right) return equal_system(*pair.left, *pair.right);
  const bool are_quantities = run.model().is_quantity(left.is_element() ? left.type() : right.type());
  if (!left.is_element() || !right.is_element()) {
    const Value& other = left.is_element() ? right : left;
    return are_quantities && other.kind() == ValueKind::Quantity ? std::nullopt : std::optional(false);
  }
  if ((pair.left || pair.right) && !are_quantities) return false;
  return equal_children(run, left, right);
}

std::optional<bool> equal(Evaluation& run, std::span<const Value> left, std::span<const Value> right) {
  if (left.empty() || right.empty()) return std::nullopt;
  if (left.size() != right.size()) return false;
  bool is_known = true;
  for (std::size_t place = 0; place < left.size(); ++place) {
    std::optional<bool> same;
    if (!run.lacks_value(left[place]) && !run.lacks_value(right[place])) same = equal(run, left[place], right[place]);
    if (same && !*same) return false;
    is_known = is_known && same;
  }
  return is_known ? std::optional<bool>(true) : std::nullopt;
}

bool equivalent(Evaluation& run, std::span<const Value> left, std::span<const Value> right) {
  if (left.size() != right.size()) return false;
  std::vector<bool> used(right.size());
  for (const Value& value : left) {
    bool found = false;
    for (std::size_t place = 0; place < right.size() && !found && run.compare_step(); ++place) {
      if (!used[place] && equivalent(run, value, right[place])) found = used[place] = true;
    }
    if (!found) return false;
  }
  return true;
}

namespace {

/// Two Quantities of FHIR data in the same unit outside UCUM are ordered by their values.
std::optional<int> order_in_own_unit(const Value& left, const Value& right) {
  if (!left.is_element() || !right.is_element()) return std::nullopt;
  const tree::Item one = left.item(), other = right.item();
  const bool has_code = !one.text_of("code").empty() || !other.text_of("code").empty();
  for (std::string_view part : {std::string_view("system"), std::string_view(has_code ? "code" : "unit")})
    if (one.text_of(part) != other.text_of(part)) return std::nullopt;
  if (!one.text_of("comparator").empty() || !other.text_of("comparator").empty()) return std::nullopt;
  const std::optional<Decimal> values[] = {Decimal::parse(one.text_of("value")), Decimal::parse(other.text_of("value"))};
  if (!values[0] || !values[1]) return std::nullopt;
  const auto sign = *values[0] <=> *values[1];
  return sign < 0 ? -1 : sign > 0 ? 1 : 0;
}

}  // namespace

bool compare(Evaluation& run, const Node& node, const Value& left, const Value& right, std::optional<int>& order) {
  order.reset();
  if (run.has_unknown_value(left) && run.has_unknown_value(right)) order = order_in_own_unit(left, right);
  if (run.has_unknown_value(left) || run.has_unknown_value(right)) return true;
  Pair pair = system_pair(run, left, right);
  Match found = pair.left && pair.right ? match(*pair.left, *pair.right) : Match::Different;
  if (found == Match::Same && pair.left->kind() != ValueKind::String) found = Match::Different;
  switch (found) {
    case Match::Different:
      return run.fail(node, "These two values have no order: only numbers, quantities, texts, dates and times of one kind do.",
                      &left);
    case Match::Numbers: {
      auto sign = *as_number(*pair.left) <=> *as_number(*pair.right);
      order = sign < 0 ? -1 : sign > 0 ? 1 : 0;
      return true;
    }
    case Match::Quantities: order = compare(as_quantity(*pair.left), as_quantity(*pair.right)); return true;
    case Match::Moments: order = Moment::compare(pair.left->moment(), pair.right->moment()); return true;
    case Match::Same: break;
  }
  int sign = pair.left->text().compare(pair.right->text());
  order = sign < 0 ? -1 : sign > 0 ? 1 : 0;
  return true;
}

bool contains(Evaluation& run, std::span<const Value> values, const Value& wanted) {
  for (const Value& value : values) {
    if (equal(run, value, wanted).value_or(false)) return true;
  }
  return false;
}

}  // namespace vardbron::fhirpath
