// Tested by tests/fhirpath/language_test.cpp and tests/fhirpath/values_test.cpp.

#include "gateway/fhir/xsi_type.h"
#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/tree/marks.h"

namespace vardbron::fhirpath {
namespace {

/// A JSON null that is only a placeholder in a list does not exist for FHIRPath.
bool is_visible(const tree::Document& document, tree::NodeId node) {
  return document.kind(node) != tree::Kind::Null || document.first_child(node) != tree::no_node;
}

}  // namespace

bool Evaluation::member(const Node& node, const Frame& frame, List& out) {
  List input;
  if (!evaluate_input(node, frame, input)) return false;
  for (const Value& value : input) {
    if (node.names_type_of_focus && first_member(node, value, out)) continue;
    std::uint32_t before = out.size;
    member_of(node, value, out);
    if (environment_.marks != nullptr) mark(out, before);
    if (!step(node, out.size - before)) return false;
  }
  return true;
}

/// An element of no known type. FHIRPath has no nested lists: an inner one is replaced by its items.
void Evaluation::spread(tree::Item item, List& out) {
  if (!is_list(item)) {
    push(out, Value::of(item, 0));
    return;
  }
  for (tree::Item each = item.first_child(); each; each = each.next()) {
    if (is_visible(*each.document, each.node)) spread(each, out);
  }
}

void Evaluation::mark(const List& list, std::uint32_t first) const {
  for (std::uint32_t at = first; at < list.size; ++at) {
    if (list[at].is_element()) environment_.marks->set(list[at].item(), tree::Marks::Evaluated);
  }
}

/// N1 3: a first name that is the type of the focus, or of one of its bases, is the focus itself.
bool Evaluation::first_member(const Node& node, const Value& value, List& out) {
  if (!value.is_element()) return false;
  // The root of a tree without model may be named by its own name, and a resource by its resourceType.
  bool is_itself = value.type() != 0 ? code_.model.is(value, node.target)
                                     : (value.item().node == 0 && value.item().name_text() == node.text) ||
                                           value.item().text_of("resourceType") == node.text;
  if (is_itself) push(out, value);
  return is_itself;
}

tree::NameId Evaluation::name_in(const Node& node, const tree::Document& document) const {
  if (node.name != 0 && &document.names() == &code_.model.names()) return node.name;
  return document.find_name(node.text);
}

void Evaluation::member_of(const Node& node, const Value& value, List& out) {
  if (value.kind() == ValueKind::TypeInfo) {
    type_member(node.text, value.type_info(), out);
    return;
  }
  if (value.kind() == ValueKind::Quantity) {
    if (node.text == "value") push(out, Value::of(value.quantity().value));
    if (node.text == "unit") push(out, Value::of(value.quantity().unit));
    return;
  }
  if (!value.is_element()) return;
  if (value.type() != 0) {
    typed_member(node, value, out);
    return;
  }
  const tree::Document& document = *value.item().document;
  tree::NameId name = name_in(node, document);
  if (name == 0) return;
  std::size_t passed = 0;
  for (tree::NodeId child = document.first_child(value.item().node); child != tree::no_node; child = document.next(child)) {
    ++passed;
    if (document.name(child) == name && is_visible(document, child)) spread({&document, child}, out);
  }
  charge_children(passed);
}

/// N1 10.2: SimpleTypeInfo and ClassInfo have namespace, name and baseType, a ClassInfo has its elements too, and each of those
/// name, type and isOneBased.
void Evaluation::type_member(std::string_view name, const TypeInfo& info, List& out) {
  bool is_element = info.space == class_element_space;
  if (name == "name") push(out, Value::of(info.name));
  if (name == "namespace" && !is_element && !info.space.empty()) push(out, Value::of(info.space));
  if (name == (is_element ? "type" : "baseType")) push(out, Value::of(info.base));
  if (name == "isOneBased" && is_element) push(out, Value(false));
  if (name != "element" || info.space != "FHIR") return;
  const fhir::Definitions& definitions = code_.model.definitions();
  for (const fhir::Element& element : definitions.elements(definitions.find_type(info.name))) {
    std::span<const fhir::ElementType> types = definitions.types(element);
    std::string type = types.size() == 1 ? "FHIR." + std::string(definitions.name(types[0].type)) : "System.Any";
    if (element.max > 1) type = "List<" + type + ">";
    TypeInfo about{class_element_space, definitions.names().text(element.name), arena().keep(type)};
    push(out, Value::of(arena().keep(about)));
  }
}

void Evaluation::typed_member(const Node& node, const Value& value, List& out) {
  const fhir::Definitions& definitions = code_.model.definitions();
  if (node.is_value && code_.model.is_primitive(value.type())) {
    if (std::optional<Value> itself = system(value)) push(out, *itself);  // the value of a primitive is a System value
    return;
  }
  fhir::Step found = value.type() == node.expected ? node.step : definitions.step(value.type(), node.name);
  if (!found) return;
  const tree::Document& document = *value.item().document;
  std::size_t passed = 0;
  if (!found.element->is_choice) {
    tree::NameId name = name_in(node, document);
    if (name == 0) return;
    bool is_open = code_.model.is_open(found.type);
    for (tree::NodeId child = document.first_child(value.item().node); child != tree::no_node; child = document.next(child)) {
      ++passed;
      if (document.name(child) != name || !is_visible(document, child)) continue;
      tree::Item item{&document, child};
      push(out, Value::of(item, is_open ? settled(found.type, item) : found.type));
      const tree::NodeId next = document.next(child);
      if (found.element->max == 1 && (next == tree::no_node || document.name(next) != name)) break;  // there is no other
    }
    charge_children(passed);
    return;
  }
  bool is_choice_name = found.element->name != node.name;
  if (is_choice_name && !code_.takes_choice_names) return;  // valueQuantity is the name in JSON, not the element's
  for (tree::NodeId child = document.first_child(value.item().node); child != tree::no_node; child = document.next(child)) {
    ++passed;
    tree::NameId name = document.name(child);
    if (&document.names() != &code_.model.names()) name = definitions.names().find(document.name_text(name));
    fhir::Step choice = definitions.step(value.type(), name);
    if (choice.element != found.element || !is_visible(document, child) || (is_choice_name && name != node.name)) continue;
    tree::Item item{&document, child};
    const fhir::TypeId declared = fhir::has_xsi_type(definitions, *found.element)
                                      ? fhir::xsi_type(definitions, item, fhir::type_near(definitions, *found.element))
                                      : 0;
    push(out, Value::of(item, declared != 0 ? declared : code_.model.settled(choice.type, item)));
  }
  charge_children(passed);
}

// Entries of a Bundle are mostly of few types.
fhir::TypeId Evaluation::settled(fhir::TypeId type, tree::Item item) {
  const tree::Document& document = *item.document;
  if (&document.names() != &code_.model.names()) return code_.model.settled(type, item);
  const tree::NodeId named = document.child(item.node, code_.model.resource_type_name());
  const std::string_view name = named == tree::no_node ? std::string_view() : document.text(named);
  if (name.empty() || name != settled_name_) {
    settled_type_ = code_.model.settled(type, item);
    settled_name_ = name;
  }
  return settled_type_;
}

void Evaluation::children(const Value& value, List& out) {
  if (!value.is_element()) return;
  const std::uint32_t before = out.size;
  const tree::Document& document = *value.item().document;
  for (tree::NodeId child = document.first_child(value.item().node); child != tree::no_node; child = document.next(child)) {
    tree::NameId name = document.name(child);
    if (code_.model.is_type_name(document, name) || !is_visible(document, child)) continue;
    tree::Item item{&document, child};
    if (value.type() == 0) {
      spread(item, out);
    } else {
      push(out, Value::of(item, code_.model.child_type(value.type(), item)));
    }
  }
  if (environment_.marks != nullptr) mark(out, before);
}

}  // namespace vardbron::fhirpath
