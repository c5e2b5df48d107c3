// Tested by tests/fhirpath/instance_test.cpp and tests/fhirpath/terminology_test.cpp.

#include "gateway/fhirpath/language/analyse.h"

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

Shape one_of(fhir::TypeId type) {
  Shape shape;
  shape.type = type;
  shape.is_single = true;
  return shape;
}

}  // namespace

/// Type and elements must be known at compile time (FHIRPath 3, Instance Selector).
Shape Analyser::instance(Node& node, const Shape& self) {
  for (NodeIndex value : node.arguments) argument(value, self);
  if (failure_) return {};
  node.target = type_target(node, node.text);
  if (failure_) return {};
  if (node.target.system == ValueKind::Quantity && node.target.type == 0) {
    for (const std::string& name : node.members)
      if (name != "value" && name != "unit") fail(node, "A Quantity has a value and a unit, and no " + name + ".");
    Shape shape = one_of(0);
    shape.is_system = true;
    shape.kind = ValueKind::Quantity;
    return shape;
  }
  if (code_.model.knows_types() && node.target.type == 0) fail(node, "Nothing can be made of type " + node.text + ".");
  for (const std::string& name : node.members)
    if (node.target.type != 0 && !has_element(node, node.target.type, name)) break;
  return one_of(node.target.type);
}

bool Analyser::has_element(const Node& node, fhir::TypeId type, const std::string& name) {
  const fhir::Definitions& definitions = code_.model.definitions();
  const bool is_value = name == "value" && code_.model.is_primitive(type);
  if (is_value || definitions.step(type, definitions.names().find(name))) return true;
  Node named = node;
  named.text = name;
  unknown_element(named, type);
  return false;
}

/// A function of %factory, %terminologies or %server, or of the result of their at().
const Service* Analyser::service_before(const Node& node) const {
  if (node.input == no_index) return nullptr;
  const Node& before = code_.nodes[node.input];
  if (before.form == Form::Call && before.text == "at") return service_before(before);
  if (before.form != Form::Environment) return nullptr;
  auto is_named = [&before](const auto& variable) { return variable.name == before.text; };
  bool is_taken = std::any_of(scope_.begin(), scope_.end(), is_named) ||
                  std::any_of(options_.variables.begin(), options_.variables.end(), is_named);
  return is_taken ? nullptr : find_service(before.text);
}

Shape Analyser::call_service(const Service& service, Node& node, const Shape& self) {
  input_of(node, self);
  const bool makes_primitive =
      service.name == "factory" && code_.model.is_primitive(code_.model.definitions().find_type(node.text));
  node.function = makes_primitive ? &primitive_maker() : find_function(service, node.text);
  for (std::size_t place = 0; place < node.arguments.size(); ++place) {
    const bool names_type = node.function != nullptr && node.function->argument(place).takes == Takes::TypeName;
    if (!names_type) argument(node.arguments[place], self);
  }
  if (failure_) return {};
  if (node.function == nullptr) {
    fail(node, "%" + std::string(service.name) + " has no function " + node.text + "().");
    return {};
  }
  const Function& known = *node.function;
  if (!known.takes_count(node.arguments.size())) {
    fail(node, node.text + "() takes " + std::to_string(known.arguments.min) + " to " + std::to_string(known.arguments.max) +
                   " arguments.");
    return {};
  }
  if (known.gives == Gives::OneMade) {
    bind_factory(node);
    return one_of(node.target.type);
  }
  return known.gives == Gives::OneOfType ? one_of(code_.model.definitions().find_type(known.type)) : Shape{};
}

void Analyser::bind_factory(Node& node) {
  const bool names_type = node.function->argument(0).takes == Takes::TypeName;
  std::string name = names_type ? type_argument(node.arguments[0]) : node.text;
  node.target = code_.model.find_type(name.empty() || name.starts_with("FHIR.") ? name : "FHIR." + name);
  if (node.target.type == 0) fail(node, "There is no type " + name + " to make something of.");
}

}  // namespace vardbron::fhirpath
