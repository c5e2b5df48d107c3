// Tested by tests/fhirpath/values_test.cpp.

#include "gateway/fhir/primitive.h"
#include "gateway/fhirpath/values/model.h"
#include "gateway/fhirpath/values/text_form.h"
#include "gateway/fhirpath/values/value.h"
#include "gateway/formats/json/composer.h"

#include <algorithm>
#include <vector>

namespace vardbron::fhirpath {
namespace {

void write_scalar(json::Composer& json, tree::Item item) {
  switch (item.kind()) {
    case tree::Kind::Number:
    case tree::Kind::Boolean:
      if (fhir::fits_kind(item.kind(), item.text())) {
        json.raw(item.text());
      } else {
        json.text(item.text());
      }
      break;
    case tree::Kind::String:
    case tree::Kind::Xhtml: json.text(item.text()); break;
    case tree::Kind::Object:
    case tree::Kind::Null: json.null(); break;
  }
}

bool is_primitive(tree::Item item) { return item.kind() != tree::Kind::Object; }

void write_object(json::Composer& json, tree::Item item);

void write_value(json::Composer& json, tree::Item item) {
  is_primitive(item) ? write_scalar(json, item) : write_object(json, item);
}

/// Id and extensions of a primitive: FHIR JSON's _name.
void write_companion(json::Composer& json, tree::Item item) { item.first_child() ? write_object(json, item) : void(json.null()); }

void write_list(json::Composer& json, const std::vector<tree::Item>& items, void (*write)(json::Composer&, tree::Item)) {
  bool is_list = items.size() > 1 || items[0].document->in_list(items[0].node);
  if (is_list) json.begin_list();
  for (tree::Item item : items) write(json, item);
  if (is_list) json.end_list();
}

void write_member(json::Composer& json, const std::vector<tree::Item>& items) {
  std::string name(items[0].name_text());
  bool has_companion =
      std::any_of(items.begin(), items.end(), [](tree::Item item) { return is_primitive(item) && item.first_child(); });
  bool has_value =
      !is_primitive(items[0]) || std::any_of(items.begin(), items.end(), [](tree::Item item) { return item.has_value(); });
  if (has_value || !has_companion) {
    json.key(name);
    write_list(json, items, write_value);
  }
  if (!has_companion) return;
  json.key("_" + name);
  write_list(json, items, write_companion);
}

void write_object(json::Composer& json, tree::Item item) {
  std::vector<std::vector<tree::Item>> members;
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    const bool is_nothing = child.kind() == tree::Kind::Null && !child.first_child() && !child.document->in_list(child.node);
    if (is_nothing) continue;  // for FHIRPath a null element does not exist
    auto same = [child](const std::vector<tree::Item>& known) { return known[0].name() == child.name(); };
    auto found =
        members.empty() || !same(members.back()) ? std::find_if(members.begin(), members.end(), same) : members.end() - 1;
    if (found == members.end()) {
      members.push_back({child});
    } else {
      found->push_back(child);
    }
  }
  json.begin_object();
  for (const std::vector<tree::Item>& member : members) write_member(json, member);
  json.end_object();
}

std::string untyped_name(tree::Item item) {
  switch (item.kind()) {
    case tree::Kind::Boolean: return "boolean";
    case tree::Kind::Number: return item.text().find_first_of(".eE") == std::string_view::npos ? "integer" : "decimal";
    case tree::Kind::Object: return "Element";
    default: return "string";
  }
}

std::string_view fhir_name(ValueKind kind) {
  constexpr std::string_view names[] = {"Element", "boolean",  "integer", "integer64", "decimal", "string",
                                        "date",    "dateTime", "time",    "Quantity",  "TypeInfo"};
  return names[static_cast<std::size_t>(kind)];
}

std::string quantity_json(const Quantity& quantity) {
  json::Composer json;
  json.begin_object().raw("value", quantity.value.to_string()).text("unit", quantity.unit);
  return json.end_object().finish();
}

std::string type_json(const TypeInfo& info) {
  const bool is_element = info.space == class_element_space;
  json::Composer json;
  json.begin_object();
  if (!is_element) json.text("namespace", info.space);
  json.text("name", info.name).text(is_element ? "type" : "baseType", info.base);
  return json.end_object().finish();
}

std::string_view type_info_name(const TypeInfo& info) {
  if (info.space == class_element_space) return class_element_space;
  return info.space == "System" ? "SimpleTypeInfo" : "ClassInfo";
}

}  // namespace

Description describe(const Value& value, const fhir::Definitions& definitions) {
  Description description;
  if (value.is_element()) {
    description.type = value.type() == 0 ? untyped_name(value.item()) : std::string(definitions.name(value.type()));
    json::Composer json;
    write_value(json, value.item());
    description.json = json.finish();
    return description;
  }
  description.type = fhir_name(value.kind());
  switch (value.kind()) {
    case ValueKind::Boolean:
    case ValueKind::Integer:
    case ValueKind::Long:
    case ValueKind::Decimal: description.json = *text_form(value); break;
    case ValueKind::Quantity: description.json = quantity_json(value.quantity()); break;
    case ValueKind::TypeInfo:
      description.type = type_info_name(value.type_info());
      description.json = type_json(value.type_info());
      break;
    default: description.json = json::as_json(*text_form(value));
  }
  return description;
}

Result<std::optional<bool>> to_boolean(std::span<const Value> values, const fhir::Definitions& definitions) {
  if (values.empty()) return std::optional<bool>();
  if (values.size() > 1)
    return Failure{Cause::Invalid, "One truth value is needed, and there are " + std::to_string(values.size()) + " items.", ""};
  Collection keeper;
  const Model model(definitions);
  if (model.lacks_value(values[0])) return std::optional<bool>();
  std::optional<Value> value = to_system(values[0], model, keeper);
  return std::optional<bool>(value && value->kind() == ValueKind::Boolean ? value->boolean() : true);
}

std::optional<std::string> to_string(const Value& value, const fhir::Definitions& definitions) {
  Collection keeper;
  std::optional<Value> system = to_system(value, definitions, keeper);
  return system ? text_form(*system) : std::nullopt;
}

}  // namespace vardbron::fhirpath
