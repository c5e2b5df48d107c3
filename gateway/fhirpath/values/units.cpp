#include "gateway/fhirpath/values/units.h"

#include "gateway/fhirpath/values/unit_table.h"

#include <vector>

namespace vardbron::fhirpath {
namespace {

constexpr std::size_t unit_bytes_max = 128;
constexpr int unit_depth_max = 8;

/// A component of a unit: an atom with its prefix, raised to a power.
struct Component {
  std::string_view code;  // as written: "mg"
  int exponent = 1;
};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool scale(Unit& unit, const Decimal& factor, bool up) {
  Decimal& part = up ? unit.numerator : unit.denominator;
  std::optional<Decimal> product = part.times(factor);
  if (!product) return false;
  part = product->normalised();
  return true;
}

/// unit *= other ^ exponent
bool multiply(Unit& unit, const Unit& other, int exponent) {
  int times = exponent < 0 ? -exponent : exponent;
  if (times > 9 || (other.is_special && exponent != 1)) return false;
  for (int round = 0; round < times; ++round) {
    if (!scale(unit, other.numerator, exponent > 0) || !scale(unit, other.denominator, exponent < 0)) return false;
    for (std::size_t base = 0; base < Unit::bases; ++base) {
      unit.dimension[base] =
          static_cast<std::int8_t>(unit.dimension[base] + (exponent > 0 ? other.dimension[base] : -other.dimension[base]));
    }
    unit.arbitrary += exponent > 0 ? other.arbitrary : 0u - other.arbitrary;
  }
  unit.is_special = unit.is_special || other.is_special;
  return true;
}

/// Parses UCUM's grammar: term = ['/'] component {('.' | '/') component}; component = (atom [exponent] | number | '(' term ')')
/// [annotation].
class UnitReader {
 public:
  explicit UnitReader(std::string_view code, int depth = 0) : code_(code), depth_(depth) {}

  bool read(Unit& unit) {
    if (code_.empty() || code_.size() > unit_bytes_max || depth_ > unit_depth_max) return false;
    return term(unit, 0) && at_ == code_.size();
  }
  /// The top-level components, to combine units; false if there are parentheses or numbers.
  bool list(std::vector<Component>& components);

 private:
  bool at(char letter) const { return at_ < code_.size() && code_[at_] == letter; }
  bool term(Unit& unit, int nesting);
  bool component(Unit& unit, int sign, int nesting);
  bool number(Unit& unit, int sign);
  bool simple(std::string_view code, Unit& unit) const;
  std::string_view symbol();
  int exponent();
  bool annotation();

