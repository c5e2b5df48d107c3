#include "gateway/fhirpath/factory.h"
#include "gateway/fhirpath/maker.h"

#include <algorithm>
#include <array>

namespace vardbron::fhirpath {
namespace {

/// A function that makes an element, and where its arguments go (fhirpath.html#factory).
struct Recipe {
  std::string_view function;
  std::array<std::string_view, 7> elements;
  std::size_t count;
};

constexpr Recipe recipes[] = {{"Extension", {"url", "value"}, 2},
                              {"Identifier", {"system", "value", "use", "type"}, 4},
                              {"HumanName", {"family", "given", "prefix", "suffix", "text", "use"}, 6},
                              {"ContactPoint", {"system", "value", "use"}, 3},
                              {"Address", {"line", "city", "state", "postalCode", "country", "use", "type"}, 7},
                              {"Quantity", {"system", "code", "value", "unit"}, 4},
                              {"Coding", {"system", "code", "display", "version"}, 4},
                              {"CodeableConcept", {"coding", "text"}, 2}};

struct ServiceFunction {
  Function service;
  std::string_view name;
  Arity arity;
};

constexpr ServiceFunction service_functions[] = {{Function::Factory, "create", {1, 1}},
                                                 {Function::Factory, "withExtension", {3, 3}},
                                                 {Function::Factory, "withProperty", {3, 3}},
                                                 {Function::Terminology, "at", {1, 1}},
                                                 {Function::Terminology, "expand", {1, 2}},
                                                 {Function::Terminology, "lookup", {1, 2}},
                                                 {Function::Terminology, "validateVS", {2, 3}},
                                                 {Function::Terminology, "validateCS", {2, 3}},
                                                 {Function::Terminology, "subsumes", {3, 4}},
                                                 {Function::Terminology, "translate", {2, 3}},
                                                 {Function::Server, "at", {1, 1}},
                                                 {Function::Server, "read", {2, 2}},
                                                 {Function::Server, "create", {1, 1}},
                                                 {Function::Server, "update", {1, 1}},
                                                 {Function::Server, "delete", {1, 1}},
                                                 {Function::Server, "patch", {1, 1}},
                                                 {Function::Server, "search", {1, 2}},
                                                 {Function::Server, "capabilities", {0, 1}},
                                                 {Function::Server, "validate", {1, 3}},
                                                 {Function::Server, "transform", {2, 2}},
                                                 {Function::Server, "everything", {2, 3}},
                                                 {Function::Server, "apply", {1, 3}}};

bool arguments_into(Call& call, Maker& maker, std::span<const std::string_view> elements) {
  for (std::size_t place = 0; place < elements.size() && call.has_argument(place); ++place) {
    List values;
    if (!call.argument(place, values) || !maker.add(elements[place], values.span())) return false;
  }
  return true;
}

/// withExtension and withProperty: a copy of an element with more, or something else, in it.
bool changed_copy(Call& call) {
  List instance, values;
  std::optional<std::string_view> name;
  if (!call.argument(0, instance) || !call.text_argument(1, name) || !call.argument(2, values)) return false;
  if (instance.empty()) return true;
  if (instance.size > 1 || !instance[0].is_element() || !name)
    return call.fail(call.node.text + "() changes one element, and is told by a text what to change.");
  Maker maker(call.run, call.node, instance[0]);
  if (call.node.text == "withProperty") return maker.replace(*name, values.span()) && call.give(maker.finish());
  Maker extension(call.run, call.node, call.run.model().extension_type());
  const Value url = Value::of(*name);
  if (!extension.add("url", {&url, 1}) || !extension.add("value", values.span())) return false;
  const Value made = extension.finish();
  return maker.add("extension", {&made, 1}) && call.give(maker.finish());
}

}  // namespace

std::span<const std::string_view> elements_made_by(std::string_view function) {
  auto found = std::find_if(std::begin(recipes), std::end(recipes),
                            [function](const Recipe& recipe) { return recipe.function == function; });
  if (found == std::end(recipes)) return {};
  return {found->elements.data(), found->count};
}

std::optional<Arity> arity_of(Function service, std::string_view function) {
  for (const ServiceFunction& known : service_functions)
    if (known.service == service && known.name == function) return known.arity;
  std::span<const std::string_view> elements = elements_made_by(function);
  if (service != Function::Factory || elements.empty()) return std::nullopt;
  return Arity{0, elements.size()};
}

bool call_factory(Call& call) {
  if (call.node.target.type == 0) return changed_copy(call);
  Maker maker(call.run, call.node, call.node.target.type);
  static constexpr std::string_view of_primitive[] = {"value", "extension"};
  std::span<const std::string_view> elements = elements_made_by(call.node.text);
  if (call.node.text != "create" && elements.empty()) elements = of_primitive;
  if (call.node.text != "create" && !arguments_into(call, maker, elements)) return false;
  return call.give(maker.finish());
}

/// No server is asked from here: nothing is found, and nothing is stored.
bool call_server(Call& call) {
  for (std::size_t place = 0; place < call.node.arguments.size(); ++place) {
    List values;
    if (!call.argument(place, values)) return false;
  }
  return call.node.text != "delete" || call.give(false);
}

namespace {

bool make_quantity(Evaluation& run, const Node& node, const Frame& frame, List& out) {
  Quantity quantity{Decimal(), "1", false, false};
  bool has_value = false;
  for (std::size_t place = 0; place < node.arguments.size(); ++place) {
    List values;
    if (!run.evaluate(node.arguments[place], frame, values)) return false;
    values = run.known(values);
    if (values.empty()) continue;
    std::optional<Value> value = values.size == 1 ? run.system(values[0]) : std::nullopt;
    std::optional<Decimal> number = value ? as_number(*value) : std::nullopt;
    const bool is_value = node.members[place] == "value";
    if (is_value ? !number : !value || value->kind() != ValueKind::String)
      return run.fail(node, "A Quantity is made of one number and the text of one unit.");
    if (is_value) {
      quantity.value = *number;
      has_value = true;
    } else {
      quantity.unit = value->text();
      quantity.is_calendar = is_calendar_unit(quantity.unit);
    }
  }
  if (has_value) run.push(out, Value::of(run.pages().keep(quantity)));
  return true;
}

}  // namespace

bool make_instance(Evaluation& run, const Node& node, const Frame& frame, List& out) {
  if (frame.self.size() > 1)
    return run.fail(node, "One item can be made into something else, and there are " + std::to_string(frame.self.size()) + ".",
                    frame.self.data());
  // On nothing at all stands an expression without input, whose selectors are constants; an empty input gives an empty result.
  if (frame.self.empty() && run.stands_on_something()) return true;
  if (node.target.system == ValueKind::Quantity && node.target.type == 0) return make_quantity(run, node, frame, out);
  Maker maker(run, node, node.target.type);
  for (std::size_t place = 0; place < node.arguments.size(); ++place) {
    List values;
    if (!run.evaluate(node.arguments[place], frame, values) || !maker.add(node.members[place], values.span())) return false;
  }
  run.push(out, maker.finish());
  return run.step(node, 8);
}

}  // namespace vardbron::fhirpath
