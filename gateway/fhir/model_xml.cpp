#include "gateway/fhir/model_xml.h"

#include "gateway/base/check.h"
#include "gateway/fhir/carried_positions.h"
#include "gateway/fhir/primitive.h"
#include "gateway/tree/path.h"

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

constexpr std::string_view fhir_namespace = "http://hl7.org/fhir";
constexpr std::string_view instance_namespace = "http://www.w3.org/2001/XMLSchema-instance";

class FromModelXml {
 public:
  FromModelXml(const Document& xml, std::string_view text, const Definitions& definitions)
      : xml_(xml), definitions_(definitions), out_(definitions.names()), positions_(xml, text, out_) {}

  Document run(TypeId type) {
    out_.add_text(0, out_.intern("resourceType"), Kind::String, definitions_.name(type));
    positions_.carry(0, 0);
    children(0, 0, type);
    return std::move(out_);
  }

 private:
  /// By the name in the tree or by the name the model has for XML.
  Step step(TypeId type, NodeId node) const {
    if (Step found = definitions_.step(type, xml_.name(node)); found) return found;
    for (const Element& element : definitions_.elements(type)) {
      const std::span<const ElementType> types = definitions_.types(element);
      if (element.xml_name != 0 && definitions_.text(element.xml_name) == xml_.name_text(xml_.name(node)))
        return {&element, types.size() == 1 ? types[0].type : 0};
    }
    return {};
  }

  void children(NodeId from, NodeId to, TypeId type) {
    if (xml_.has_value(from)) {
      NodeId holder = to;
      for (const Element& element : definitions_.elements(type)) {
        if (element.is_text) holder = out_.add(to, element.name, Kind::Object, element.max > 1);
      }
      out_.set_text(holder, Kind::String, xml_.text(from));
    }
    for (NodeId child = xml_.first_child(from); child != no_node; child = xml_.next(child)) {
      if (xml_.is_attribute(child) && xml_.namespace_of(child) == instance_namespace) continue;
      const Step found = step(type, child);
      if (!found || found.type == 0)
        out_.copy(to, xml_, child, xml_.name(child), found ? found.element->max > 1 : false);
      else
        element(child, to, found);
    }
  }

  void element(NodeId from, NodeId to, const Step& step) {
    const NameId name = step.element->is_choice ? xml_.name(from) : step.element->name;
    const NodeId made = out_.add(to, name, Kind::Object, step.element->max > 1);
    positions_.carry(from, made);
    const Kind kind = definitions_.json_kind(step.type);
    if (kind == Kind::Object) {
      const NodeId inner = xml_.first_child(from);
      const bool wraps = definitions_.kind(step.type) == TypeKind::Resource && inner != no_node && !xml_.is_attribute(inner);
      if (!wraps) return children(from, made, step.type);
      const TypeId type = definitions_.find_type(xml_.name_text(xml_.name(inner)));
      out_.add_text(made, out_.intern("resourceType"), Kind::String, xml_.name_text(xml_.name(inner)));
      return children(inner, made, type);
    }
    NodeId value = xml_.has_value(from) ? from : xml_.child(from, "value");
    if (value != no_node && value != from && !xml_.is_attribute(value)) value = no_node;
    out_.set_kind(made, Kind::Null);
    if (value != no_node) out_.set_text(made, fits_kind(kind, xml_.text(value)) ? kind : Kind::String, xml_.text(value));
    for (NodeId child = xml_.first_child(from); child != no_node; child = xml_.next(child)) {
      if (child != value) out_.copy(made, xml_, child);
    }
  }

  const Document& xml_;
  const Definitions& definitions_;
  Document out_;
  CarriedPositions positions_;
};

class ToModelXml {
 public:
  ToModelXml(const Document& from, const Definitions& definitions)
      : from_(from), definitions_(definitions), out_(definitions.names()) {}

