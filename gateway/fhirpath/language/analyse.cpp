#include "gateway/fhirpath/language/analyse.h"

#include "gateway/base/text.h"
#include "gateway/fhirpath/values/arena.h"

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

Shape system_shape(ValueKind kind, bool is_single = true) {
  Shape shape;
  shape.kind = kind;
  shape.is_system = true;
  shape.is_single = is_single;
  return shape;
}

Shape single(Shape shape) {
  shape.is_single = true;
  return shape;
}

}  // namespace

Result<void> Analyser::run() {
  Shape self;
  self.type = options_.context;
  self.is_single = true;
  code_.given_variables = options_.variables.size();
  analyse(code_.root, self);
  if (failure_) return *std::move(failure_);
  return done();
}

void Analyser::fail(const Node& node, std::string says) {
  if (!failure_) failure_ = Failure{Cause::Invalid, std::move(says), code_.where(node.at)};
}

std::optional<ValueKind> Analyser::kind_of(const Shape& shape) const {
  if (shape.is_system) return shape.kind;
  return shape.type == 0 ? std::nullopt : code_.model.system_kind(shape.type);
}

Shape Analyser::analyse(NodeIndex index, const Shape& self) {
  Node& node = code_.nodes[index];
  Shape shape;
  if (failure_) return shape;
  switch (node.form) {
    case Form::Empty: shape.is_empty = shape.is_single = true; break;
    case Form::Literal: shape = system_shape(node.constant.kind()); break;
    case Form::This: shape = self; break;
    case Form::Index: shape = system_shape(ValueKind::Integer); break;
    case Form::Total: break;
    case Form::Environment: shape = environment(node); break;
    case Form::Member: shape = member(node, self); break;
    case Form::Call: shape = call(node, self); break;
    case Form::Indexer:
      shape = single(input_of(node, self));
      if (options_.strict && !shape.is_ordered) fail(node, "These items have no order, so none of them has a number.");
      check_index(node, argument(node.arguments[0], self));
      break;
    case Form::Instance: shape = instance(node, self); break;
    case Form::Polarity:
      shape = argument(node.arguments[0], self);
      check_sign(node, shape);
      break;
    case Form::Binary: shape = binary(node, self); break;
    case Form::TypeTest: {
      Shape tested = argument(node.arguments[0], self);
      node.target = type_target(node, node.text);
      if (node.op == Operator::Is) {
        shape = system_shape(ValueKind::Boolean);
      } else {
        shape.type = node.target.type;
        shape.is_single = true;
        if (node.target.system) shape = system_shape(*node.target.system);
        shape.is_ordered = tested.is_ordered;
      }
      break;
    }
  }
  node.shape = shape;
  return shape;
}

void Analyser::check_sign(const Node& node, const Shape& shape) {
  const std::optional<ValueKind> kind = kind_of(shape);
  const bool has_sign = kind == ValueKind::Quantity ||
                        (kind && *kind >= ValueKind::Integer && *kind <= ValueKind::Decimal);  // Integer, Long, Decimal
  if (options_.strict && !shape.is_empty && kind && !has_sign) fail(node, "Only a number or a quantity can have a sign.");
}

void Analyser::check_index(const Node& node, const Shape& index) {
  const std::optional<ValueKind> kind = kind_of(index);
  const bool is_whole = kind == ValueKind::Integer || kind == ValueKind::Long;
  if (options_.strict && !index.is_empty && kind && !is_whole)
    fail(code_.nodes[node.arguments[0]], "An index is one whole number.");
}

Shape Analyser::argument(NodeIndex index, const Shape& self) {
  std::size_t known = scope_.size();
  Shape shape = analyse(index, self);
  scope_.resize(std::min(known, scope_.size()));
  return shape;
}

Shape Analyser::input_of(const Node& node, const Shape& self) {
  return node.input == no_index ? self : analyse(node.input, self);
}

Shape Analyser::member(Node& node, const Shape& self) {
  if (node.input == no_index && options_.bare_names_may_be_variables) {
    auto is_named = [&node](const auto& variable) { return variable.name == node.text; };
    bool is_variable = std::any_of(scope_.begin(), scope_.end(), is_named) ||
                       std::any_of(options_.variables.begin(), options_.variables.end(), is_named);
    if (is_variable) {
      node.form = Form::Environment;
      return environment(node);
    }
  }
  node.name = code_.model.definitions().names().find(node.text);
  node.is_value = node.text == "value";
  Shape input = input_of(node, self);
  if (failure_) return input;
  if (node.input == no_index) {
    bool is_type = false;
    Shape typed = first_name(node, self, is_type);
    if (is_type || failure_) return typed;
  }
  return element(node, input);
}

