#include "gateway/fhir/xml_conversion.h"

#include "gateway/fhir/narrative.h"
#include "gateway/fhir/primitive.h"
#include "gateway/fhir/table.h"
#include "gateway/tree/path.h"

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::fhir {

namespace {

using tree::Document;
using tree::Kind;
using tree::NameId;
using tree::no_node;
using tree::NodeId;

bool holds_resource(const Definitions& definitions, TypeId type) {
  return type != 0 && definitions.kind(type) == TypeKind::Resource;
}

/// The name's id in the definitions, also if the document has another Names.
NameId known_name(const Definitions& definitions, const Document& document, NodeId node) {
  if (&document.names() != &definitions.names()) return definitions.names().find(document.name_text(document.name(node)));
  NameId name = document.name(node);
  return name < definitions.names().size() ? name : 0;
}

/// Replaces texts in content and attribute values, where XML allows character references. An XML parser turns a carriage return
/// into a line feed (XML 1.0, 2.11), so one in a narrative is written as a reference.
std::string exchange(std::string_view text, std::string_view from, std::string_view to) {
  std::string exchanged;
  bool is_in_tag = false;
  for (char quote = 0; !text.empty();) {
    char letter = text.front();
    if (is_in_tag && quote == 0) {
      quote = letter == '"' || letter == '\'' ? letter : '\0';
      is_in_tag = letter != '>';
    } else if (quote != 0) {
      quote = letter == quote ? '\0' : quote;
    } else {
      is_in_tag = letter == '<';
    }
    bool is_found = (!is_in_tag || quote != 0) && text.starts_with(from);
    exchanged += is_found ? to : text.substr(0, 1);
    text.remove_prefix(is_found ? from.size() : 1);
  }
  return exchanged;
}

constexpr std::string_view carriage_return = "\r", carriage_return_reference = "&#13;";

class FromXml {
 public:
  FromXml(const Document& xml, const Definitions& definitions) : xml_(xml), definitions_(definitions), out_(definitions.names()) {
    resource_type_ = definitions.names().find("resourceType");
    value_ = xml.find_name("value");
  }

  Result<Document> run() {
    if (Result<void> done = resource(0, 0); !done) return std::move(done).failure();
    return std::move(out_);
  }

 private:
  Failure refuse(std::string says, NodeId at) const {
    std::string where = tree::path_of(xml_, at);
    tree::Position position = xml_.position(at);
    if (position.line != 0) where += " at " + std::to_string(position.line) + ":" + std::to_string(position.column);
    return {Cause::Invalid, std::move(says), std::move(where)};
  }

  /// Compares addresses first: a document keeps each namespace once.
  bool is_fhir(NodeId node) {
    const std::string_view uri = xml_.namespace_of(node);
    if (!fhir_.empty() && uri.data() == fhir_.data() && uri.size() == fhir_.size()) return true;
    if (uri != fhir_namespace) return false;
    fhir_ = uri;
    return true;
  }

  /// `node` is an element named after a resource type; `to` is an Object.
  Result<void> resource(NodeId node, NodeId to) {
    std::string_view name = xml_.name_text(xml_.name(node));
    if (!is_fhir(node)) return refuse("The element is not in the namespace of FHIR.", node);
    TypeId type = definitions_.find_type(name);
    // An instance of a logical model has the shape of a resource, but only at the root.
    bool is_model = node == 0 && type != 0 && definitions_.kind(type) == TypeKind::Logical;
    if (!is_model && (!holds_resource(definitions_, type) || definitions_.is_abstract(type)))
      return refuse("The element is not a resource of FHIR R4.", node);
    out_.add_text(to, resource_type_, Kind::String, name);
    if (xml_.has_value(node)) return refuse("A resource holds no text of its own.", node);
    return children(node, to, type, false);
  }

  Result<void> children(NodeId node, NodeId to, TypeId type, bool is_primitive) {
    for (NodeId child = xml_.first_child(node); child != no_node; child = xml_.next(child)) {
      bool is_attribute = xml_.is_attribute(child);
      if (is_attribute && !xml_.namespace_of(child).empty() && xml_.namespace_of(child) == instance_namespace) continue;
      if (is_attribute && is_primitive && xml_.name(child) == value_) continue;
      const NameId name = known_name(definitions_, xml_, child);
      Step step = definitions_.step(type, name);
      if (!step || step.type == 0 || step.element->is_attribute != is_attribute ||
          (step.element->is_choice && name == step.element->name))
        return refuse(is_attribute ? "FHIR knows no such attribute here." : "FHIR knows no such element here.", child);
      Result<void> done = is_attribute ? attribute(child, to, step) : element(child, to, step);
      if (!done) return done;
    }
    return done();
  }

  Result<void> attribute(NodeId node, NodeId to, const Step& step) {
    if (!xml_.namespace_of(node).empty()) return refuse("The attribute is not one of FHIR's.", node);
    if (xml_.text(node).empty()) return refuse("The attribute is empty.", node);
    out_.add_text(to, step.element->name, Kind::String, xml_.text(node));
    return done();
  }

  Result<void> element(NodeId node, NodeId to, const Step& step) {
    NameId name = known_name(definitions_, xml_, node);
    bool in_list = step.element->max > 1;
    Kind kind = definitions_.json_kind(step.type);
    if (kind == Kind::Xhtml) {
      if (xml_.kind(node) != Kind::Xhtml) return refuse("The narrative is not an XHTML div.", node);
      std::string_view text = xml_.text(node);
      std::string restored;
      if (text.find(carriage_return_reference) != std::string_view::npos)
        text = restored = exchange(text, carriage_return_reference, carriage_return);
      if (std::string fault = narrative_fault(text); !fault.empty()) return refuse(std::move(fault), node);
      out_.add_text(to, name, Kind::Xhtml, text, in_list);
      return done();
    }
    if (!is_fhir(node)) return refuse("The element is not in the namespace of FHIR.", node);
    if (xml_.has_value(node)) return refuse("FHIR's elements hold no text; a value stands in the attribute value.", node);
    if (kind != Kind::Object) return primitive(node, out_.add(to, name, Kind::Null, in_list), step.type, kind);
    NodeId made = out_.add(to, name, Kind::Object, in_list);
    return holds_resource(definitions_, step.type) ? wrapped(node, made) : children(node, made, step.type, false);
  }

  Result<void> primitive(NodeId node, NodeId made, TypeId type, Kind kind) {
    for (NodeId child = xml_.first_child(node); child != no_node && xml_.is_attribute(child); child = xml_.next(child)) {
      if (xml_.name(child) != value_ || !xml_.namespace_of(child).empty()) continue;
      std::string_view text = xml_.text(child);
      if (text.empty()) return refuse("The value is empty.", node);
      // FHIR's integers may have a plus sign, which JSON's numbers may not (FHIR R4 datatypes.html#integer).
      if (kind == Kind::Number && text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
      if (!fits_kind(kind, text))
        return refuse(kind == Kind::Boolean ? "The value must be true or false." : "The value must be a number.", node);
      out_.set_text(made, kind, text);
    }
    if (Result<void> rest = children(node, made, type, true); !rest) return rest;
    if (!out_.has_value(made) && out_.first_child(made) == no_node)
      return refuse("The element has neither a value nor an extension.", node);
    return done();
  }

  /// `contained`, `Bundle.entry.resource`, `Parameters.parameter.resource`: the resource is the only child of its wrapper.
  Result<void> wrapped(NodeId node, NodeId made) {
    NodeId inner = xml_.first_child(node);
    if (inner == no_node || xml_.is_attribute(inner) || xml_.next(inner) != no_node)
      return refuse("Here stands exactly one resource.", node);
    return resource(inner, made);
  }

  const Document& xml_;
  const Definitions& definitions_;
  Document out_;
  NameId resource_type_;
  NameId value_;           // in xml_; 0: it has none
  std::string_view fhir_;  // fhir_namespace as xml_ keeps it, once it was met
};

class ToXml {
 public:
  ToXml(const Document& from, const Definitions& definitions)
      : from_(from), definitions_(definitions), out_(definitions.names()) {
    value_ = out_.intern("value");
    resource_type_ = from.find_name("resourceType");
  }

  Result<Document> run() {
    TypeId type = resource_type(definitions_, root(from_));
    if (type == 0) return refuse("This is not a resource of FHIR R4.", 0);
    out_.set_name(0, out_.intern(definitions_.name(type)));
    out_.set_namespace(0, fhir_namespace);
    if (Result<void> done = children(0, 0, type); !done) return std::move(done).failure();
    return std::move(out_);
  }

 private:
  struct Child {
    std::uint32_t place;  // index of its element in the type
    NodeId node;
    Step step;
  };

  Failure refuse(std::string says, NodeId at) const { return {Cause::Invalid, std::move(says), tree::path_of(from_, at)}; }

  Result<void> children(NodeId node, NodeId to, TypeId type) {
    const std::size_t begin = children_.size();
    Result<void> written = sort_children(node, type);
    for (std::size_t at = begin; written && at < children_.size(); ++at) {
      const Child child = children_[at];
      written = element(child.node, to, child.step);
    }
    children_.resize(begin);
    return written;
  }

  /// Appends them to children_, in the order of the definitions, which nearly all are in already.
  Result<void> sort_children(NodeId node, TypeId type) {
    const auto begin = static_cast<std::ptrdiff_t>(children_.size());
    const Element* first = definitions_.elements(type).data();
    bool is_resource = holds_resource(definitions_, type);
    for (NodeId child = from_.first_child(node); child != no_node; child = from_.next(child)) {
      if (is_resource && from_.name(child) == resource_type_) continue;
      Step step = definitions_.step(type, known_name(definitions_, from_, child));
      if (!step || step.type == 0) return refuse("FHIR knows no such element here.", child);
      children_.push_back({static_cast<std::uint32_t>(step.element - first), child, step});
    }
    const auto is_before = [](const Child& a, const Child& b) {
      return a.step.element->is_attribute != b.step.element->is_attribute ? a.step.element->is_attribute : a.place < b.place;
    };
    if (!std::is_sorted(children_.begin() + begin, children_.end(), is_before))
      std::stable_sort(children_.begin() + begin, children_.end(), is_before);
    return done();
  }

  Result<void> element(NodeId node, NodeId to, const Step& step) {
    NameId name = known_name(definitions_, from_, node);
    if (step.element->is_attribute) {
      out_.set_attribute(out_.add_text(to, name, Kind::String, from_.text(node)));
      return done();
    }
    Kind kind = definitions_.json_kind(step.type);
    if (kind == Kind::Xhtml) {
      std::string_view text = from_.text(node);
      if (std::string fault = narrative_fault(text); !fault.empty()) return refuse(std::move(fault), node);
      std::string kept;
      if (text.find('\r') != std::string_view::npos) text = kept = exchange(text, carriage_return, carriage_return_reference);
      out_.set_namespace(out_.add_text(to, name, Kind::Xhtml, text), "http://www.w3.org/1999/xhtml");
      return done();
    }
    if (kind == Kind::Object && from_.has_value(node)) return refuse("Here stands a value where FHIR has an object.", node);
    NodeId made = out_.add(to, name, Kind::Object);
    out_.set_namespace(made, fhir_namespace);
    if (kind != Kind::Object) {
      if (from_.has_value(node)) out_.set_attribute(out_.add_text(made, value_, Kind::String, from_.text(node)));
      return children(node, made, step.type);
    }
    if (!holds_resource(definitions_, step.type)) return children(node, made, step.type);
    TypeId type = resource_type(definitions_, {&from_, node});
    if (type == 0) return refuse("This is not a resource of FHIR R4.", node);
    NodeId inner = out_.add(made, out_.intern(definitions_.name(type)), Kind::Object);
    out_.set_namespace(inner, fhir_namespace);
    return children(node, inner, type);
  }

  const Document& from_;
  const Definitions& definitions_;
  Document out_;
  NameId value_;                 // in out_
  NameId resource_type_;         // in from_; 0: it has none
  std::vector<Child> children_;  // of the open elements that are still to be written
};

}  // namespace

Result<tree::Document> from_xml(const tree::Document& xml, const Definitions& definitions) {
  return FromXml(xml, definitions).run();
}

Result<tree::Document> to_xml(const tree::Document& resource, const Definitions& definitions) {
  return ToXml(resource, definitions).run();
}

}  // namespace vardbron::fhir
