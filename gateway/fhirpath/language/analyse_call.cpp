// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/strict_test.cpp.

#include "gateway/fhirpath/language/analyse.h"
#include "gateway/fhirpath/values/pattern.h"

#include <re2/re2.h>

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

std::string counted(std::size_t count) {
  return count == 0 ? "no arguments" : count == 1 ? "one argument" : std::to_string(count) + " arguments";
}

bool is_number(ValueKind kind) { return kind == ValueKind::Integer || kind == ValueKind::Long || kind == ValueKind::Decimal; }
bool is_measure(ValueKind kind) { return is_number(kind) || kind == ValueKind::Quantity; }

std::optional<ValueKind> kind_given(Gives gives) {
  switch (gives) {
    case Gives::Boolean: return ValueKind::Boolean;
    case Gives::Integer: return ValueKind::Integer;
    case Gives::Long: return ValueKind::Long;
    case Gives::Decimal: return ValueKind::Decimal;
    case Gives::Text:
    case Gives::Texts: return ValueKind::String;
    case Gives::Date: return ValueKind::Date;
    case Gives::DateTime: return ValueKind::DateTime;
    case Gives::Time: return ValueKind::Time;
    case Gives::Quantity: return ValueKind::Quantity;
    default: return std::nullopt;
  }
}

}  // namespace

bool Analyser::bind_function(Node& node) {
  node.function = find_function(node.text);
  if (node.function == nullptr) {
    std::string says = "There is no function " + node.text + "().";
    std::string_view close = similar_function(node.text);
    if (!close.empty()) says += " Did you mean " + std::string(close) + "()?";
    fail(node, std::move(says));
    return false;
  }
  const Arguments& known = node.function->arguments;
  const std::size_t count = node.arguments.size();
  if (node.function->takes_count(count)) return true;
  const std::size_t wanted = count < known.min ? known.min : known.max;
  const char* bound = known.min == known.max ? "" : count < wanted ? "at least " : "at most ";
  fail(node, node.text + "() takes " + bound + counted(wanted) + ", and has " + counted(count) + ".");
  return false;
}

Shape Analyser::call(Node& node, const Shape& self) {
  if (const Service* service = service_before(node); service != nullptr) return call_service(*service, node, self);
  if (!bind_function(node)) return {};
  const Shape input = input_of(node, self);
  if (failure_) return {};
  const Function& known = *node.function;
  if (known.argument(0).takes == Takes::VariableName) return define_variable(node, input);
  Shape item = input;
  item.is_single = true;
  std::vector<Shape> shapes;
  for (std::size_t place = 0; place < node.arguments.size(); ++place) {
    const Argument& wanted = known.argument(place);
    if (wanted.takes == Takes::TypeName) {
      bind_type(node, node.arguments[place]);
      shapes.push_back({});
      continue;
    }
    const Shape focus = wanted.focus == Focus::Outer ? self : wanted.focus == Focus::Item ? item : Shape{};
    shapes.push_back(argument(node.arguments[place], focus));
  }
  if (failure_) return {};
  if (options_.strict) {
    check_input(node, input);
    check_arguments(node, shapes);
  }
  if (known.argument(0).takes == Takes::Pattern) bind_pattern(node);
  return given(node, input, shapes);
}

void Analyser::bind_type(Node& node, NodeIndex name) {
  const std::string text = type_argument(name);
  if (text.empty()) return fail(node, node.text + "() takes the name of a type.");
  node.target = type_target(node, text);
}

Shape Analyser::define_variable(Node& node, const Shape& input) {
  const Node& name = code_.nodes[node.arguments[0]];
  bool is_written = name.form == Form::Literal && name.constant.kind() == ValueKind::String;
  if (!is_written) return define_named_variable(node, input);
  std::string text(name.constant.text());
  auto is_named = [&text](const auto& variable) { return variable.name == text; };
  bool is_taken = std::any_of(scope_.begin(), scope_.end(), is_named) ||
                  std::any_of(options_.variables.begin(), options_.variables.end(), is_named) || is_reserved_variable(text);
  if (is_taken) {
    fail(node, "There is a variable %" + text + " already.");
    return {};
  }
  Shape value = node.arguments.size() > 1 ? argument(node.arguments[1], input) : input;
  node.slot = static_cast<std::uint32_t>(code_.defined_variables++);
  scope_.push_back({text, node.slot, value});
  return input;
}

/// A name known only at run time: its scope entry has no name, and later unknown names are resolved at run time.
Shape Analyser::define_named_variable(Node& node, const Shape& input) {
  Shape name = argument(node.arguments[0], input);
  if (name.is_system && name.kind != ValueKind::String) fail(node, "defineVariable() takes the variable's name as a text.");
  Shape value = node.arguments.size() > 1 ? argument(node.arguments[1], input) : input;
  node.known = Known::Named;
  node.slot = static_cast<std::uint32_t>(code_.defined_variables++);
  scope_.push_back({"", node.slot, value});
  return input;
}

