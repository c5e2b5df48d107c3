#include "gateway/fhir/model_xml.h"

#include "gateway/base/check.h"
#include "gateway/base/text.h"
#include "gateway/fhir/carried_positions.h"
#include "gateway/fhir/narrative_v3.h"
#include "gateway/fhir/primitive.h"
#include "gateway/fhir/v2_value.h"
#include "gateway/fhir/v3_time.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/fhir/xsi_type.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::fhir {

namespace {

using tree::Document;
using tree::Kind;
using tree::NameId;
using tree::no_node;
using tree::NodeId;

/// Namespace of a type's elements: that of its model; a model without one uses its parent's.
std::string_view space_of(const Definitions& definitions, TypeId type, std::string_view outer) {
  const bool has_own = type != 0 && definitions.kind(type) == TypeKind::Logical && !definitions.xml_namespace(type).empty();
  return has_own ? definitions.xml_namespace(type) : outer;
}

bool is_group(const Definitions& definitions, const Element& element) {
  return element.xml_name != 0 && definitions.text(element.xml_name) == group_mark;
}

class FromModelXml {
 public:
  FromModelXml(const Document& xml, std::string_view text, const Definitions& definitions)
      : xml_(xml), definitions_(definitions), out_(definitions.names()), positions_(xml, text, out_) {}

  Document run(TypeId type) {
    out_.add_text(0, out_.intern("resourceType"), Kind::String, definitions_.name(type));
    positions_.carry(0, 0);
    children(0, 0, type, definitions_.xml_namespace(type));
    return std::move(out_);
  }

 private:
  /// By XML name, namespace and whether it is an attribute; if there is none, by name alone.
  Step step(TypeId type, NodeId node, std::string_view space) const {
    const std::string_view name = xml_.name_text(xml_.name(node)), uri = xml_.namespace_of(node);
    const bool is_attribute = xml_.is_attribute(node);
    Step near;
    for (const Element& element : definitions_.elements(type)) {
      const std::string_view own =
          element.xml_name != 0 ? definitions_.text(element.xml_name) : definitions_.names().text(element.name);
      if (own != name || element.is_text) continue;
      const std::span<const ElementType> types = definitions_.types(element);
      const Step found{&element, types.size() == 1 ? types[0].type : 0};
      const std::string_view own_space = element.xml_namespace != 0 ? definitions_.text(element.xml_namespace)
                                         : is_attribute             ? std::string_view{}
                                                                    : space;
      if (element.is_attribute == is_attribute && own_space == uri) return found;
      if (!near && element.xml_namespace == 0) near = found;
    }
    if (near) return near;
    const Step named = definitions_.step(type, xml_.name(node));
    return named && !is_group(definitions_, *named.element) && named.element->xml_name == 0 ? named : Step{};
  }

  /// The group element (it does not exist in XML) whose children have this name, or that takes texts between elements (no_node).
  const Element* group_of(TypeId type, NodeId node, std::string_view space) const {
    for (const Element& element : definitions_.elements(type)) {
      const std::span<const ElementType> types = definitions_.types(element);
      if (!is_group(definitions_, element) || types.empty()) continue;
      if (node == no_node ? text_element(types[0].type) != nullptr : bool(step(types[0].type, node, space))) return &element;
    }
    return nullptr;
  }

  const Element* text_element(TypeId type) const {
    for (const Element& element : definitions_.elements(type)) {
      if (element.is_text) return &element;
    }
    return nullptr;
  }

  void children(NodeId from, NodeId to, TypeId type, std::string_view space) {
    texts(from, to, type, space);
    for (NodeId child = xml_.first_child(from); child != no_node; child = xml_.next(child)) {
      if (xml_.is_attribute(child) && xml_.namespace_of(child) == instance_namespace) continue;
      if (xml_.name(child) == 0) {  // a text between elements
        if (const Element* group = group_of(type, no_node, space); group != nullptr)
          add_text(out_.add(to, group->name, Kind::Object, group->max > 1), definitions_.types(*group)[0].type, xml_.text(child));
        continue;
      }
      if (const Step found = step(type, child, space); found) {
        element(child, to, found, space);
      } else if (const Element* group = group_of(type, child, space); group != nullptr) {
        const TypeId of = definitions_.types(*group)[0].type;
        const NodeId made = out_.add(to, group->name, Kind::Object, group->max > 1);
        positions_.carry(child, made);
        element(child, made, step(of, child, space), space);
      } else {
        out_.copy(to, xml_, child, xml_.name(child), false);
      }
    }
  }

  /// The text of an element, also if elements are between its pieces.
  void texts(NodeId from, NodeId to, TypeId type, std::string_view space) {
    std::string text(xml_.has_value(from) ? xml_.text(from) : std::string_view{});
    const Element* group = group_of(type, no_node, space);
    for (NodeId child = xml_.first_child(from); child != no_node && group == nullptr; child = xml_.next(child)) {
      if (xml_.name(child) == 0) text += xml_.text(child);
    }
    if (text.empty()) return;
    if (text_element(type) == nullptr && group != nullptr) {
      to = out_.add(to, group->name, Kind::Object, group->max > 1);
      type = definitions_.types(*group)[0].type;
    }
    add_text(to, type, text);
  }

