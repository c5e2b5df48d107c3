#include "gateway/fhir/plain_conversion.h"

#include "gateway/fhir/carried_positions.h"

namespace vardbron::fhir {

namespace {

using tree::Document;
using tree::Kind;
using tree::no_node;
using tree::NodeId;

class PlainShape {
 public:
  PlainShape(const Document& xml, std::string_view text, const tree::Names& names)
      : xml_(xml), out_(names), positions_(xml, text, out_) {}

  Document run() {
    resource(0, 0);
    return std::move(out_);
  }

 private:
  void resource(NodeId from, NodeId to) {
    out_.add_text(to, out_.intern("resourceType"), Kind::String, xml_.name_text(xml_.name(from)));
    positions_.carry(from, to);
    children(from, to);
  }

  void children(NodeId from, NodeId to) {
    for (NodeId child = xml_.first_child(from); child != no_node; child = xml_.next(child)) element(child, to);
  }

  void element(NodeId from, NodeId to) {
    const std::string_view name = xml_.name_text(xml_.name(from));
    if (xml_.is_attribute(from)) {
      if (name != "value" && xml_.namespace_of(from).empty())
        positions_.carry(from, out_.add_text(to, out_.intern(name), Kind::String, xml_.text(from)));
      return;
    }
    if (xml_.has_value(from)) {  // the narrative; or a text where FHIR has none
      positions_.carry(from, out_.add_text(to, out_.intern(name), xml_.kind(from), xml_.text(from)));
      return;
    }
    const NodeId made = out_.add(to, out_.intern(name), Kind::Object, true);
    positions_.carry(from, made);
    const NodeId inner = xml_.first_child(from);
    if (name == "contained" && inner != no_node) return resource(inner, made);
    if (const NodeId value = xml_.child(from, "value"); value != no_node && xml_.is_attribute(value))
      out_.set_text(made, Kind::String, xml_.text(value));
    children(from, made);
  }

  const Document& xml_;
  Document out_;
  CarriedPositions positions_;
};

}  // namespace

tree::Document from_plain_xml(const tree::Document& xml, std::string_view text, const tree::Names& names) {
  return PlainShape(xml, text, names).run();
}

}  // namespace vardbron::fhir