void Analyser::check_input(const Node& node, const Shape& input) {
  if (node.function->has(needs_order) && !input.is_ordered) {
    fail(node, node.text + "() needs an order, and these items have none.");
    return;
  }
  bool is_complex = !input.is_system && input.type != 0 && !code_.model.definitions().is_abstract(input.type);
  std::optional<ValueKind> kind = kind_of(input);
  if (!kind && !is_complex) return;
  bool fits = true;
  switch (node.function->input) {
    case Takes::OneText:
    case Takes::Texts: fits = kind == ValueKind::String; break;
    case Takes::OneNumber: fits = kind && is_measure(*kind); break;
    case Takes::OneMoment: fits = kind && is_moment(*kind); break;
    case Takes::OneNumberOrMoment: fits = kind && (is_measure(*kind) || is_moment(*kind)); break;
    case Takes::OneWhole: fits = kind && is_number(*kind) && *kind != ValueKind::Decimal; break;
    case Takes::OneTruth: fits = kind == ValueKind::Boolean; break;
    default: break;
  }
  if (fits) return;
  std::string type(input.is_system ? system_name(input.kind) : code_.model.definitions().name(input.type));
  fail(node, node.text + "() cannot work on a value of type " + type + ".");
}

void Analyser::check_arguments(const Node& node, const std::vector<Shape>& arguments) {
  for (std::size_t place = 0; place < arguments.size(); ++place) {
    const Shape& argument = arguments[place];
    const std::optional<ValueKind> kind = kind_of(argument);
    const bool is_complex = !kind && argument.type != 0 && !code_.model.definitions().is_abstract(argument.type);
    if (argument.is_empty || (!kind && !is_complex)) continue;
    std::string_view wanted;
    switch (node.function->argument(place).takes) {
      case Takes::OneText:
      case Takes::Pattern: wanted = kind == ValueKind::String ? "" : "a text"; break;
      case Takes::OneWhole: wanted = kind && is_number(*kind) && *kind != ValueKind::Decimal ? "" : "a whole number"; break;
      case Takes::OneNumber: wanted = kind && is_number(*kind) ? "" : "a number"; break;
      case Takes::OneMoment: wanted = kind && is_moment(*kind) ? "" : "a date or time"; break;
      case Takes::OneTruth: wanted = kind == ValueKind::Boolean ? "" : "a truth value"; break;
      case Takes::Criterion:
        if (argument.is_system && kind != ValueKind::Boolean)
          fail(node, node.text + "() decides by a truth value, and this is none.");
        break;
      default: break;
    }
    if (wanted.empty()) continue;
    const std::string type(argument.is_system ? system_name(argument.kind) : code_.model.definitions().name(argument.type));
    fail(code_.nodes[node.arguments[place]],
         node.text + "() takes " + std::string(wanted) + " here, and this is of type " + type + ".");
  }
}

Shape Analyser::given(const Node& node, const Shape& input, const std::vector<Shape>& arguments) {
  const Function& known = *node.function;
  Shape shape;
  if (std::optional<ValueKind> kind = kind_given(known.gives)) {
    shape.is_system = true;
    shape.kind = *kind;
    shape.is_single = known.gives != Gives::Texts;
    return shape;
  }
  switch (known.gives) {
    case Gives::Input: return input;
    case Gives::InputUnordered:
      shape = input;
      shape.is_ordered = false;
      break;
    case Gives::One:
      shape = input;
      shape.is_single = true;
      break;
    case Gives::Number: shape.is_single = true; break;
    case Gives::Value: shape = value_of(input); break;
    case Gives::Projection:
      shape = arguments[0];
      shape.is_single = shape.is_single && input.is_single;
      shape.is_ordered = shape.is_ordered && input.is_ordered;
      break;
    case Gives::Branch: return either(arguments);
    case Gives::Unordered: shape.is_ordered = false; break;
    case Gives::NamedType:
    case Gives::OneOfNamedType: return narrowed(node, input);
    case Gives::OfType: shape.type = code_.model.definitions().find_type(known.type); break;
    default: break;
  }
  return shape;
}

Shape Analyser::value_of(const Shape& element) const {
  Shape shape;
  if (std::optional<ValueKind> kind = kind_of(element)) {
    shape.is_system = true;
    shape.kind = *kind;
  }
  shape.is_single = true;
  return shape;
}

/// The second or the third argument, if both have the same shape.
Shape Analyser::either(const std::vector<Shape>& arguments) const {
  const bool is_alike = arguments.size() < 3 || arguments[2].is_empty ||
                        (arguments[1].type == arguments[2].type && arguments[1].is_system == arguments[2].is_system &&
                         arguments[1].kind == arguments[2].kind);
  return is_alike ? arguments[1] : Shape{};
}