  void add_text(NodeId to, TypeId type, std::string_view text) {
    const Element* element = text_element(type);
    const NodeId holder = element == nullptr ? to : out_.add(to, element->name, Kind::Object, element->max > 1);
    out_.set_text(holder, Kind::String, text);
  }

  void element(NodeId from, NodeId to, const Step& step, std::string_view space) {
    const bool has_xsi_type = fhir::has_xsi_type(definitions_, *step.element);
    if (xml_.is_attribute(from) && step.element->max > 1) return attribute_list(from, to, step);
    const NameId name = step.element->is_choice && !has_xsi_type ? xml_.name(from) : step.element->name;
    TypeId type = step.type;
    std::string_view declared;
    if (has_xsi_type) {
      declared = instance_type(from);
      if (TypeId found = find_xsi_type(definitions_, declared, type_near(definitions_, *step.element)); found != 0) type = found;
      if (type == 0) type = definitions_.types(*step.element)[0].type;
    }
    if (type == 0) {
      out_.copy(to, xml_, from, name, step.element->max > 1);
      return;
    }
    const Kind kind = definitions_.json_kind(type);
    if (kind == Kind::Xhtml) {
      const std::string text = xml_.kind(from) == Kind::Xhtml ? std::string(xml_.text(from)) : xhtml_of_narrative(xml_, from);
      positions_.carry(from, out_.add_text(to, name, Kind::Xhtml, text, step.element->max > 1));
      return;
    }
    const NodeId made = out_.add(to, name, Kind::Object, step.element->max > 1);
    positions_.carry(from, made);
    if (!declared.empty()) out_.add_text(made, out_.intern(xsi_type_name), Kind::String, declared);
    if (kind == Kind::Object) return complex(from, made, type, space_of(definitions_, type, space_below(*step.element, space)));
    NodeId value = xml_.has_value(from) ? from : xml_.child(from, "value");
    if (value != no_node && value != from && !xml_.is_attribute(value)) value = no_node;
    out_.set_kind(made, Kind::Null);
    if (value != no_node) set_value(made, type, kind, xml_.text(value), space);
    for (NodeId child = xml_.first_child(from); child != no_node; child = xml_.next(child)) {
      if (child != value) out_.copy(made, xml_, child);
    }
  }

  std::string_view space_below(const Element& element, std::string_view space) const {
    return element.xml_namespace != 0 ? definitions_.text(element.xml_namespace) : space;
  }

  void set_value(NodeId made, TypeId type, Kind kind, std::string_view text, std::string_view space) {
    // XML Schema, whiteSpace: only a string keeps the white space around it, such as around a value on its own line.
    const std::string_view name = definitions_.name(type);
    if (name != "string" && name != "markdown" && name != "xhtml") text = trim(text);
    const std::string value = has_v3_times(space, definitions_.name(type)) ? date_time_from_v2(text) : std::string(text);
    out_.set_text(made, fits_kind(kind, value) ? kind : Kind::String, value);
  }

  /// The value of xsi:type, without its prefix; "" if there is none.
  std::string_view instance_type(NodeId node) const {
    for (NodeId child = xml_.first_child(node); child != no_node && xml_.is_attribute(child); child = xml_.next(child)) {
      if (xml_.namespace_of(child) != instance_namespace || xml_.name_text(xml_.name(child)) != "type") continue;
      const std::string_view text = xml_.text(child);
      return text.substr(text.find(':') == std::string_view::npos ? 0 : text.find(':') + 1);
    }
    return {};
  }

  /// XML Schema's lists: a repeating attribute has its items in one text, separated by white space.
  void attribute_list(NodeId from, NodeId to, const Step& step) {
    const std::string_view text = xml_.text(from);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t first = text.find_first_not_of(" \t\r\n", at);
      if (first == std::string_view::npos) return;
      at = std::min(text.find_first_of(" \t\r\n", first), text.size());
      positions_.carry(from, out_.add_text(to, step.element->name, Kind::String, text.substr(first, at - first), true));
    }
  }

  void complex(NodeId from, NodeId made, TypeId type, std::string_view space) {
    const NodeId inner = xml_.first_child(from);
    const bool wraps = definitions_.kind(type) == TypeKind::Resource && inner != no_node && !xml_.is_attribute(inner);
    if (!wraps) return children(from, made, type, space);
    out_.add_text(made, out_.intern("resourceType"), Kind::String, xml_.name_text(xml_.name(inner)));
    children(inner, made, definitions_.find_type(xml_.name_text(xml_.name(inner))), fhir_namespace);
  }

  const Document& xml_;
  const Definitions& definitions_;
  Document out_;
  CarriedPositions positions_;
};

}  // namespace

bool is_model_instance(const tree::Document& xml, const Definitions& definitions) {
  return find_instance_type(definitions, xml.name_text(xml.name(0)), xml.namespace_of(0)) != 0;
}

tree::Document from_model_xml(const tree::Document& xml, std::string_view text, const Definitions& definitions) {
  CHECK(&xml.names() == &definitions.names());
  const TypeId type = find_instance_type(definitions, xml.name_text(xml.name(0)), xml.namespace_of(0));
  return FromModelXml(xml, text, definitions).run(type);
}

}  // namespace vardbron::fhir
