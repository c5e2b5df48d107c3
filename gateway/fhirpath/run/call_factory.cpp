// Tested by tests/fhirpath/instance_test.cpp and tests/fhirpath/functions_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/run/instance_builder.h"

#include <array>

namespace vardbron::fhirpath {
namespace {

// Elements that the arguments of %factory's functions are written to (fhirpath.html#factory).
constexpr std::array<std::string_view, 2> extension_parts{"url", "value"};
constexpr std::array<std::string_view, 4> identifier_parts{"system", "value", "use", "type"};
constexpr std::array<std::string_view, 6> human_name_parts{"family", "given", "prefix", "suffix", "text", "use"};
constexpr std::array<std::string_view, 3> contact_point_parts{"system", "value", "use"};
constexpr std::array<std::string_view, 7> address_parts{"line", "city", "state", "postalCode", "country", "use", "type"};
constexpr std::array<std::string_view, 4> quantity_parts{"system", "code", "value", "unit"};
constexpr std::array<std::string_view, 4> coding_parts{"system", "code", "display", "version"};
constexpr std::array<std::string_view, 2> codeable_concept_parts{"coding", "text"};
constexpr std::array<std::string_view, 2> primitive_parts{"value", "extension"};

bool arguments_into(Call& call, InstanceBuilder& maker, std::span<const std::string_view> elements) {
  for (std::size_t place = 0; place < elements.size() && call.has_argument(place); ++place) {
    List values;
    if (!call.argument(place, values) || !maker.add(elements[place], values.span())) return false;
  }
  return true;
}

template <const auto& elements>
bool make(Call& call) {
  InstanceBuilder maker(call.run, call.node, call.node.target.type);
  return arguments_into(call, maker, elements) && call.give(maker.finish());
}

bool create(Call& call) { return call.give(InstanceBuilder(call.run, call.node, call.node.target.type).finish()); }

/// Arguments of withExtension and withProperty, which return a changed copy of an element.
struct Change {
  List instance, values;
  std::optional<std::string_view> name;

  /// False: the run failed. Without an instance the result is empty.
  bool read(Call& call) {
    if (!call.argument(0, instance) || !call.text_argument(1, name) || !call.argument(2, values)) return false;
    if (instance.empty() || (instance.size == 1 && instance[0].is_element() && name)) return true;
    return call.fail(call.node.text + "() changes one element, and is told by a text what to change.");
  }
};

bool with_property(Call& call) {
  Change change;
  if (!change.read(call)) return false;
  if (change.instance.empty()) return true;
  InstanceBuilder maker(call.run, call.node, change.instance[0]);
  return maker.replace(*change.name, change.values.span()) && call.give(maker.finish());
}

bool with_extension(Call& call) {
  Change change;
  if (!change.read(call)) return false;
  if (change.instance.empty()) return true;
  InstanceBuilder maker(call.run, call.node, change.instance[0]);
  InstanceBuilder added(call.run, call.node, call.run.model().extension_type());
  const Value url = Value::of(*change.name);
  if (!added.add("url", {&url, 1}) || !added.add("value", change.values.span())) return false;
  const Value made = added.finish();
  return maker.add("extension", {&made, 1}) && call.give(maker.finish());
}

bool evaluate_arguments(Call& call) {
  for (std::size_t place = 0; place < call.node.arguments.size(); ++place) {
    List values;
    if (!call.argument(place, values)) return false;
  }
  return true;
}

// No server is called: nothing is found, and nothing is stored.
bool not_found(Call& call) { return evaluate_arguments(call); }
bool not_deleted(Call& call) { return evaluate_arguments(call) && call.give(false); }

template <const auto& elements>
constexpr Function maker_of(std::string_view type) {
  return {type, {0, elements.size()}, Takes::Anything, Gives::OneMade, make<elements>};
}

}  // namespace

FunctionTable factory_functions() {
  static constexpr Function table[] = {
      maker_of<extension_parts>("Extension"),
      maker_of<identifier_parts>("Identifier"),
      maker_of<human_name_parts>("HumanName"),
      maker_of<contact_point_parts>("ContactPoint"),
      maker_of<address_parts>("Address"),
      maker_of<quantity_parts>("Quantity"),
      maker_of<coding_parts>("Coding"),
      maker_of<codeable_concept_parts>("CodeableConcept"),
      {"create", {1, 1, {a_type_name}}, Takes::Anything, Gives::OneMade, create},
      {"withExtension", {3, 3}, Takes::Anything, Gives::Unknown, with_extension},
      {"withProperty", {3, 3}, Takes::Anything, Gives::Unknown, with_property},
  };
  return table;
}

const Function& primitive_maker() {
  static constexpr Function row = maker_of<primitive_parts>("");
  return row;
}

FunctionTable server_functions() {
  static constexpr Function table[] = {
      {"at", {1, 1}, Takes::Anything, Gives::Unknown, not_found},
      {"read", {2, 2}, Takes::Anything, Gives::Unknown, not_found},
      {"create", {1, 1}, Takes::Anything, Gives::Unknown, not_found},
      {"update", {1, 1}, Takes::Anything, Gives::Unknown, not_found},
      {"delete", {1, 1}, Takes::Anything, Gives::Unknown, not_deleted},
      {"patch", {1, 1}, Takes::Anything, Gives::Unknown, not_found},
      {"search", {1, 2}, Takes::Anything, Gives::Unknown, not_found},
      {"capabilities", {0, 1}, Takes::Anything, Gives::Unknown, not_found},
      {"validate", {1, 3}, Takes::Anything, Gives::Unknown, not_found},
      {"transform", {2, 2}, Takes::Anything, Gives::Unknown, not_found},
      {"everything", {2, 3}, Takes::Anything, Gives::Unknown, not_found},
      {"apply", {1, 3}, Takes::Anything, Gives::Unknown, not_found},
  };
  return table;
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
  if (has_value) run.push(out, Value::of(run.arena().keep(quantity)));
  return true;
}

}  // namespace

bool make_instance(Evaluation& run, const Node& node, const Frame& frame, List& out) {
  if (frame.self.size() > 1)
    return run.fail(node, "One item can be made into something else, and there are " + std::to_string(frame.self.size()) + ".",
                    frame.self.data());
  // Without any focus the selectors are constants; an empty input has an empty result.
  if (frame.self.empty() && run.stands_on_something()) return true;
  if (node.target.system == ValueKind::Quantity && node.target.type == 0) return make_quantity(run, node, frame, out);
  InstanceBuilder maker(run, node, node.target.type);
  for (std::size_t place = 0; place < node.arguments.size(); ++place) {
    List values;
    if (!run.evaluate(node.arguments[place], frame, values) || !maker.add(node.members[place], values.span())) return false;
  }
  run.push(out, maker.finish());
  return run.step(node, 8);
}

}  // namespace vardbron::fhirpath