/// A first name that is a type: decided here if the focus is known to be one, else tested at run time.
Shape Analyser::first_name(Node& node, const Shape& self, bool& is_type) {
  const fhir::Definitions& definitions = code_.model.definitions();
  fhir::TypeId type = definitions.find_type(node.text);
  bool is_model_type =
      type != 0 && definitions.kind(type) != fhir::TypeKind::System && definitions.kind(type) != fhir::TypeKind::Primitive;
  node.names_type_of_focus = is_model_type || (self.type == 0 && !self.is_system);
  Shape shape = self;
  if (!is_model_type) return shape;
  node.target = TypeTarget{.type = type, .system = std::nullopt, .name = node.text};
  if (self.type == 0) {
    is_type = definitions.kind(type) == fhir::TypeKind::Resource || definitions.kind(type) == fhir::TypeKind::Logical;
    if (is_type) shape.type = type;
  } else if (definitions.is_a(self.type, type)) {
    is_type = true;
  } else if (definitions.is_a(type, self.type)) {
    is_type = true;
    shape.type = type;
  } else if (unions_ > 0 && self.type == options_.context && are_resources(self.type, type)) {
    is_type = true;  // an alternative in a search parameter of several resources
    shape.type = type;
  } else if (options_.strict && !definitions.step(self.type, node.name)) {
    fail(node, "The expression stands on " + std::string(definitions.name(self.type)) + ", which is no " + node.text + ".");
  }
  return shape;
}

Shape Analyser::element(Node& node, const Shape& input) {
  const fhir::Definitions& definitions = code_.model.definitions();
  Shape shape;
  shape.is_ordered = input.is_ordered;
  if (input.is_system && options_.strict) check_system_element(node, input.kind);
  if (input.is_system || input.type == 0) return shape;
  if (node.text == "value" && code_.model.is_primitive(input.type)) {
    shape = system_shape(code_.model.system_kind(input.type).value_or(ValueKind::String), input.is_single);
    return shape;
  }
  fhir::Step step = definitions.step(input.type, node.name);
  if (!step) {
    // Below a base type any element may occur.
    if (options_.strict && !definitions.is_abstract(input.type)) unknown_element(node, input.type);
    return shape;
  }
  if (refuse_choice_name(node, step, input.type)) return shape;
  node.expected = input.type;
  node.step = step;
  shape.type = step.type;
  shape.is_single = input.is_single && step.element->max <= 1;
  return shape;
}

/// Of the System types only quantities and the result of type() have elements.
void Analyser::check_system_element(const Node& node, ValueKind kind) {
  if (kind == ValueKind::TypeInfo || kind == ValueKind::Element) return;
  if (kind == ValueKind::Quantity && (node.text == "value" || node.text == "unit")) return;
  fail(node, "'" + node.text + "' is no element of a " + std::string(system_name(kind)) + ".");
}

/// valueQuantity is the name in JSON; the element is value (FHIR R4 fhirpath.html#polymorphism).
bool Analyser::refuse_choice_name(const Node& node, const fhir::Step& step, fhir::TypeId type) {
  if (!step.element->is_choice || step.element->name == node.name) return false;
  if (options_.takes_choice_names && !options_.strict) return false;
  const fhir::Definitions& definitions = code_.model.definitions();
  std::string base(definitions.names().text(step.element->name));
  fail(node, "'" + node.text + "' is no element of " + std::string(definitions.name(type)) + ": write " + base + " or " + base +
                 ".ofType(" + std::string(definitions.name(step.type)) + ").");
  return true;
}

void Analyser::unknown_element(const Node& node, fhir::TypeId type) {
  const fhir::Definitions& definitions = code_.model.definitions();
  std::string says = "'" + node.text + "' is no element of " + std::string(definitions.name(type)) + ".";
  std::vector<std::string_view> names;
  for (const fhir::Element& known : definitions.elements(type)) names.push_back(definitions.names().text(known.name));
  std::string_view close = nearest(node.text, names);
  if (!close.empty()) says += " Did you mean '" + std::string(close) + "'?";
  fail(node, std::move(says));
}

