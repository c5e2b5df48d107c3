#include "gateway/mapping/compile/types.h"

#include "gateway/fhir/other_release.h"

#include <array>
#include <utility>

namespace vardbron::mapping {

namespace {

constexpr std::array<std::pair<std::string_view, Family>, 29> families{{{"string", Family::String},
                                                                        {"code", Family::String},
                                                                        {"uri", Family::String},
                                                                        {"url", Family::String},
                                                                        {"canonical", Family::String},
                                                                        {"id", Family::String},
                                                                        {"markdown", Family::String},
                                                                        {"oid", Family::String},
                                                                        {"uuid", Family::String},
                                                                        {"base64Binary", Family::String},
                                                                        {"xhtml", Family::String},
                                                                        {"integer", Family::Integer},
                                                                        {"positiveInt", Family::Integer},
                                                                        {"unsignedInt", Family::Integer},
                                                                        {"integer64", Family::Integer},
                                                                        {"decimal", Family::Decimal},
                                                                        {"boolean", Family::Boolean},
                                                                        {"date", Family::Date},
                                                                        {"dateTime", Family::DateTime},
                                                                        {"instant", Family::DateTime},
                                                                        {"time", Family::Time},
                                                                        {"Quantity", Family::Quantity},
                                                                        {"System.String", Family::String},
                                                                        {"System.Integer", Family::Integer},
                                                                        {"System.Decimal", Family::Decimal},
                                                                        {"System.Boolean", Family::Boolean},
                                                                        {"System.Date", Family::Date},
                                                                        {"System.DateTime", Family::DateTime},
                                                                        {"System.Time", Family::Time}}};

bool widens(Family from, Family to) {
  return (from == Family::Integer && to == Family::Decimal) || (from == Family::Date && to == Family::DateTime);
}

bool is_of_other_release(const fhir::Definitions& definitions, fhir::TypeId one, fhir::TypeId other) {
  const std::string_view first = definitions.canonical(one), second = definitions.canonical(other);
  return first != second && !fhir::release_of_canonical(first).type.empty() &&
         fhir::release_of_canonical(first).type == fhir::release_of_canonical(second).type;
}

/// Smaller is better; 100 = impossible.
int distance(const fhir::Definitions& definitions, const ChoiceVariant& variant, fhir::TypeId type, Family family) {
  if (variant.type == type) return 0;
  if (variant.type == 0 || type == 0) return 9;
  if (definitions.is_a(type, variant.type)) return 1;
  // The type of one release holds that of another of the same name, as far as they have the same elements.
  if (is_of_other_release(definitions, type, variant.type)) return 2;
  Family wanted = family_of(definitions, variant.type);
  if (family == Family::None || wanted == Family::None) return 100;
  if (wanted == family) return variant.type == type_of_family(definitions, family) ? 2 : 3;
  return widens(family, wanted) ? 4 : 100;
}

}  // namespace

Family family_of(const fhir::Definitions& definitions, fhir::TypeId type) {
  if (type == 0) return Family::None;
  std::string_view name = plain_name(definitions, type);
  for (const auto& [known, family] : families) {
    if (known == name) return family;
  }
  if (name == "System.Quantity") return Family::Quantity;
  return Family::None;
}

std::string_view plain_name(const fhir::Definitions& definitions, fhir::TypeId type) {
  const std::string_view name = definitions.name(type);
  return name.substr(name.rfind('/') + 1);
}

bool is_primitive(const fhir::Definitions& definitions, fhir::TypeId type) {
  if (type == 0) return false;
  fhir::TypeKind kind = definitions.kind(type);
  if (kind == fhir::TypeKind::System) return definitions.name(type) != "System.Quantity";
  return kind == fhir::TypeKind::Primitive;
}

fhir::TypeId type_of_family(const fhir::Definitions& definitions, Family family) {
  static constexpr std::array<std::string_view, 9> names{"",     "string",   "integer", "decimal", "boolean",
                                                         "date", "dateTime", "time",    "Quantity"};
  return definitions.find_type(names[static_cast<std::size_t>(family)]);
}

Index pick_variant(const fhir::Definitions& definitions, std::span<const ChoiceVariant> variants, fhir::TypeId type) {
  Family family = family_of(definitions, type);
  Index best = nothing;
  int best_distance = 100;
  for (Index i = 0; i < variants.size(); ++i) {
    int here = distance(definitions, variants[i], type, family);
    if (here < best_distance) {
      best = i;
      best_distance = here;
    }
  }
  if (variants.size() > 1 && type == 0) return pick_variant(definitions, variants, type_of_family(definitions, Family::String));
  if (best != nothing || variants.size() != 1) return best;
  return variants[0].is_primitive && is_primitive(definitions, type) ? 0 : nothing;
}

ChoiceVariant variant_of(const fhir::Definitions& definitions, NameRef name, fhir::TypeId type) {
  ChoiceVariant variant{name, type, tree::Kind::Object, is_primitive(definitions, type)};
  variant.is_any_resource = type != 0 && definitions.kind(type) == fhir::TypeKind::Resource && definitions.is_abstract(type);
  if (!variant.is_primitive) return variant;
  std::string_view type_name = definitions.name(type);
  Family family = family_of(definitions, type);
  variant.kind = tree::Kind::String;
  variant.is_moment = type_name == "dateTime" || type_name == "instant";
  if (family == Family::Boolean) variant.kind = tree::Kind::Boolean;
  if ((family == Family::Integer && type_name != "integer64") || family == Family::Decimal) variant.kind = tree::Kind::Number;
  if (type_name == "xhtml") variant.kind = tree::Kind::Xhtml;
  return variant;
}

std::vector<std::string_view> element_names(const fhir::Definitions& definitions, fhir::TypeId type) {
  std::vector<std::string_view> names;
  for (const fhir::Element& element : definitions.elements(type)) names.push_back(definitions.names().text(element.name));
  return names;
}

}  // namespace vardbron::mapping