/// The input as the type that the node names.
Shape Analyser::narrowed(const Node& node, const Shape& input) const {
  Shape shape;
  if (node.target.system && !node.target.is_quantity) {
    shape.is_system = true;
    shape.kind = *node.target.system;
  } else {
    shape.type = node.target.type;
  }
  shape.is_single = input.is_single || node.function->gives == Gives::OneOfNamedType;
  shape.is_ordered = input.is_ordered;
  return shape;
}

/// A literal pattern is compiled once.
void Analyser::bind_pattern(Node& node) {
  const Node& pattern = code_.nodes[node.arguments[0]];
  const std::size_t flags_place = node.function->arguments.max - 1u;
  if (pattern.form != Form::Literal || pattern.constant.kind() != ValueKind::String || node.arguments.size() > flags_place)
    return;
  Result<std::unique_ptr<re2::RE2>> made = compile_pattern(pattern.constant.text(), "");
  if (!made) {
    fail(pattern, made.failure().says);
    return;
  }
  code_.patterns.push_back(*std::move(made));
  node.pattern = code_.patterns.back().get();
}

void Analyser::check_operands(const Node& node, const Shape& left, const Shape& right) {
  std::optional<ValueKind> kinds[] = {kind_of(left), kind_of(right)};
  bool complex[] = {!left.is_system && left.type != 0 && !kinds[0], !right.is_system && right.type != 0 && !kinds[1]};
  bool fits = true;
  switch (node.op) {
    case Operator::Less:
    case Operator::LessOrEqual:
    case Operator::Greater:
    case Operator::GreaterOrEqual:
      if (kinds[0] && kinds[1]) {
        fits = (is_measure(*kinds[0]) && is_measure(*kinds[1])) || (is_moment(*kinds[0]) && is_moment(*kinds[1])) ||
               (*kinds[0] == *kinds[1] && *kinds[0] == ValueKind::String);
      } else {
        fits = !complex[0] && !complex[1];
      }
      break;
    case Operator::Add:
    case Operator::Subtract:
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::WholeDivide:
    case Operator::Modulo:
      if (kinds[0] && kinds[1]) {
        bool is_text_sum = node.op == Operator::Add && *kinds[0] == ValueKind::String && *kinds[1] == ValueKind::String;
        bool is_date_sum = (node.op == Operator::Add || node.op == Operator::Subtract) && is_moment(*kinds[0]) &&
                           *kinds[1] == ValueKind::Quantity;
        fits = is_text_sum || is_date_sum || (is_measure(*kinds[0]) && is_measure(*kinds[1]));
      } else {
        fits = !complex[0] && !complex[1];
      }
      break;
    case Operator::Concatenate:
      for (std::size_t side : {0u, 1u}) {
        const bool is_text = !kinds[side] || *kinds[side] == ValueKind::String || (side == 0 ? left : right).is_empty;
        fits = fits && is_text && !complex[side];
      }
      break;
    case Operator::And:
    case Operator::Or:
    case Operator::Xor:
    case Operator::Implies:
      // A single element counts as true (N1 4.5); a computed value that is no Boolean is an error.
      for (const Shape* side : {&left, &right})
        fits = fits && (side->is_empty || !side->is_system || side->kind == ValueKind::Boolean);
      break;
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Equivalent:
    case Operator::NotEquivalent:
    case Operator::In:
    case Operator::Contains: fits = can_be_equal(left, right); break;
    default: break;
  }
  if (!fits) fail(node, "This operator is not defined between these two types.");
}

/// False if the types can never be equal (N1 10.1).
bool Analyser::can_be_equal(const Shape& left, const Shape& right) const {
  if (left.is_empty || right.is_empty) return true;
  const std::optional<ValueKind> kinds[] = {kind_of(left), kind_of(right)};
  auto is_complex = [this](const Shape& shape, const std::optional<ValueKind>& kind) {
    return !kind && !shape.is_system && shape.type != 0 &&
           code_.model.definitions().kind(shape.type) == fhir::TypeKind::Complex &&
           !code_.model.definitions().is_abstract(shape.type);
  };
  if (!kinds[0] || !kinds[1]) return !(kinds[0] && is_complex(right, kinds[1])) && !(kinds[1] && is_complex(left, kinds[0]));
  // Published expressions compare elements with their text: mustSupport = 'true'.
  const bool is_text[] = {kinds[0] == ValueKind::String, kinds[1] == ValueKind::String};
  if ((is_text[0] && !right.is_system) || (is_text[1] && !left.is_system)) return true;
  if (is_measure(*kinds[0])) return is_measure(*kinds[1]);
  const bool is_day = *kinds[0] == ValueKind::Date || *kinds[0] == ValueKind::DateTime;
  if (is_day) return *kinds[1] == ValueKind::Date || *kinds[1] == ValueKind::DateTime;
  return *kinds[0] == *kinds[1];
}

}  // namespace vardbron::fhirpath