Shape Analyser::environment(Node& node) {
  Shape shape;
  for (const Defined& defined : scope_) {
    if (defined.name != node.text) continue;
    node.known = Known::Defined;
    node.slot = defined.slot;
    return defined.shape;
  }
  for (std::size_t place = 0; place < options_.variables.size(); ++place) {
    if (options_.variables[place].name != node.text) continue;
    node.known = Known::Given;
    node.slot = static_cast<std::uint32_t>(place);
    shape.type = options_.variables[place].type;
    return shape;
  }
  shape.is_single = true;
  if (node.text == "context") {
    node.known = Known::Context;
    shape.type = options_.context;
    return shape;
  }
  if (node.text == "resource" || node.text == "rootResource") {
    node.known = node.text == "resource" ? Known::Resource : Known::RootResource;
    return shape;
  }
  if (find_service(node.text) != nullptr) {
    node.known = Known::Service;
    shape.is_empty = true;
    return shape;
  }
  std::optional<std::string> constant = known_constant(node.text);
  auto has_no_name = [](const Defined& defined) { return defined.name.empty(); };
  if (!constant && std::any_of(scope_.begin(), scope_.end(), has_no_name)) {
    node.known = Known::Named;
    return {};
  }
  if (!constant) {
    fail(node, "There is no variable %" + node.text + ".");
    return shape;
  }
  node.known = Known::Constant;
  node.constant = Value::of(code_.kept.arena().keep(*constant));
  return system_shape(ValueKind::String);
}

bool Analyser::are_resources(fhir::TypeId left, fhir::TypeId right) const {
  const fhir::Definitions& definitions = code_.model.definitions();
  return definitions.kind(left) == fhir::TypeKind::Resource && definitions.kind(right) == fhir::TypeKind::Resource;
}

Shape Analyser::binary(Node& node, const Shape& self) {
  const bool unites = node.op == Operator::Union;
  unions_ += unites ? 1 : 0;
  Shape left = argument(node.arguments[0], self);
  Shape right = argument(node.arguments[1], self);
  unions_ -= unites ? 1 : 0;
  if (failure_) return left;
  if (options_.strict) check_operands(node, left, right);
  Shape shape;
  switch (node.op) {
    case Operator::Union:
      if (left.is_empty) return right;
      if (right.is_empty || (left.type == right.type && left.is_system == right.is_system && left.kind == right.kind))
        shape = left;
      shape.is_single = false;
      return shape;
    case Operator::Concatenate: return system_shape(ValueKind::String);
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::WholeDivide:
    case Operator::Modulo:
    case Operator::Add:
    case Operator::Subtract: {
      std::optional<ValueKind> kinds[] = {kind_of(left), kind_of(right)};
      shape.is_single = true;
      if (!kinds[0] || !kinds[1]) return shape;
      bool is_decimal = node.op == Operator::Divide || *kinds[1] == ValueKind::Decimal;
      if (*kinds[0] == ValueKind::Integer && is_decimal) kinds[0] = ValueKind::Decimal;
      return *kinds[1] == ValueKind::Quantity && *kinds[0] <= ValueKind::Decimal ? system_shape(ValueKind::Quantity)
                                                                                 : system_shape(*kinds[0]);
    }
    default: return system_shape(ValueKind::Boolean);
  }
}

TypeTarget Analyser::type_target(const Node& node, const std::string& name) {
  TypeTarget target = code_.model.find_type(name);
  if (target || !code_.model.knows_types()) return target;
  // A FHIR type that System does not have, such as System.Patient, never matches.
  const bool is_elsewhere = name.starts_with("System.") && code_.model.find_type(name.substr(7));
  if (is_elsewhere) return target;
  const fhir::Definitions& definitions = code_.model.definitions();
  std::vector<std::string_view> names;
  for (fhir::TypeId type : definitions.all_types()) names.push_back(definitions.name(type));
  std::string_view close = nearest(name, names);
  fail(node, "There is no type " + name + "." + (close.empty() ? "" : " Did you mean '" + std::string(close) + "'?"));
  return target;
}

/// The type name in is(FHIR.Patient), parsed as a path.
std::string Analyser::type_argument(NodeIndex index) const {
  const Node& node = code_.nodes[index];
  if (node.form != Form::Member) return "";
  if (node.input == no_index) return node.text;
  std::string before = type_argument(node.input);
  return before.empty() ? "" : before + "." + node.text;
}

}  // namespace vardbron::fhirpath
