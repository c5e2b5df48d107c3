#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string_view>

/// Logical models: an element of representation typeAttr names its type in the attribute xsi:type. In the definitions it is a
/// choice whose types have no choice_name; in a tree the attribute is a child of the name below, in front of the others.
namespace vardbron::fhir {

inline constexpr std::string_view xsi_type_name = "xsi:type";
/// Stands in the place of the XML name of an element that is none in XML: its parts stand there themselves.
inline constexpr std::string_view group_mark = "*";

/// Whether xsi:type says the type of the element.
bool has_xsi_type(const Definitions& definitions, const Element& element);
/// What the element says itself; 0 when it says nothing, or names no type of the models.
TypeId xsi_type(const Definitions& definitions, tree::Item element);
/// The type that a value of xsi:type names: "CD", "IVL_TS", with or without a prefix. 0 when there is none.
TypeId find_xsi_type(const Definitions& definitions, std::string_view named);
/// Of a model, what its instances are called in XML.
std::string_view instance_name(const Definitions& definitions, TypeId type);
/// The model whose instances have the name and the namespace; 0 when there is none.
TypeId find_instance_type(const Definitions& definitions, std::string_view name, std::string_view uri);

}  // namespace vardbron::fhir
