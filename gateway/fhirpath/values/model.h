#pragma once

// Tested by tests/fhirpath/specification_operators_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/fhirpath/values/value.h"

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// The right side of is, as and ofType.
struct TypeTarget {
  fhir::TypeId type = 0;            ///< FHIR or logical type
  std::optional<ValueKind> system;  ///< System.String ..
  bool is_any = false;              ///< System.Any
  bool is_quantity = false;         ///< bare Quantity: FHIR.Quantity and System.Quantity
  std::string name{};               ///< as written, without FHIR.; compared with the type of data without model
  explicit operator bool() const { return type != 0 || system || is_any; }
};

/// Namespace of a TypeInfo that is an element of a class; its base is the element's type.
inline constexpr std::string_view class_element_space = "ClassInfoElement";

/// The parts of the definitions that the language needs, looked up once per program.
class Model {
 public:
  Model() = default;  ///< for parsing only
  explicit Model(const fhir::Definitions& definitions);

  const fhir::Definitions& definitions() const { return *definitions_; }
  const tree::Names& names() const { return *names_; }
  /// System type that elements of this type convert to; nullopt for complex types.
  std::optional<ValueKind> system_kind(fhir::TypeId type) const;
  bool is_primitive(fhir::TypeId type) const { return type != 0 && definitions_->kind(type) == fhir::TypeKind::Primitive; }
  bool is_quantity(fhir::TypeId type) const { return type != 0 && quantity_ != 0 && definitions_->is_a(type, quantity_); }
  bool is_coding(fhir::TypeId type) const { return type != 0 && type == coding_; }
  bool is_codeable_concept(fhir::TypeId type) const { return type != 0 && type == codeable_concept_; }
  /// A primitive that has only an id or extensions, or a Quantity with such a value: it exists, and its value is unknown.
  bool lacks_value(const Value& value) const;
  /// "Patient", "FHIR.Patient", "System.String", "String".
  TypeTarget find_type(std::string_view name) const;

  /// is: the type or a subtype.
  bool is(const Value& value, const TypeTarget& target) const;
  /// as and ofType: like is, but a primitive only as its exact type: a code is not returned as a string, a uuid not as a uri; and
  /// as the System type it converts to, unlike is (FHIR R4 fhirpath.html#types).
  bool as(const Value& value, const TypeTarget& target) const;

  /// Type of the child node of an element of type `parent`; 0 if unknown.
  fhir::TypeId child_type(fhir::TypeId parent, tree::Item child) const;
  bool knows_types() const { return quantity_ != 0; }              ///< false: data without model
  bool is_open(fhir::TypeId type) const;                           ///< an abstract resource: the data has the resourceType
  fhir::TypeId settled(fhir::TypeId type, tree::Item item) const;  ///< the type of resourceType if `type` is abstract
  tree::NameId resource_type_name() const { return resource_type_; }
  /// True for children that hold the type and are no elements: resourceType, and xsi:type of logical models.
  bool is_type_name(const tree::Document& document, tree::NameId name) const;
  fhir::TypeId extension_type() const { return extension_; }

 private:
  const fhir::Definitions* definitions_ = nullptr;
  const tree::Names* names_ = nullptr;
  fhir::TypeId quantity_ = 0, extension_ = 0, coding_ = 0, codeable_concept_ = 0;
  tree::NameId resource_type_ = 0, xsi_type_ = 0;
};

/// `keeper` owns computed texts; its arena is created on demand.
std::optional<Value> to_system(const Value& value, const Model& model, Collection& keeper);
/// The same for an element whose type has that System type.
std::optional<Value> system_value(tree::Item item, ValueKind kind, Collection& keeper);
/// Parses FHIR text as the System value of that kind; nullopt if malformed.
std::optional<Value> read_text_as(std::string_view text, ValueKind kind);

/// Name of a System type: "Boolean".
std::string_view system_name(ValueKind kind);

}  // namespace vardbron::fhirpath