  Result<Document> run() {
    const TypeId type = definitions_.find_type(root(from_).text_of("resourceType"));
    if (type == 0 || definitions_.kind(type) != TypeKind::Logical)
      return refuse("This is not an instance of a logical model.", 0);
    out_.set_name(0, out_.intern(definitions_.name(type)));
    const std::string_view space = definitions_.xml_namespace(type);
    out_.set_namespace(0, space);
    if (Result<void> done = children(0, 0, type, space); !done) return std::move(done).failure();
    return std::move(out_);
  }

 private:
  struct Child {
    std::ptrdiff_t place;
    NodeId node;
    Step step;
  };

  Failure refuse(std::string says, NodeId at) const { return {Cause::Invalid, std::move(says), tree::path_of(from_, at)}; }

  Result<void> children(NodeId node, NodeId to, TypeId type, std::string_view space) {
    std::vector<Child> sorted;
    const bool names_itself = node == 0 || definitions_.kind(type) == TypeKind::Resource;
    for (NodeId child = from_.first_child(node); child != no_node; child = from_.next(child)) {
      const std::string_view name = from_.name_text(from_.name(child));
      if (names_itself && name == "resourceType") continue;
      const Step step = definitions_.step(type, definitions_.names().find(name));
      if (!step) return refuse("The model knows no such element here.", child);
      sorted.push_back({step.element - definitions_.elements(type).data(), child, step});
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const Child& a, const Child& b) {
      return a.step.element->is_attribute != b.step.element->is_attribute ? a.step.element->is_attribute : a.place < b.place;
    });
    for (const Child& child : sorted) {
      if (Result<void> done = element(child.node, to, child.step, space); !done) return done;
    }
    return done();
  }

  Result<void> element(NodeId node, NodeId to, const Step& step, std::string_view space) {
    const Element& known = *step.element;
    const NameId name =
        known.xml_name != 0 ? out_.intern(definitions_.text(known.xml_name)) : out_.intern(from_.name_text(from_.name(node)));
    if (known.is_attribute) {
      out_.set_attribute(out_.add_text(to, name, Kind::String, from_.text(node)));
      return done();
    }
    if (known.is_text) {
      out_.set_text(to, Kind::String, from_.text(node));
      return done();
    }
    if (from_.kind(node) == Kind::Xhtml) {
      out_.set_namespace(out_.add_text(to, name, Kind::Xhtml, from_.text(node)), "http://www.w3.org/1999/xhtml");
      return done();
    }
    const NodeId made = out_.add(to, name, Kind::Object);
    const std::string_view own = definitions_.text(known.xml_namespace);
    if (!own.empty()) space = own;
    out_.set_namespace(made, space);
    if (from_.has_value(node)) out_.set_attribute(out_.add_text(made, out_.intern("value"), Kind::String, from_.text(node)));
    if (from_.first_child(node) == no_node) return done();
    const bool is_resource = step.type != 0 && definitions_.kind(step.type) == TypeKind::Resource;
    if (!is_resource) return children(node, made, step.type, space);
    const TypeId type = resource_type(definitions_, {&from_, node});
    if (type == 0) return refuse("This names no resource.", node);
    const NodeId inner = out_.add(made, out_.intern(definitions_.name(type)), Kind::Object);
    out_.set_namespace(inner, fhir_namespace);
    return children(node, inner, type, fhir_namespace);
  }

  const Document& from_;
  const Definitions& definitions_;
  Document out_;
};

}  // namespace

bool is_model_instance(const tree::Document& xml, const Definitions& definitions) {
  const TypeId type = definitions.find_type(xml.name_text(xml.name(0)));
  return type != 0 && definitions.kind(type) == TypeKind::Logical && !definitions.xml_namespace(type).empty() &&
         definitions.xml_namespace(type) == xml.namespace_of(0);
}

tree::Document from_model_xml(const tree::Document& xml, std::string_view text, const Definitions& definitions) {
  CHECK(&xml.names() == &definitions.names());
  return FromModelXml(xml, text, definitions).run(definitions.find_type(xml.name_text(xml.name(0))));
}

Result<tree::Document> to_model_xml(const tree::Document& instance, const Definitions& definitions) {
  return ToModelXml(instance, definitions).run();
}

}  // namespace vardbron::fhir
