#include "gateway/fhir/other_release.h"

#include "gateway/fhir/table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace vardbron::fhir {

namespace {

using tree::Kind;
using tree::NodeId;

constexpr std::string_view before = "http://hl7.org/fhir/", between = "StructureDefinition/";

std::string_view strength_code(BindingStrength strength) {
  constexpr std::string_view codes[] = {"", "example", "preferred", "extensible", "required"};
  return codes[static_cast<std::size_t>(strength)];
}

class Structure {
 public:
  Structure(const Definitions& other, const Definitions& base, TypeId type)
      : other_(other), base_(base), release_(other.version().substr(0, 3)), type_(type), out_(base.names()) {}

  tree::Document run() {
    const TypeKind kind = other_.kind(type_);
    text(0, "resourceType", "StructureDefinition");
    text(0, "url", canonical_in_release(release_, other_.name(type_)));
    text(0, "name", other_.name(type_));
    text(0, "kind", kind == TypeKind::Resource ? "resource" : kind == TypeKind::Primitive ? "primitive-type" : "complex-type");
    out_.add_text(0, out_.intern("abstract"), Kind::Boolean, other_.is_abstract(type_) ? "true" : "false");
    text(0, "type", other_.name(type_));
    if (other_.base(type_) != 0) text(0, "baseDefinition", code_of(other_.base(type_)));
    text(0, "derivation", "specialization");
    snapshot_ = out_.add(0, out_.intern("snapshot"), Kind::Object);
    const std::string root(other_.name(type_));
    text(out_.add(snapshot_, out_.intern("element"), Kind::Object, true), "path", root);
    if (kind == TypeKind::Primitive) primitive_value(root);
    elements(root, type_);
    return std::move(out_);
  }

 private:
  void text(NodeId to, std::string_view name, std::string_view text) { out_.add_text(to, out_.intern(name), Kind::String, text); }

  void primitive_value(const std::string& root) {
    const NodeId value = out_.add(snapshot_, out_.intern("element"), Kind::Object, true);
    text(value, "path", root + ".value");
    const TypeId system = other_.system_type(type_);
    const NodeId type = out_.add(value, out_.intern("type"), Kind::Object, true);
    text(type, "code", "http://hl7.org/fhirpath/" + std::string(system == 0 ? "System.String" : other_.name(system)));
  }

  void elements(const std::string& path, TypeId of) {
    for (const Element& element : other_.elements(of)) one(path, element);
  }

  void one(const std::string& parent, const Element& element) {
    const std::string path = parent + "." + std::string(other_.names().text(element.name));
    const NodeId made = out_.add(snapshot_, out_.intern("element"), Kind::Object, true);
    text(made, "path", path + (element.is_choice ? "[x]" : ""));
    out_.add_text(made, out_.intern("min"), Kind::Number, std::to_string(element.min));
    text(made, "max", element.max == no_upper_bound ? "*" : std::to_string(element.max));
    if (element.is_attribute) out_.add_text(made, out_.intern("representation"), Kind::String, "xmlAttr", true);
    TypeId nested = 0;
    for (const ElementType& each : other_.types(element)) {
      if (other_.kind(each.type) != TypeKind::Backbone) {
        text(out_.add(made, out_.intern("type"), Kind::Object, true), "code", code_of(each.type));
      } else if (other_.name(each.type) == path) {
        nested = each.type;
        text(out_.add(made, out_.intern("type"), Kind::Object, true), "code", code_of(other_.base(nested)));
      } else {
        text(made, "contentReference", "#" + std::string(other_.name(each.type)));
      }
    }
    if (element.binding != BindingStrength::None) {
      const NodeId binding = out_.add(made, out_.intern("binding"), Kind::Object);
      text(binding, "strength", strength_code(element.binding));
      text(binding, "valueSet", other_.text(element.value_set));
    }
    if (nested != 0) elements(path, nested);
  }

  std::string code_of(TypeId type) const {
    const std::string name(other_.name(type));
    if (other_.kind(type) == TypeKind::System) return "http://hl7.org/fhirpath/" + name;
    const TypeId same = base_.find_type(name);
    const bool is_one = same != 0 && other_.kind(type) == TypeKind::Primitive && base_.kind(same) == TypeKind::Primitive;
    return is_one ? name : canonical_in_release(release_, name);
  }

  const Definitions& other_;
  const Definitions& base_;
  std::string_view release_;
  TypeId type_;
  tree::Document out_;
  NodeId snapshot_ = 0;
};

}  // namespace

ReleaseOfCanonical release_of_canonical(std::string_view canonical) {
  canonical = canonical.substr(0, canonical.find('|'));
  if (!canonical.starts_with(before)) return {};
  canonical.remove_prefix(before.size());
  ReleaseOfCanonical found;
  if (!canonical.empty() && canonical[0] >= '0' && canonical[0] <= '9') {
    found.release = canonical.substr(0, canonical.find('/'));
    canonical.remove_prefix(std::min(found.release.size() + 1, canonical.size()));
  }
  if (!canonical.starts_with(between)) return {};
  found.type = canonical.substr(between.size());
  if (found.release == "4.3") found.release = "4.0";
  return found;
}

std::string canonical_in_release(std::string_view release, std::string_view type) {
  return std::string(before).append(release).append("/").append(between).append(type);
}

std::vector<tree::Document> structures_of_other_release(const Definitions& other, const Definitions& base) {
  std::vector<tree::Document> made;
  for (TypeId type : other.all_types()) {
    const TypeKind kind = other.kind(type);
    const TypeId same = base.find_type(other.name(type));
    const bool is_new_primitive = kind == TypeKind::Primitive && (same == 0 || base.kind(same) != TypeKind::Primitive);
    if (kind == TypeKind::Resource || kind == TypeKind::Complex || is_new_primitive)
      made.push_back(Structure(other, base, type).run());
  }
  return made;
}

}  // namespace vardbron::fhir
