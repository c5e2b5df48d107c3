#include "gateway/fhir/xsi_type.h"

#include <algorithm>
#include <string>

namespace vardbron::fhir {

bool has_xsi_type(const Definitions& definitions, const Element& element) {
  const std::span<const ElementType> types = definitions.types(element);
  return element.is_choice && !types.empty() && types.front().choice_name == 0;
}

TypeId xsi_type(const Definitions& definitions, tree::Item element, TypeId near) {
  const tree::NameId name = definitions.names().find(xsi_type_name);
  if (name == 0 || !element) return 0;  // no model has such an element
  const bool same_names = &element.document->names() == &definitions.names();
  const tree::NodeId declared =
      same_names ? element.document->child(element.node, name) : element.document->child(element.node, xsi_type_name);
  return declared == tree::no_node ? 0 : find_xsi_type(definitions, element.document->text(declared), near);
}

TypeId find_xsi_type(const Definitions& definitions, std::string_view named, TypeId near) {
  named.remove_prefix(named.find(':') == std::string_view::npos ? 0 : named.find(':') + 1);
  if (TypeId type = definitions.find_type(named); type != 0) return type;
  std::string dashed(named);  // IVL_TS in the schemas; the canonical may end in IVL-TS
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  if (TypeId type = definitions.find_type(dashed); type != 0) return type;
  return near == 0 ? 0 : find_instance_type(definitions, named, definitions.xml_namespace(near));
}

TypeId type_near(const Definitions& definitions, const Element& element) {
  const std::span<const ElementType> types = definitions.types(element);
  return types.empty() ? 0 : types.front().type;
}

std::string_view instance_name(const Definitions& definitions, TypeId type) {
  std::string_view name = definitions.name(type);
  name.remove_prefix(name.rfind('/') + 1);
  const std::string space = "{" + std::string(definitions.xml_namespace(type)) + "}";
  // HL7's class Observation is the element observation.
  std::string small(name);
  if (small[0] >= 'A' && small[0] <= 'Z') small[0] = static_cast<char>(small[0] - 'A' + 'a');
  const bool is_small = definitions.find_type(space + small) == type;
  const tree::NameId id = is_small ? definitions.names().find(small) : 0;
  return id != 0 ? definitions.names().text(id) : name;
}

TypeId find_instance_type(const Definitions& definitions, std::string_view name, std::string_view uri) {
  if (uri.empty()) return 0;
  const TypeId type = definitions.find_type("{" + std::string(uri) + "}" + std::string(name));
  return type != 0 && definitions.kind(type) == TypeKind::Logical ? type : 0;
}

}  // namespace vardbron::fhir
