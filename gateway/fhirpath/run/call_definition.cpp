// Tested by tests/fhirpath/resources_test.cpp and tests/fhirpath/functions_test.cpp.

#include "gateway/fhir/builder.h"
#include "gateway/fhirpath/run/evaluation.h"

namespace vardbron::fhirpath {
namespace {

using fhir::BindingStrength;

/// The element definition of a node. Nodes have no parent link, so it is searched from the root.
class Owner {
 public:
  Owner(const Evaluation& run, tree::Item wanted) : model_(run.model()), wanted_(wanted) {}

  const fhir::Element* find(tree::Item root) { return below(root, fhir::resource_type(model_.definitions(), root)); }

 private:
  const fhir::Element* below(tree::Item parent, fhir::TypeId type) {
    for (tree::Item child = parent.first_child(); child; child = child.next()) {
      const fhir::Element* found = nullptr;
      if (child == wanted_) {
        found = model_.definitions().step(type, child.name()).element;
      } else if (child.first_child()) {
        found = below(child, model_.child_type(type, child));
      }
      if (found != nullptr || child == wanted_) return found;
    }
    return nullptr;
  }

  const Model& model_;
  tree::Item wanted_;
};

std::string_view strength_name(BindingStrength strength) {
  switch (strength) {
    case BindingStrength::Example: return "example";
    case BindingStrength::Preferred: return "preferred";
    case BindingStrength::Extensible: return "extensible";
    case BindingStrength::Required: return "required";
    case BindingStrength::None: break;
  }
  return "";
}

void describe(const fhir::Definitions& definitions, const fhir::Element& element, fhir::Builder made) {
  constexpr std::uint16_t unbounded = 0xFFFF;
  made.set("path", definitions.text(element.path)).set("min", std::int64_t{element.min});
  made.set("max", element.max == unbounded ? std::string("*") : std::to_string(element.max));
  for (const fhir::ElementType& type : definitions.types(element)) {
    std::string_view code = definitions.name(type.type);
    if (definitions.kind(type.type) == fhir::TypeKind::Backbone) code = definitions.name(definitions.base(type.type));
    made.add("type").set("code", code);
  }
  if (element.is_modifier) made.set("isModifier", true);
  if (element.is_summary) made.set("isSummary", true);
  if (element.binding == BindingStrength::None) return;
  fhir::Builder binding = made.add("binding");
  binding.set("strength", strength_name(element.binding));
  if (element.value_set != 0) binding.set("valueSet", definitions.text(element.value_set));
}

/// The ElementDefinition of each element, as far as the definitions keep it.
bool element_definition(Call& call) {
  const fhir::Definitions& definitions = call.run.model().definitions();
  const fhir::TypeId type = definitions.find_type("ElementDefinition");
  for (const Value& value : call.input) {
    if (!value.is_element() || value.type() == 0 || type == 0) continue;
    if (&value.item().document->names() != &definitions.names()) continue;
    if (!call.run.step(call.node, value.item().document->size())) return false;
    tree::Document made(definitions.names());
    fhir::Builder builder(definitions, made, 0, type);
    if (value.item().child("resourceType")) {
      builder.set("path", definitions.name(value.type())).set("min", std::int64_t{0}).set("max", "*");
    } else if (const fhir::Element* element = Owner(call.run, value.item()).find(tree::root(*value.item().document))) {
      describe(definitions, *element, builder);
    } else {
      continue;
    }
    call.give(Value::of(tree::root(call.run.arena().keep(std::move(made))), type));
  }
  return true;
}

}  // namespace

FunctionTable definition_functions() {
  static constexpr Function table[] = {
      {"elementDefinition", {}, Takes::Anything, Gives::OfType, element_definition, 0, "ElementDefinition"},
  };
  return table;
}

}  // namespace vardbron::fhirpath
