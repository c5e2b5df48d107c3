#include "gateway/fhirpath/run/instance_builder.h"

#include "gateway/fhirpath/values/text_form.h"

namespace vardbron::fhirpath {
namespace {

/// FHIR type of a System value in a choice element.
std::string_view first_choice(ValueKind kind) {
  switch (kind) {
    case ValueKind::Boolean: return "boolean";
    case ValueKind::Integer: return "integer";
    case ValueKind::Long: return "integer64";
    case ValueKind::Decimal: return "decimal";
    case ValueKind::Date: return "date";
    case ValueKind::DateTime: return "dateTime";
    case ValueKind::Time: return "time";
    case ValueKind::Quantity: return "Quantity";
    default: return "string";
  }
}

tree::Kind json_kind(ValueKind kind) {
  if (kind == ValueKind::Boolean) return tree::Kind::Boolean;
  bool is_number = kind == ValueKind::Integer || kind == ValueKind::Long || kind == ValueKind::Decimal;
  return is_number ? tree::Kind::Number : tree::Kind::String;
}

}  // namespace

InstanceBuilder::InstanceBuilder(Evaluation& run, const Node& node, fhir::TypeId type)
    : run_(run), node_(node), type_(type), document_(run.model().names()) {
  const fhir::Definitions& definitions = run.model().definitions();
  if (type != 0 && definitions.kind(type) == fhir::TypeKind::Resource)
    document_.add_text(0, run.model().resource_type_name(), tree::Kind::String, definitions.name(type));
  if (run.model().is_primitive(type)) document_.set_kind(0, tree::Kind::Null);
}

InstanceBuilder::InstanceBuilder(Evaluation& run, const Node& node, const Value& original)
    : run_(run), node_(node), type_(original.type()), document_(run.model().names()) {
  tree::Item item = original.item();
  if (item.has_value()) document_.set_text(0, item.kind(), item.text());
  if (!item.has_value()) document_.set_kind(0, item.kind());
  for (tree::Item child = item.first_child(); child; child = child.next())
    document_.copy(0, *child.document, child.node, child.name(), child.document->in_list(child.node));
}

bool InstanceBuilder::refuse(std::string_view name, std::string_view why) {
  std::string type = type_ == 0 ? "this" : std::string(run_.model().definitions().name(type_));
  return run_.fail(node_, "'" + std::string(name) + "' of " + type + " " + std::string(why));
}

bool InstanceBuilder::add(std::string_view name, std::span<const Value> values) {
  if (values.empty()) return true;
  if (!run_.step(node_, values.size())) return false;
  if (type_ == 0) return add_plain(name, values);
  if (name == "value" && run_.model().is_primitive(type_)) return set_own_value(values);
  for (const Value& value : values) {
    Place place;
    if (!find(name, value, place)) return false;
    if (!place.in_list && document_.child(0, place.name) != tree::no_node) return refuse(name, "stands once at most.");
    if (!add_value(place, value)) return false;
  }
  return true;
}

bool InstanceBuilder::replace(std::string_view name, std::span<const Value> values) {
  const fhir::Definitions& definitions = run_.model().definitions();
  fhir::Step wanted = type_ == 0 ? fhir::Step{} : definitions.step(type_, definitions.names().find(name));
  for (tree::NodeId child = document_.first_child(0), next = tree::no_node; child != tree::no_node; child = next) {
    next = document_.next(child);
    bool is_it = wanted ? definitions.step(type_, document_.name(child)).element == wanted.element
                        : document_.name_text(document_.name(child)) == name;
    if (is_it) document_.remove(0, child);
  }
  return add(name, values);
}

Value InstanceBuilder::finish() {
  const tree::Document& kept = run_.arena().keep(std::move(document_));
  return Value::of(tree::root(kept), type_);
}

bool InstanceBuilder::find(std::string_view name, const Value& value, Place& place) {
  const fhir::Definitions& definitions = run_.model().definitions();
  const tree::NameId id = definitions.names().find(name);
  fhir::Step step = definitions.step(type_, id);
  if (!step) return refuse(name, "is not known.");
  place.in_list = step.element->max > 1;
  if (step.element->is_choice && step.element->name == id) return find_choice(*step.element, value, place);
  place.name = id;
  place.type = step.type;
  return true;
}

/// Of a choice the type of the value, or the preferred one of a System value; else the first that can hold it.
bool InstanceBuilder::find_choice(const fhir::Element& element, const Value& value, Place& place) {
  const fhir::Definitions& definitions = run_.model().definitions();
  const fhir::ElementType* found = nullptr;
  const fhir::ElementType* possible = nullptr;
  for (const fhir::ElementType& type : definitions.types(element)) {
    if (value.is_element()) {
      if (type.type == value.type()) found = &type;
      if (possible == nullptr && value.type() != 0 && definitions.is_a(value.type(), type.type)) possible = &type;
    } else {
      if (definitions.name(type.type) == first_choice(value.kind())) found = &type;
      if (possible == nullptr && run_.model().system_kind(type.type) == value.kind()) possible = &type;
    }
  }
  if (found == nullptr) found = possible;
  if (found == nullptr) return refuse(definitions.names().text(element.name), "cannot hold a value of this type.");
  place.name = found->choice_name;
  place.type = found->type;
  return true;
}

bool InstanceBuilder::set_own_value(std::span<const Value> values) {
  if (values.size() > 1) return refuse("value", "stands once at most.");
  if (run_.lacks_value(values[0])) return true;
  std::optional<Value> value = run_.system(values[0]);
  std::optional<std::string> text = value ? text_form(*value) : std::nullopt;
  std::optional<ValueKind> kind = run_.model().system_kind(type_);
  if (!text || !kind || !read_text_as(*text, *kind)) return refuse("value", "cannot hold this value.");
  document_.set_text(0, run_.model().definitions().json_kind(type_), *text);
  return true;
}

bool InstanceBuilder::add_value(const Place& place, const Value& value) {
  const Model& model = run_.model();
  std::string_view name = model.names().text(place.name);
  if (model.is_primitive(place.type) || model.definitions().kind(place.type) == fhir::TypeKind::System)
    return add_primitive(place, value);
  if (value.kind() == ValueKind::Quantity && model.is_quantity(place.type)) return add_quantity(place, value.quantity());
  bool is_backbone = model.definitions().kind(place.type) == fhir::TypeKind::Backbone;
  bool fits = value.is_element() && (value.type() == 0 || is_backbone || model.definitions().is_a(value.type(), place.type));
  if (!fits) return refuse(name, "cannot hold a value of this type.");
  if (&value.item().document->names() != &model.names()) return refuse(name, "cannot hold data of another model.");
  document_.copy(0, *value.item().document, value.item().node, place.name, place.in_list);
  return true;
}

/// Keeps an element's id and extensions.
bool InstanceBuilder::add_primitive(const Place& place, const Value& value) {
  const Model& model = run_.model();
  std::optional<Value> system = run_.system(value);
  std::optional<std::string> text = system ? text_form(*system) : std::nullopt;
  std::optional<ValueKind> kind = model.system_kind(place.type);
  bool has_only_children = value.is_element() && model.is_primitive(value.type()) && !value.item().has_value();
  if (!has_only_children && (!text || !kind || !read_text_as(*text, *kind)))
    return refuse(model.names().text(place.name), "cannot hold this value.");
  tree::Kind written = model.definitions().json_kind(place.type);
  if (model.definitions().kind(place.type) == fhir::TypeKind::System && kind) written = json_kind(*kind);
  tree::NodeId node = has_only_children ? document_.add(0, place.name, tree::Kind::Null, place.in_list)
                                        : document_.add_text(0, place.name, written, *text, place.in_list);
  if (!value.is_element() || !model.is_primitive(value.type())) return true;
  for (tree::Item child = value.item().first_child(); child; child = child.next())
    document_.copy(node, *child.document, child.node, child.name(), child.document->in_list(child.node));
  return true;
}

bool InstanceBuilder::add_quantity(const Place& place, const Quantity& quantity) {
  const tree::Names& names = run_.model().names();
  tree::NodeId node = document_.add(0, place.name, tree::Kind::Object, place.in_list);
  document_.add_text(node, names.find("value"), tree::Kind::Number, quantity.value.to_string());
  document_.add_text(node, names.find("unit"), tree::Kind::String, quantity.unit);
  document_.add_text(node, names.find("system"), tree::Kind::String,
                     quantity.is_calendar ? "http://hl7.org/fhirpath/CodeSystem/calendar-units" : "http://unitsofmeasure.org");
  document_.add_text(node, names.find("code"), tree::Kind::String, quantity.unit);
  return true;
}

/// Data without model take any name and any value.
bool InstanceBuilder::add_plain(std::string_view name, std::span<const Value> values) {
  const tree::NameId id = document_.intern(name);
  if (id == 0) return refuse(name, "has no name.");
  for (const Value& value : values) {
    std::optional<Value> system = run_.system(value);
    std::optional<std::string> text = system ? text_form(*system) : std::nullopt;
    if (text) {
      document_.add_text(0, id, json_kind(system->kind()), *text, values.size() > 1);
    } else if (value.is_element() && &value.item().document->names() == &run_.model().names()) {
      document_.copy(0, *value.item().document, value.item().node, id, values.size() > 1);
    } else {
      return refuse(name, "cannot hold a value of this type.");
    }
  }
  return true;
}

}  // namespace vardbron::fhirpath
