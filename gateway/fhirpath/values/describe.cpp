#include "gateway/fhir/primitive.h"
#include "gateway/fhirpath/values/model.h"
#include "gateway/fhirpath/values/text_form.h"
#include "gateway/fhirpath/values/value.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace vardbron::fhirpath {
namespace {

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (char letter : text) {
    switch (letter) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(letter) < 0x20) {
          char piece[8];
          std::snprintf(piece, sizeof piece, "\\u%04x", static_cast<unsigned>(letter));
          out += piece;
        } else {
          out += letter;
        }
    }
  }
  out += '"';
}

void write_scalar(std::string& out, tree::Item item) {
  switch (item.kind()) {
    case tree::Kind::Number:
    case tree::Kind::Boolean:
      if (fhir::fits_kind(item.kind(), item.text())) {
        out += item.text();
      } else {
        write_text(out, item.text());
      }
      break;
    case tree::Kind::String:
    case tree::Kind::Xhtml: write_text(out, item.text()); break;
    case tree::Kind::Object:
    case tree::Kind::Null: out += "null"; break;
  }
}

bool is_primitive(tree::Item item) { return item.kind() != tree::Kind::Object; }

void write_object(std::string& out, tree::Item item);

void write_value(std::string& out, tree::Item item) { is_primitive(item) ? write_scalar(out, item) : write_object(out, item); }

/// Id and extensions of a primitive: FHIR JSON's _name.
void write_companion(std::string& out, tree::Item item) { item.first_child() ? write_object(out, item) : void(out += "null"); }

void write_list(std::string& out, const std::vector<tree::Item>& items, void (*write)(std::string&, tree::Item)) {
  bool is_list = items.size() > 1 || items[0].document->in_list(items[0].node);
  if (is_list) out += '[';
  for (std::size_t place = 0; place < items.size(); ++place) {
    if (place > 0) out += ',';
    write(out, items[place]);
  }
  if (is_list) out += ']';
}

void write_member(std::string& out, const std::vector<tree::Item>& items) {
  std::string name(items[0].name_text());
  bool has_companion =
      std::any_of(items.begin(), items.end(), [](tree::Item item) { return is_primitive(item) && item.first_child(); });
  bool has_value =
      !is_primitive(items[0]) || std::any_of(items.begin(), items.end(), [](tree::Item item) { return item.has_value(); });
  if (has_value || !has_companion) {
    write_text(out, name);
    out += ':';
    write_list(out, items, write_value);
  }
  if (!has_companion) return;
  if (has_value) out += ',';
  write_text(out, "_" + name);
  out += ':';
  write_list(out, items, write_companion);
}

void write_object(std::string& out, tree::Item item) {
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
  out += '{';
  for (std::size_t place = 0; place < members.size(); ++place) {
    if (place > 0) out += ',';
    write_member(out, members[place]);
  }
  out += '}';
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
  std::string json = "{\"value\":" + quantity.value.to_string() + ",\"unit\":";
  write_text(json, quantity.unit);
  return json + "}";
}

std::string type_json(const TypeInfo& info) {
  bool is_element = info.space == class_element_space;
  std::string json = "{";
  if (!is_element) {
    json += "\"namespace\":";
    write_text(json, info.space);
    json += ',';
  }
  json += "\"name\":";
  write_text(json, info.name);
  json += is_element ? ",\"type\":" : ",\"baseType\":";
  write_text(json, info.base);
  return json + "}";
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
    write_value(description.json, value.item());
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
    default: write_text(description.json, *text_form(value));
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