  std::string_view code_;
  std::size_t at_ = 0;
  int depth_;
};

bool UnitReader::term(Unit& unit, int nesting) {
  if (nesting > unit_depth_max) return false;
  int sign = 1;
  if (at('/')) {
    sign = -1;
    ++at_;
  }
  if (!component(unit, sign, nesting)) return false;
  while (at('.') || at('/')) {
    sign = code_[at_++] == '.' ? 1 : -1;
    if (!component(unit, sign, nesting)) return false;
  }
  return true;
}

bool UnitReader::component(Unit& unit, int sign, int nesting) {
  if (at('{')) return annotation();
  if (at('(')) {
    ++at_;
    Unit inside;
    if (!term(inside, nesting + 1) || !at(')')) return false;
    ++at_;
    return multiply(unit, inside, sign * exponent());
  }
  bool is_power = code_.substr(at_, 3) == "10*" || code_.substr(at_, 3) == "10^";
  if (at_ < code_.size() && is_digit(code_[at_]) && !is_power) return number(unit, sign) && (!at('{') || annotation());
  std::string_view text = is_power ? code_.substr(at_, 3) : symbol();
  if (is_power) at_ += 3;
  Unit found;
  if (text.empty() || !simple(text, found)) return false;
  return multiply(unit, found, sign * exponent()) && (!at('{') || annotation());
}

bool UnitReader::number(Unit& unit, int sign) {
  std::size_t begin = at_;
  while (at_ < code_.size() && is_digit(code_[at_])) ++at_;
  std::optional<Decimal> value = Decimal::parse(code_.substr(begin, at_ - begin));
  return value && !value->is_zero() && scale(unit, *value, sign > 0);
}

/// Letters, and brackets with their content: mm[Hg], [arb'U], a_j.
std::string_view UnitReader::symbol() {
  std::size_t begin = at_;
  while (at_ < code_.size()) {
    char letter = code_[at_];
    if (letter == '[') {
      std::size_t end = code_.find(']', at_);
      if (end == std::string_view::npos) return {};
      at_ = end + 1;
    } else if (is_digit(letter) || letter == '.' || letter == '/' || letter == '{' || letter == '(' || letter == ')' ||
               letter == '-' || letter == '+') {
      break;
    } else {
      ++at_;
    }
  }
  return code_.substr(begin, at_ - begin);
}

int UnitReader::exponent() {
  int sign = 1;
  std::size_t begin = at_;
  if (at('-') || at('+')) sign = code_[at_++] == '-' ? -1 : 1;
  int value = 0;
  std::size_t digits = at_;
  for (; at_ < code_.size() && is_digit(code_[at_]) && value < 100; ++at_) value = value * 10 + (code_[at_] - '0');
  if (at_ > digits) return sign * value;
  at_ = begin;
  return 1;
}

bool UnitReader::annotation() {
  std::size_t end = code_.find('}', at_);
  if (end == std::string_view::npos) return false;
  at_ = end + 1;
  return true;
}

/// An atom, or a prefix and a metric atom.
bool UnitReader::simple(std::string_view code, Unit& unit) const {
  int prefix_exponent = 0;
  const UnitAtom* atom = find_atom(code);
  if (atom == nullptr) {
    for (const UnitPrefix& prefix : unit_prefixes()) {
      if (!code.starts_with(prefix.code)) continue;
      const UnitAtom* rest = find_atom(code.substr(prefix.code.size()));
      using enum UnitAtom::Sort;
      if (rest == nullptr || rest->sort == Plain || rest->sort == Arbitrary) continue;
      atom = rest;
      prefix_exponent = prefix.exponent;
      break;
    }
  }
  if (atom == nullptr) return false;
  if (base_number(*atom) >= 0) {
    unit.dimension[static_cast<std::size_t>(base_number(*atom))] = 1;
  } else if (!atom->of.empty() && atom->of != "1") {
    if (!UnitReader(atom->of, depth_ + 1).read(unit)) return false;
  }
  if (atom->sort == UnitAtom::Sort::Arbitrary || atom->sort == UnitAtom::Sort::ArbitraryMetric) {
    std::uint32_t hash = 2166136261u;
    for (char letter : atom->code == "[IU]" ? std::string_view("[iU]") : atom->code)
      hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619u;
    unit.arbitrary = hash;
  }
  unit.is_special = atom->sort == UnitAtom::Sort::Special;
  if (!scale(unit, *Decimal::parse(atom->factor), true)) return false;
  Decimal ten(std::int64_t{10});
  for (int round = prefix_exponent < 0 ? -prefix_exponent : prefix_exponent; round > 0; --round) {
    if (!scale(unit, ten, prefix_exponent > 0)) return false;
  }
  return true;
}

bool UnitReader::list(std::vector<Component>& components) {
  int sign = 1;
  if (code_ == "1") return true;
  if (at('/')) {
    sign = -1;
    ++at_;
  }
  for (;;) {
    std::string_view text = symbol();
    if (text.empty()) return false;
    components.push_back({text, sign * exponent()});
    if (at_ == code_.size()) return true;
    if (!at('.') && !at('/')) return false;
    sign = code_[at_++] == '.' ? 1 : -1;
  }
}

}  // namespace

std::optional<Unit> find_unit(std::string_view code) {
  Unit unit;
  if (!UnitReader(code).read(unit)) return std::nullopt;
  return unit;
}

std::optional<std::string> combined_unit(std::string_view left, std::string_view right, UnitOperation operation) {
  if (!find_unit(left) || !find_unit(right)) return std::nullopt;
  std::vector<Component> components, others;
  if (!UnitReader(left).list(components) || !UnitReader(right).list(others)) {
    if (right == "1") return std::string(left);
    return "(" + std::string(left) + (operation == UnitOperation::Multiply ? ").(" : ")/(") + std::string(right) + ")";
  }
  for (const Component& other : others) {
    int exponent = operation == UnitOperation::Multiply ? other.exponent : -other.exponent;
    bool found = false;
    for (Component& component : components) {
      if (component.code != other.code) continue;
      component.exponent += exponent;
      found = true;
      break;
    }
    if (!found) components.push_back({other.code, exponent});
  }
  std::string above, below;
  for (const Component& component : components) {
    if (component.exponent == 0) continue;
    int size = component.exponent < 0 ? -component.exponent : component.exponent;
    std::string& side = component.exponent > 0 ? above : below;
    if (component.exponent < 0) side += '/';
    if (component.exponent > 0 && !side.empty()) side += '.';
    side += component.code;
    if (size != 1) side += std::to_string(size);
  }
  return above.empty() && below.empty() ? "1" : above + below;
}

}  // namespace vardbron::fhirpath
