// Tested by tests/fhir/model_xml_test.cpp and tests/fhir/xsi_type_test.cpp.

#include "gateway/fhir/model_xml.h"
#include "gateway/fhir/narrative.h"
#include "gateway/fhir/narrative_v3.h"
#include "gateway/fhir/v3_time.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/fhir/xsi_type.h"
#include "gateway/tree/path.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::fhir {

namespace {

using tree::Document;
using tree::Kind;
using tree::NameId;
using tree::no_node;
using tree::NodeId;

class ToModelXml {
 public:
  ToModelXml(const Document& from, const Definitions& definitions)
      : from_(from), definitions_(definitions), out_(definitions.names()) {}

  Result<Document> run() {
    const TypeId type = definitions_.find_type(root(from_).text_of("resourceType"));
    if (type == 0 || definitions_.kind(type) != TypeKind::Logical)
      return refuse("This is not an instance of a logical model.", 0);
    out_.set_name(0, out_.intern(instance_name(definitions_, type)));
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
      if ((names_itself && name == "resourceType") || name == xsi_type_name) continue;
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

  NameId xml_name(NodeId node, const Element& known) {
    return out_.intern(known.xml_name != 0 ? definitions_.text(known.xml_name) : from_.name_text(from_.name(node)));
  }

  Result<void> element(NodeId node, NodeId to, const Step& step, std::string_view space) {
    const Element& known = *step.element;
    if (known.xml_name != 0 && definitions_.text(known.xml_name) == group_mark) return children(node, to, step.type, space);
    if (known.is_attribute) return attribute(node, to, step, space);
    if (known.is_text) return text(node, to);
    if (from_.kind(node) == Kind::Xhtml || (step.type != 0 && definitions_.json_kind(step.type) == Kind::Xhtml)) {
      return narrative(node, to, known, space);
    }
    const NodeId made = out_.add(to, xml_name(node, known), Kind::Object);
    if (known.xml_namespace != 0) space = definitions_.text(known.xml_namespace);
    out_.set_namespace(made, space);
    const TypeId type = tell_type(node, made, step);
    if (from_.has_value(node)) out_.set_attribute(out_.add_text(made, out_.intern("value"), Kind::String, from_.text(node)));
    if (from_.first_child(node) == no_node) return done();
    if (type == 0 || definitions_.kind(type) != TypeKind::Resource) {
      const bool has_own = type != 0 && definitions_.kind(type) == TypeKind::Logical && !definitions_.xml_namespace(type).empty();
      return children(node, made, type, has_own ? definitions_.xml_namespace(type) : space);
    }
    const TypeId named = resource_type(definitions_, {&from_, node});
    if (named == 0) return refuse("This names no resource.", node);
    const NodeId inner = out_.add(made, out_.intern(definitions_.name(named)), Kind::Object);
    out_.set_namespace(inner, fhir_namespace);
    return children(node, inner, named, fhir_namespace);
  }

  /// The type of the element; writes xsi:type if the element needs it.
  TypeId tell_type(NodeId node, NodeId made, const Step& step) {
    if (!has_xsi_type(definitions_, *step.element)) return step.type;
    std::string_view named = tree::Item{&from_, node}.text_of(xsi_type_name);
    const TypeId declared = xsi_type(definitions_, {&from_, node}, type_near(definitions_, *step.element));
    if (named.empty() && step.type != 0) named = definitions_.name(step.type);
    if (!named.empty()) {
      const NodeId said = out_.add_text(made, out_.intern("type"), Kind::String, named);
      out_.set_attribute(said);
      out_.set_namespace(said, instance_namespace);
    }
    if (declared != 0) return declared;
    return step.type != 0 ? step.type : definitions_.types(*step.element)[0].type;
  }

  Result<void> attribute(NodeId node, NodeId to, const Step& step, std::string_view space) {
    const bool is_v3 = step.type != 0 && has_v3_times(space, definitions_.name(step.type));
    const std::string value = is_v3 ? date_time_to_v3(from_.text(node)) : std::string(from_.text(node));
    const NameId name = xml_name(node, *step.element);
    const NodeId last = out_.last_child(to);
    // XML Schema's lists: the items are in one text.
    if (step.element->max > 1 && last != no_node && out_.is_attribute(last) && out_.name(last) == name) {
      out_.set_text(last, Kind::String, std::string(out_.text(last)) + " " + value);
      return done();
    }
    const NodeId made = out_.add_text(to, name, Kind::String, value);
    out_.set_attribute(made);
    if (step.element->xml_namespace != 0) out_.set_namespace(made, definitions_.text(step.element->xml_namespace));
    return done();
  }

  /// Before all elements it is the element's own text, else a text between them.
  Result<void> text(NodeId node, NodeId to) {
    const NodeId last = out_.last_child(to);
    const bool is_first = !out_.has_value(to) && (last == no_node || out_.is_attribute(last));
    if (is_first)
      out_.set_text(to, Kind::String, from_.text(node));
    else
      out_.add_text(to, 0, Kind::String, from_.text(node));
    return done();
  }

  Result<void> narrative(NodeId node, NodeId to, const Element& known, std::string_view space) {
    const NameId name = xml_name(node, known);
    const bool is_fhir = space == fhir_namespace;
    std::string fault = is_fhir ? narrative_fault(from_.text(node)) : markup_fault(from_.text(node));
    if (!fault.empty()) return refuse(std::move(fault), node);
    if (is_fhir) {
      out_.set_namespace(out_.add_text(to, name, Kind::Xhtml, from_.text(node)), "http://www.w3.org/1999/xhtml");
      return done();
    }
    const bool is_v3 = is_v3_namespace(space);
    const std::string text = is_v3 ? narrative_of_xhtml(from_.text(node), out_.name_text(name)) : std::string(from_.text(node));
    out_.set_namespace(out_.add_text(to, name, Kind::Xhtml, text), is_v3 ? space : "http://www.w3.org/1999/xhtml");
    return done();
  }

  const Document& from_;
  const Definitions& definitions_;
  Document out_;
};

}  // namespace

Result<tree::Document> to_model_xml(const tree::Document& instance, const Definitions& definitions) {
  return ToModelXml(instance, definitions).run();
}

}  // namespace vardbron::fhir
