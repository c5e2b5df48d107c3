// Tested by tests/fhirpath/specification_operators_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/values/units.h"

#include <array>

namespace vardbron::fhirpath {
namespace {

struct CalendarUnit {
  std::string_view word, words;
  std::string_view ucum;
  Moment::Step step;
  std::int64_t seconds_1000;  ///< calendar length in milliseconds: 365 days a year, 30 days a month (N1 5.5.7)
  int months;                 ///< exact length in months, if it has one
};

constexpr std::array<CalendarUnit, 8> calendar{{{"year", "years", "a", Moment::Step::Year, 31'536'000'000, 12},
                                                {"month", "months", "mo", Moment::Step::Month, 2'592'000'000, 1},
                                                {"week", "weeks", "wk", Moment::Step::Week, 604'800'000, 0},
                                                {"day", "days", "d", Moment::Step::Day, 86'400'000, 0},
                                                {"hour", "hours", "h", Moment::Step::Hour, 3'600'000, 0},
                                                {"minute", "minutes", "min", Moment::Step::Minute, 60'000, 0},
                                                {"second", "seconds", "s", Moment::Step::Second, 1'000, 0},
                                                {"millisecond", "milliseconds", "ms", Moment::Step::Millisecond, 1, 0}}};

const CalendarUnit* find_word(std::string_view word) {
  for (const CalendarUnit& unit : calendar) {
    if (word == unit.word || word == unit.words) return &unit;
  }
  return nullptr;
}

const CalendarUnit* find_ucum(std::string_view code) {
  for (const CalendarUnit& unit : calendar) {
    if (code == unit.ucum) return &unit;
  }
  return nullptr;
}

/// A year or month, which has no fixed length.
bool is_long(const CalendarUnit* unit) { return unit != nullptr && unit->months != 0; }

std::optional<Decimal> scaled(const Decimal& value, std::int64_t by, std::int64_t of) {
  std::optional<Decimal> product = value.times(Decimal(by));
  return product ? product->divided_by(Decimal(of)) : std::nullopt;
}

std::optional<Decimal> between_calendar(const Decimal& value, const CalendarUnit& from, const CalendarUnit& to) {
  if (from.months != 0 && to.months != 0) return scaled(value, from.months, to.months);
  return scaled(value, from.seconds_1000, to.seconds_1000);
}

std::optional<Decimal> between_units(const Decimal& value, std::string_view from, std::string_view to) {
  std::optional<Unit> source = find_unit(from);
  std::optional<Unit> target = find_unit(to);
  if (!source || !target || !source->measures_the_same(*target)) return std::nullopt;
  std::optional<Decimal> above = source->numerator.times(target->denominator);
  std::optional<Decimal> below = source->denominator.times(target->numerator);
  if (!above || !below) return std::nullopt;
  std::optional<Decimal> product = value.times(*above);
  if (product) return product->divided_by(*below);
  std::optional<Decimal> factor = above->divided_by(*below);
  return factor ? value.times(*factor) : std::nullopt;
}

bool same_unit(const Quantity& left, const Quantity& right) {
  if (left.is_calendar && right.is_calendar) return find_word(left.unit) == find_word(right.unit);
  return left.is_calendar == right.is_calendar && left.unit == right.unit;
}

/// The calendar unit of a quantity whose partner is a calendar quantity.
const CalendarUnit* calendar_unit(const Quantity& quantity) {
  return quantity.is_calendar ? find_word(quantity.unit) : find_ucum(quantity.unit);
}

std::optional<Decimal> mixed(const Quantity& quantity, const Quantity& to_unit, bool roughly) {
  const CalendarUnit* from = calendar_unit(quantity);
  const CalendarUnit* to = calendar_unit(to_unit);
  const Quantity& definite = quantity.is_calendar ? to_unit : quantity;
  bool has_long = is_long(from) || is_long(to);
  if (has_long && !roughly && !definite.is_from_fhir) return std::nullopt;
  // UCUM's months have 30.4375 days and its years 365.25; the calendar's mean lengths apply to calendar words.
  const bool by_ucum = !quantity.is_calendar && !quantity.is_from_fhir && to != nullptr;
  if (by_ucum) return between_units(quantity.value, quantity.unit, to->ucum);
  if (from != nullptr && to != nullptr) return between_calendar(quantity.value, *from, *to);
  if (has_long) return std::nullopt;
  return between_units(quantity.value, from != nullptr ? from->ucum : quantity.unit, to != nullptr ? to->ucum : to_unit.unit);
}

std::optional<Decimal> convert(const Quantity& quantity, const Quantity& to_unit, bool roughly) {
  if (same_unit(quantity, to_unit)) return quantity.value;
  if (quantity.is_calendar && to_unit.is_calendar) {
    const CalendarUnit* from = find_word(quantity.unit);
    const CalendarUnit* to = find_word(to_unit.unit);
    if (from == nullptr || to == nullptr) return std::nullopt;
    return between_calendar(quantity.value, *from, *to);
  }
  if (quantity.is_calendar || to_unit.is_calendar) return mixed(quantity, to_unit, roughly);
  return between_units(quantity.value, quantity.unit, to_unit.unit);
}

}  // namespace

bool is_coarser(const Quantity& left, const Quantity& right) {
  Quantity one{Decimal(std::int64_t{1}), left.unit, left.is_calendar, left.is_from_fhir};
  std::optional<Decimal> in_right = convert(one, right, true);
  return in_right && *in_right > Decimal(std::int64_t{1});
}

Quantity beside(const Quantity& quantity, const Quantity& other) {
  const CalendarUnit* unit = quantity.is_from_fhir && !quantity.is_calendar ? find_ucum(quantity.unit) : nullptr;
  if (!is_long(unit) || !other.is_calendar) return quantity;
  return {quantity.value, unit->word, true, true};
}

std::string_view calendar_word(const Quantity& quantity) {
  const CalendarUnit* unit = find_word(quantity.unit);
  if (unit == nullptr) return quantity.unit;
  const bool is_one = quantity.value == Decimal(std::int64_t{1}) || quantity.value == Decimal(std::int64_t{-1});
  return is_one ? unit->word : unit->words;
}

bool is_calendar_unit(std::string_view word) { return find_word(word) != nullptr; }

std::optional<Decimal> converted(const Quantity& quantity, const Quantity& to_unit) { return convert(quantity, to_unit, false); }

std::optional<Decimal> roughly_converted(const Quantity& quantity, const Quantity& to_unit) {
  return convert(quantity, to_unit, true);
}

bool differ_by_calendar(const Quantity& left, const Quantity& right) {
  bool has_long = (left.is_calendar && is_long(find_word(left.unit))) || (right.is_calendar && is_long(find_word(right.unit)));
  return has_long && !same_unit(left, right);
}

std::optional<Moment::Step> step_of(const Quantity& quantity) {
  const CalendarUnit* unit = calendar_unit(quantity);
  // 'a' and 'mo' have a definite length, which no calendar has (N1 6.7), except in a Quantity of FHIR data.
  if (unit == nullptr || (!quantity.is_calendar && !quantity.is_from_fhir && is_long(unit))) return std::nullopt;
  return unit->step;
}

std::optional<Moment> plus(const Moment& moment, const Decimal& count, Moment::Step step) {
  const bool fraction_counts = step == Moment::Step::Second && moment.precision >= Moment::Precision::Second;
  if (fraction_counts) step = Moment::Step::Millisecond;
  const std::optional<Decimal> scaled = count.times(Decimal(std::int64_t{fraction_counts ? 1000 : 1}));
  const std::optional<std::int64_t> whole = scaled ? scaled->truncated(0).to_integer() : std::nullopt;
  return whole ? moment.plus(*whole, step) : std::nullopt;
}

std::optional<int> compare(const Quantity& left, const Quantity& right) {
  if (same_unit(left, right)) {
    auto order = left.value <=> right.value;
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  // Converting to the smaller unit keeps the digits exact.
  bool down = is_coarser(left, right);
  std::optional<Decimal> changed = down ? converted(left, right) : converted(right, left);
  if (!changed) return std::nullopt;
  auto order = down ? *changed <=> right.value : left.value <=> *changed;
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::optional<bool> equal(const Quantity& left, const Quantity& right) {
  std::optional<int> order = compare(left, right);
  if (!order) return std::nullopt;
  return *order == 0;
}

std::optional<bool> equivalent(const Quantity& left, const Quantity& right) {
  if (same_unit(left, right)) return equivalent(left.value, right.value);
  bool to_left = is_coarser(left, right);
  std::optional<Decimal> changed = to_left ? roughly_converted(right, left) : roughly_converted(left, right);
  if (!changed) return std::nullopt;
  return to_left ? equivalent(left.value, *changed) : equivalent(*changed, right.value);
}

bool equivalent(const Decimal& left, const Decimal& right) {
  Decimal first = left.normalised();
  Decimal second = right.normalised();
  int scale = first.scale() < second.scale() ? first.scale() : second.scale();
  return first.rounded(scale) == second.rounded(scale);
}

}  // namespace vardbron::fhirpath
