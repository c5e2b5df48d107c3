// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/tree/walk.h"

namespace vardbron::fhirpath {
namespace {

bool children(Call& call) {
  for (const Value& value : call.input) {
    std::uint32_t before = call.out.size;
    call.run.children(value, call.out);
    if (!call.run.step(call.node, call.out.size - before)) return false;
  }
  return true;
}

/// All nodes below: the children of each result are appended to the results.
bool descendants(Call& call) {
  std::uint32_t next = call.out.size;
  if (!children(call)) return false;
  for (; next < call.out.size; ++next) {
    Value value = call.out[next];
    std::uint32_t before = call.out.size;
    call.run.children(value, call.out);
    if (!call.run.step(call.node, call.out.size - before)) return false;
  }
  return true;
}

bool at_most_one(Call& call) {
  if (call.input.size <= 1) return true;
  return call.fail(call.node.text + "() works on one item, and there are " + std::to_string(call.input.size) + ".");
}

bool is(Call& call) {
  if (!at_most_one(call)) return false;
  return call.input.empty() || call.give(call.run.model().is(call.input[0], call.node.target));
}

bool as(Call& call) {
  if (!at_most_one(call)) return false;
  if (call.input.empty() || !call.run.model().as(call.input[0], call.node.target)) return true;
  return call.give(call.run.narrowed(call.input[0], call.node.target));
}

bool type(Call& call) {
  const fhir::Definitions& definitions = call.run.model().definitions();
  for (const Value& value : call.input) {
    TypeInfo info{"System", system_name(value.kind()), "System.Any"};
    if (value.is_element()) {
      std::optional<Value> plain = value.type() == 0 ? call.run.system(value) : std::nullopt;
      if (plain) {
        info.name = system_name(plain->kind());
      } else if (value.type() == 0) {
        info = {"", value.item().name_text(), "System.Any"};
      } else {
        fhir::TypeId base = definitions.base(value.type());
        std::string_view base_name = base == 0 ? "System.Any" : joined(call.run.arena(), "FHIR.", definitions.name(base));
        info = {"FHIR", definitions.name(value.type()), base_name};
      }
    }
    call.give(Value::of(call.run.arena().keep(info)));
  }
  return true;
}

bool trace(Call& call) {
  std::optional<std::string_view> name;
  if (!call.text_argument(0, name)) return false;
  List shown = call.input;
  if (call.has_argument(1)) {
    shown = List{};
    for (std::uint32_t place = 0; place < call.input.size; ++place) {
      Frame frame{{call.input.data + place, 1}, place, call.frame.total};
      if (!call.run.evaluate(call.node.arguments[1], frame, shown)) return false;
    }
  }
  Hooks* hooks = call.run.environment().hooks;
  if (hooks != nullptr && name) hooks->trace(*name, shown.span());
  call.run.append(call.out, call.input.span());
  return true;
}

/// The slot was bound at compile time, and so was a literal name.
bool define_variable(Call& call) {
  if (call.node.known == Known::Named) {
    std::optional<std::string_view> name;
    if (!call.text_argument(0, name)) return false;
    if (!name || name->empty()) return call.fail("defineVariable() takes the variable's name as a text.");
    if (!call.run.name_variable(*name, call.node.slot))
      return call.fail("There is a variable %" + std::string(*name) + " already.");
  }
  List value = call.input;
  if (call.has_argument(1)) {
    value = List{};
    if (!call.run.evaluate(call.node.arguments[1], Frame{call.input.span(), call.frame.index, call.frame.total}, value))
      return false;
  }
  call.run.defined()[call.node.slot] = value;
  call.run.append(call.out, call.input.span());
  return true;
}

/// Names as written in an expression.
std::string written(std::string_view name) {
  bool is_plain = !name.empty() && (name[0] < '0' || name[0] > '9');
  for (char letter : name)
    is_plain = is_plain && (letter == '_' || (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                            (letter >= 'a' && letter <= 'z'));
  return is_plain ? std::string(name) : "`" + std::string(name) + "`";
}

/// One step of a path: the element by its FHIRPath name (value, not valueQuantity), and its index. `type` is that of the parent,
/// then that of the node.
std::string segment(const Model& model, tree::Item parent, tree::Item node, fhir::TypeId& type, bool is_short) {
  const fhir::Definitions& definitions = model.definitions();
  auto element_of = [&](tree::Item item) { return type == 0 ? nullptr : definitions.step(type, item.name()).element; };
  const fhir::Element* element = element_of(node);
  std::size_t before = 0, all = 0;
  for (tree::Item each = parent.first_child(); each; each = each.next()) {
    if (each == node) before = all;
    if (element != nullptr ? element_of(each) == element : each.name() == node.name()) ++all;
  }
  const bool may_repeat = element != nullptr ? element->max > 1 : all > 1 || node.document->in_list(node.node);
  std::string name = written(element != nullptr ? definitions.names().text(element->name) : node.name_text());
  type = model.child_type(type, node);
  return may_repeat || !is_short ? name + "[" + std::to_string(before) + "]" : name;
}

std::string path_in(const Model& model, tree::Item item, bool is_short) {
  tree::Walk walk(*item.document, 0);
  while (walk.node() != item.node && walk.node() != tree::no_node) walk.advance();
  if (walk.node() == tree::no_node) return {};
  const tree::Item root = tree::root(*item.document);
  fhir::TypeId type = fhir::resource_type(model.definitions(), root);
  std::string_view named = root.text_of("resourceType");
  std::string path = named.empty() && root.name_text().empty() ? "" : written(named.empty() ? root.name_text() : named);
  for (std::size_t at = 1; at < walk.way().size(); ++at) {
    const tree::Item parent{item.document, walk.way()[at - 1]}, node{item.document, walk.way()[at]};
    if (node.name() == 0) continue;  // an item of a nested list, which FHIRPath does not have
    if (!path.empty()) path += '.';
    path += segment(model, parent, node, type, is_short);
  }
  return path;
}

/// Path of the items in the input resource (FHIRPath 3); none for computed, created or resolved ones.
bool pathname(Call& call) {
  std::optional<Value> shortens;
  if (!call.argument(0, shortens)) return false;
  if (shortens && shortens->kind() != ValueKind::Boolean) return call.fail("pathname() takes a truth value.");
  const std::optional<Value>& root = call.run.root_resource();
  for (const Value& value : call.input) {
    if (!value.is_element()) continue;
    if (root && root->is_element() && root->item().document != value.item().document) continue;
    call.give_text(path_in(call.run.model(), value.item(), shortens && shortens->boolean()));
    if (!call.run.step(call.node, value.item().document->size())) return false;
  }
  return true;
}

}  // namespace

FunctionTable tree_functions() {
  static constexpr Function table[] = {
      {"children", {}, Takes::Anything, Gives::Unordered, children},
      {"descendants", {}, Takes::Anything, Gives::Unordered, descendants},
      {"is", {1, 1, {a_type_name}}, Takes::One, Gives::Boolean, is},
      {"as", {1, 1, {a_type_name}}, Takes::One, Gives::OneOfNamedType, as},
      {"type", {}, Takes::Anything, Gives::Unknown, type},
      {"trace", {1, 2, {a_text, for_each_item}}, Takes::Anything, Gives::Input, trace},
      {"defineVariable", {1, 2, {a_variable_name}}, Takes::Anything, Gives::Input, define_variable},
      {"pathname", {0, 1, {a_truth}}, Takes::Anything, Gives::Texts, pathname},
  };
  return table;
}

}  // namespace vardbron::fhirpath
