#pragma once

// Tested by tests/fhir/models_test.cpp and tests/fhir/value_rules_test.cpp.

#include "gateway/fhir/definitions.h"

#include <string>
#include <vector>

/// What is used of a StructureDefinition, whatever its format.
namespace vardbron::fhir {

struct TypeDraft {
  std::string code;                  ///< "Reference", "http://hl7.org/fhirpath/System.String", a canonical
  std::vector<std::string> targets;  ///< targetProfile
};

struct ElementDraft {
  std::string path;  ///< "Observation.value[x]"
  std::uint16_t min = 0, max = 1;
  bool is_modifier = false, is_summary = false, must_support = false, is_attribute = false, is_text = false;
  bool is_slice = false;
  bool is_unchanged = false;   ///< the differential names only parts of it: all else is as in the base
  bool has_xsi_type = false;   ///< logical models: its type is in xsi:type (representation typeAttr)
  bool is_group = false;       ///< logical models: no element in XML; its children take its place (extension xml-choice-group)
  bool is_of_message = false;  ///< models of HL7 v2: the message's own segment, wherever it is sent (extension v2-of-message)
  std::vector<TypeDraft> types;
  std::string content_reference;  ///< "#Questionnaire.item"
  BindingStrength binding = BindingStrength::None;
  std::string value_set;
  std::string xml_name, xml_namespace;
  struct Value {  ///< as ValueNode
    ValueNode::Rule rule = ValueNode::Rule::Fixed;
    tree::Kind kind = tree::Kind::Object;
    std::uint16_t depth = 0;
    std::string name;  ///< at depth 0 the replacement of [x]: "Code"
    std::string text;
  };
  std::vector<Value> values;
  struct Constraint {
    std::string key, severity, human, expression;
    std::string source;  ///< canonical of the structure it comes from, "" = this one
  };
  std::vector<Constraint> constraints;
};

struct StructureDraft {
  std::string url, name, type, base;  ///< base: canonical or ""
  TypeKind kind = TypeKind::Complex;
  bool is_abstract = false;
  bool is_snapshot = true;  ///< false: `elements` is a differential to the base's elements
  std::string xml_namespace;
  std::string system_type;             ///< primitives: "System.String"
  std::vector<ElementDraft> elements;  ///< [0] is the root
};

/// "Example" .. "Required"; None for anything else.
BindingStrength binding_strength(std::string_view code);
/// "*" gives no_upper_bound; a text that is no number counts as 1.
std::uint16_t upper_bound(std::string_view max);

}  // namespace vardbron::fhir
