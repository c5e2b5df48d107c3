#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string_view>

/// Logical models: an element of representation typeAttr has its type in the attribute xsi:type. In the definitions it is a
/// choice whose types have no choice_name; in a tree the attribute is the first child, with the name below.
namespace vardbron::fhir {

inline constexpr std::string_view xsi_type_name = "xsi:type";
/// XML name of an element that does not exist in XML: its children take its place.
inline constexpr std::string_view group_mark = "*";

/// True if the type of the element is in xsi:type.
bool has_xsi_type(const Definitions& definitions, const Element& element);
/// The type in an element's xsi:type; 0 if there is none, or no such type in the models. `near`: a type that the element may
/// have.
TypeId xsi_type(const Definitions& definitions, tree::Item element, TypeId near);
/// The type of a value of xsi:type: "CD", "IVL_TS", or the name that its model has in XML, as ST.r2b, in the namespace of `near`;
/// with or without a prefix. 0 if there is none.
TypeId find_xsi_type(const Definitions& definitions, std::string_view named, TypeId near);
/// A type that the element may have.
TypeId type_near(const Definitions& definitions, const Element& element);
/// XML element name of a model's instances.
std::string_view instance_name(const Definitions& definitions, TypeId type);
/// The model whose instances have that name and namespace; 0 if there is none.
TypeId find_instance_type(const Definitions& definitions, std::string_view name, std::string_view uri);

}  // namespace vardbron::fhir
