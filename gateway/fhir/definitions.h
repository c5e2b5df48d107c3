#pragma once

#include "gateway/base/result.h"
#include "gateway/tree/document.h"
#include "gateway/tree/names.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace vardbron::fhir {

using TypeId = std::uint32_t;  ///< 0 = no type

enum class TypeKind : std::uint8_t {
  Primitive,  ///< boolean, string, code ..
  Complex,    ///< HumanName, Extension ..
  Backbone,   ///< the unnamed type of an element with its own children; its name is its path: "Patient.contact"
  Resource,
  Logical,  ///< from a logical model (StructureDefinition of kind logical)
  System    ///< FHIRPath's own: System.Boolean ..
};

enum class BindingStrength : std::uint8_t { None, Example, Preferred, Extensible, Required };

/// One element of a type, own or inherited, in snapshot order. Source: ElementDefinition in the snapshot.
struct Element {
  tree::NameId name = 0;  ///< without [x]: "value" of Observation.value[x]
  std::uint16_t min = 0;
  std::uint16_t max = 1;   ///< 0xFFFF = *
  bool is_choice = false;  ///< value[x]; in a tree the node is named valueQuantity
  bool is_modifier = false;
  bool is_summary = false;
  bool must_support = false;
  bool is_attribute = false;  ///< XML attribute (id, url of Extension; logical models)
  BindingStrength binding = BindingStrength::None;
  std::uint32_t types_first = 0, types_count = 0;    ///< into Definitions::element_types
  std::uint32_t value_set = 0;                       ///< text id of the binding's canonical, with |version if it has one
  std::uint32_t path = 0;                            ///< text id: "Patient.contact.name"
  bool is_text = false;                              ///< logical models: the text of the XML element
  bool is_of_message = false;                        ///< models of HL7 v2: the message's own segment, wherever it is sent
  std::uint32_t xml_name = 0, xml_namespace = 0;     ///< text ids; 0 = the element's name, the namespace of the type
  std::uint32_t values_first = 0, values_count = 0;  ///< into Definitions::values
};

/// A part of a rule for an element's value, in pre-order; each rule begins at depth 0. Source: ElementDefinition.fixed[x],
/// pattern[x], minValue[x], maxValue[x], maxLength.
struct ValueNode {
  enum class Rule : std::uint8_t { Fixed, Pattern, Least, Most, Length };
  Rule rule = Rule::Fixed;
  tree::Kind kind = tree::Kind::Object;
  std::uint16_t depth = 0;
  tree::NameId name = 0;   ///< at depth 0 the name of the choice it applies to ("valueCode"), 0 = no choice
  std::uint32_t text = 0;  ///< text id of the value
};

/// One of an element's allowed types.
struct ElementType {
  TypeId type = 0;
  tree::NameId choice_name = 0;                        ///< "valueQuantity" for a choice element, else 0
  std::uint32_t targets_first = 0, targets_count = 0;  ///< target types of a Reference: TypeIds in Definitions::targets
};

/// The element of a child name and, for a choice, its type.
struct Step {
  const Element* element = nullptr;
  TypeId type = 0;  ///< 0 if the element has several types and the name fits all
  explicit operator bool() const { return element != nullptr; }
};

struct Invariant {
  std::string_view key, severity, human, expression;  ///< severity: "error" or "warning"
  std::string_view path;
};

struct SearchParameter {
  std::string_view code, base, type, expression;  ///< base: one resource type; type: token, reference, date ..
  std::string_view targets;                       ///< resource types, space separated, for references
};

struct Code {
  std::string_view system, code, display;
};

/// One edge of a code system's hierarchy: `parent` directly subsumes `code`.
struct CodeLink {
  std::string_view parent, code;
};

/// A row of a ConceptMap. `relation` is its equivalence (R4) or relationship (R5); without `target` the code has no equivalent.
struct MappedCode {
  std::string_view source_system, source, target_system, target, display, relation;
};

