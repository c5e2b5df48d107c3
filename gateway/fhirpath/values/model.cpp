#include "gateway/fhirpath/values/model.h"

#include "gateway/fhir/xsi_type.h"
#include "gateway/fhirpath/values/arena.h"

namespace vardbron::fhirpath {
namespace {

constexpr std::string_view system_names[] = {"",     "Boolean",  "Integer", "Long",     "Decimal", "String",
                                             "Date", "DateTime", "Time",    "Quantity", "TypeInfo"};

std::optional<ValueKind> find_system(std::string_view name) {
  for (std::size_t kind = 1; kind < std::size(system_names); ++kind) {
    if (name == system_names[kind]) return static_cast<ValueKind>(kind);
  }
  return std::nullopt;
}

/// A primitive's text as the System value of a kind; nullopt if it cannot be parsed.
std::optional<Value> read_as(std::string_view text, ValueKind kind) {
  switch (kind) {
    case ValueKind::Boolean:
      if (text != "true" && text != "false") return std::nullopt;
      return Value(text == "true");
    case ValueKind::Integer:
    case ValueKind::Long: {
      std::optional<Decimal> number = Decimal::parse(text);
      std::optional<std::int64_t> whole = number ? number->to_integer() : std::nullopt;
      if (!whole) return std::nullopt;
      return Value::of(*whole, kind);
    }
    case ValueKind::Decimal: {
      std::optional<Decimal> number = Decimal::parse(text);
      if (!number) return std::nullopt;
      return Value::of(*number);
    }
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::Time: {
      Moment::Form form = kind == ValueKind::Date       ? Moment::Form::Date
                          : kind == ValueKind::DateTime ? Moment::Form::DateTime
                                                        : Moment::Form::Time;
      std::optional<Moment> moment = Moment::parse(text, form, time::fhirpath_data);
      if (!moment) return std::nullopt;
      return Value::of(*moment);
    }
    default: return Value::of(text);
  }
}

/// FHIR R4 fhirpath.html#quantity: a Quantity of FHIRPath needs a UCUM code or a calendar word, and no comparator.
std::optional<Value> read_quantity(tree::Item item, Collection& keeper) {
  std::optional<Decimal> amount = Decimal::parse(item.text_of("value"));
  if (!amount || !item.text_of("comparator").empty()) return std::nullopt;
  Quantity quantity{*amount, "1", false, true};
  std::string_view code = item.text_of("code");
  std::string_view system = item.text_of("system");
  if (system == "http://unitsofmeasure.org" && !code.empty()) {
    quantity.unit = code;
  } else if (system == "http://hl7.org/fhirpath/CodeSystem/calendar-units" && is_calendar_unit(code)) {
    quantity.unit = code;
    quantity.is_calendar = true;
  } else {
    return std::nullopt;
  }
  return Value::of(keeper.arena().keep(quantity));
}

/// A number without point is Integer, Long or, beyond both, Decimal, like literals.
std::optional<Value> read_number(std::string_view text) {
  std::optional<Decimal> number = Decimal::parse(text);
  if (!number) return std::nullopt;
  std::optional<std::int64_t> whole;
  if (text.find_first_of(".eE") == std::string_view::npos) whole = number->to_integer();
  if (!whole) return Value::of(*number);
  return Value::of(*whole, *whole < INT32_MIN || *whole > INT32_MAX ? ValueKind::Long : ValueKind::Integer);
}

std::optional<Value> read_untyped(tree::Item item) {
  switch (item.kind()) {
    case tree::Kind::Boolean: return read_as(item.text(), ValueKind::Boolean);
    case tree::Kind::Number: return read_number(item.text());
    default: return Value::of(item.text());
  }
}

}  // namespace

std::string_view system_name(ValueKind kind) { return system_names[static_cast<std::size_t>(kind)]; }

Model::Model(const fhir::Definitions& definitions)
    : definitions_(&definitions),
      names_(&definitions.names()),
      quantity_(definitions.find_type("Quantity")),
      extension_(definitions.find_type("Extension")),
      coding_(definitions.find_type("Coding")),
      codeable_concept_(definitions.find_type("CodeableConcept")),
      resource_type_(definitions.names().find("resourceType")),
      xsi_type_(definitions.names().find(fhir::xsi_type_name)) {}

bool Model::is_type_name(const tree::Document& document, tree::NameId name) const {
  if (&document.names() == names_) return name == resource_type_ || (name == xsi_type_ && name != 0);
  const std::string_view text = document.name_text(name);
  return text == "resourceType" || (text == fhir::xsi_type_name && xsi_type_ != 0);
}

std::optional<ValueKind> Model::system_kind(fhir::TypeId type) const {
  if (type == 0) return std::nullopt;
  fhir::TypeId system = definitions_->kind(type) == fhir::TypeKind::System ? type : definitions_->system_type(type);
  if (system == 0) return is_quantity(type) ? std::optional(ValueKind::Quantity) : std::nullopt;
  std::string_view name = definitions_->name(system);
  return find_system(name.substr(name.find('.') + 1)).value_or(ValueKind::String);
}

bool Model::lacks_value(const Value& value) const {
  if (!value.is_element() || !value.item() || value.item().has_value()) return false;
  if (value.type() == 0) return value.item().kind() == tree::Kind::Null;
  if (is_quantity(value.type())) return !value.item().child("value").has_value();
  return is_primitive(value.type()) || definitions_->kind(value.type()) == fhir::TypeKind::System;
}

TypeTarget Model::find_type(std::string_view name) const {
  TypeTarget target;
  if (name.starts_with("System.")) {
    target.name = name;
    target.system = find_system(name.substr(7));
    target.is_any = name == "System.Any";
    return target;
  }
  bool is_fhir = name.starts_with("FHIR.");
  target.name = is_fhir ? name.substr(5) : name;
  target.type = definitions_->find_type(target.name);
  if (target.type != 0 && definitions_->kind(target.type) == fhir::TypeKind::System) target.type = 0;
  if (is_fhir) return target;
  target.is_quantity = name == "Quantity";
  if (target.type == 0) target.system = find_system(name);
  target.is_any = name == "Any";
  return target;
}

namespace {

/// Type of data without model: a resource by its resourceType, a JSON scalar as boolean, integer, decimal or string, and likewise
/// Boolean, Integer ..
bool says_it_is(tree::Item item, const TypeTarget& target) {
  if (std::string_view named = item.text_of("resourceType"); !named.empty()) return named == target.name;
  std::optional<Value> value = item.has_value() ? read_untyped(item) : std::nullopt;
  if (!value) return false;
  if (target.system) return *target.system == value->kind();
  std::string_view name = system_names[static_cast<std::size_t>(value->kind())];
  return target.name.size() == name.size() && target.name[0] == name[0] + ('a' - 'A') &&
         std::string_view(target.name).substr(1) == name.substr(1);
}

}  // namespace

bool Model::is(const Value& value, const TypeTarget& target) const {
  if (target.is_any) return true;
  if (value.is_element()) {
    if (value.type() == 0) return says_it_is(value.item(), target);
    if (target.type == 0) return false;
    return definitions_->is_a(value.type(), target.type);
  }
  if (target.is_quantity && value.kind() == ValueKind::Quantity) return true;
  return target.system && *target.system == value.kind();
}

bool Model::as(const Value& value, const TypeTarget& target) const {
  if (value.is_element() && value.type() != 0 && target.system && target.type == 0)
    return system_kind(value.type()) == target.system && (value.item().has_value() || !is_primitive(value.type()));
  if (value.is_element() && is_primitive(value.type()) && !target.is_any && value.type() != target.type) {
    // Element is the base of all primitives, not a more specific type.
    return target.type != 0 && !is_primitive(target.type) && is(value, target);
  }
  return is(value, target);
}

bool Model::is_open(fhir::TypeId type) const {
  return type != 0 && definitions_->kind(type) == fhir::TypeKind::Resource && definitions_->is_abstract(type);
}

fhir::TypeId Model::settled(fhir::TypeId type, tree::Item item) const {
  if (!is_open(type)) return type;
  fhir::TypeId found = fhir::resource_type(*definitions_, item);
  return found == 0 ? type : found;
}

fhir::TypeId Model::child_type(fhir::TypeId parent, tree::Item child) const {
  if (parent == 0) return 0;
  tree::NameId name = child.name();
  if (&child.document->names() != names_) name = definitions_->names().find(child.name_text());
  fhir::Step step = definitions_->step(parent, name);
  if (!step) return 0;
  const fhir::TypeId declared = fhir::has_xsi_type(*definitions_, *step.element)
                                    ? fhir::xsi_type(*definitions_, child, fhir::type_near(*definitions_, *step.element))
                                    : 0;
  return declared != 0 ? declared : settled(step.type, child);
}

std::optional<Value> to_system(const Value& value, const Model& model, Collection& keeper) {
  if (!value.is_element()) return value;
  tree::Item item = value.item();
  if (value.type() == 0) {
    if (!item.has_value()) return std::nullopt;
    return read_untyped(item);
  }
  std::optional<ValueKind> kind = model.system_kind(value.type());
  return kind ? system_value(item, *kind, keeper) : std::nullopt;
}

std::optional<Value> system_value(tree::Item item, ValueKind kind, Collection& keeper) {
  if (kind == ValueKind::Quantity) return read_quantity(item, keeper);
  if (!item.has_value()) return std::nullopt;
  return read_as(item.text(), kind);
}

std::optional<Value> to_system(const Value& value, const fhir::Definitions& definitions, Collection& keeper) {
  return to_system(value, Model(definitions), keeper);
}

std::optional<Value> read_text_as(std::string_view text, ValueKind kind) { return read_as(text, kind); }

}  // namespace vardbron::fhirpath