/// FHIR's definitions as one immutable table: types, elements, bindings, invariants, search parameters, value sets. The table is
/// compiled at build time from HL7's package (fhir/compiler) and mapped into memory; logical models are added at start. Source:
/// FHIR R4 4.0.1. Any thread. All string_views live as long as the Definitions.
class Definitions {
 public:
  /// Broken: no such file, wrong version, or no table.
  static Result<Definitions> open(const std::filesystem::path& table);
  /// A copy with additional StructureDefinitions of kind logical (or further types), each with a snapshot or a differential.
  /// Invalid: an element cannot be used; `says` names it.
  Result<Definitions> with_models(std::span<const tree::Document> models) const;

  Definitions(Definitions&&) noexcept;
  Definitions& operator=(Definitions&&) noexcept;
  ~Definitions();

  std::string_view version() const;  ///< "4.0.1"
  const tree::Names& names() const;  ///< every element, choice and type name of the definitions, and of the models

  /// By name ("Patient", "string", "System.String", "Patient.contact") or canonical URL. 0 if unknown.
  TypeId find_type(std::string_view name) const;
  std::string_view name(TypeId type) const;
  std::string_view canonical(TypeId type) const;
  TypeKind kind(TypeId type) const;
  bool is_abstract(TypeId type) const;
  /// The type in FHIRPath: System.String for a code, System.Quantity for an Age; 0 for other complex types.
  TypeId system_type(TypeId type) const;
  /// JSON kind of a primitive's value: String, Number, Boolean, Xhtml. Object for all other types.
  tree::Kind json_kind(TypeId type) const;
  std::string_view xml_namespace(TypeId type) const;  ///< "" = none; FHIR's own types have FHIR's
  TypeId base(TypeId type) const;                     ///< 0 for Element, Resource and System types
  bool is_a(TypeId type, TypeId ancestor) const;      ///< true for the type itself too
  std::span<const TypeId> all_types() const;

  std::span<const Element> elements(TypeId type) const;
  std::span<const ElementType> types(const Element& element) const;
  std::span<const TypeId> targets(const ElementType& type) const;
  std::span<const ValueNode> values(const Element& element) const;  ///< empty for nearly every element
  /// The element and type of a name in a tree or an expression: "name", "value", "valueQuantity".
  Step step(TypeId from, tree::NameId name) const;
  std::string_view text(std::uint32_t id) const;

  /// Those of the type itself, inherited ones included, and those of its elements unless the element's type has them.
  std::span<const Invariant> invariants(TypeId type) const;
  /// Own and inherited (_id, _lastUpdated ..). The expression holds only the alternatives that start at this type.
  std::span<const SearchParameter> search_parameters(TypeId resource) const;
  /// Codes of a value set, in the order of its definition. The canonical may end in |version. NotFound: unknown. Unsupported:
  /// known, but only a terminology server could expand it.
  Result<std::span<const Code>> value_set(std::string_view canonical) const;
  Result<std::span<const Code>> code_system(std::string_view canonical) const;
  /// True if a value set contains a code; without `system`, in any system. Fails like value_set.
  Result<bool> holds(std::string_view value_set, std::string_view code) const;
  Result<bool> holds(std::string_view value_set, std::string_view system, std::string_view code) const;
  /// Sorted by code; empty if the system is flat or its hierarchyMeaning is not is-a. Fails like code_system.
  Result<std::span<const CodeLink>> hierarchy(std::string_view code_system) const;
  /// Rows of a ConceptMap of the package, in its order. NotFound: unknown.
  Result<std::span<const MappedCode>> concept_map(std::string_view canonical) const;
  std::size_t value_sets() const;    ///< number of those that can be listed
  std::size_t code_systems() const;  ///< number of those that can be listed

 private:
  struct Table;
  explicit Definitions(std::unique_ptr<Table> table);
  std::unique_ptr<Table> table_;
};

/// Type of a resource node: its `resourceType` child. 0 if it has none or an unknown one.
TypeId resource_type(const Definitions& definitions, tree::Item resource);

}  // namespace vardbron::fhir
