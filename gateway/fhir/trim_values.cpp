#include "gateway/fhir/trim_values.h"

#include "gateway/base/text.h"

#include <string_view>

namespace vardbron::fhir {

namespace {

using tree::Kind;
using tree::no_node;
using tree::NodeId;

class Trimmer {
 public:
  Trimmer(tree::Document& document, const Definitions& definitions) : document_(document), definitions_(definitions) {}

  void children(NodeId node, TypeId type) {
    for (NodeId child = document_.first_child(node); child != no_node; child = document_.next(child)) {
      const tree::NameId name = document_.name(child);
      const Step step = name < definitions_.names().size() ? definitions_.step(type, name) : Step{};
      if (!step || step.type == 0) continue;
      if (document_.kind(child) == Kind::String && is_trimmed(step.type)) trim_value(child);
      const bool is_resource = definitions_.kind(step.type) == TypeKind::Resource;
      children(child, is_resource ? resource_type(definitions_, {&document_, child}) : step.type);
    }
  }

 private:
  bool is_trimmed(TypeId type) const {
    if (definitions_.kind(type) != TypeKind::Primitive) return false;
    const std::string_view name = definitions_.name(type);
    return name != "string" && name != "markdown" && name != "xhtml";
  }

  void trim_value(NodeId node) {
    const std::string_view text = document_.text(node), trimmed = trim(text);
    if (trimmed.size() != text.size()) document_.set_text(node, Kind::String, trimmed);
  }

  tree::Document& document_;
  const Definitions& definitions_;
};

}  // namespace

void trim_values(tree::Document& resource, const Definitions& definitions) {
  CHECK(&resource.names() == &definitions.names());
  Trimmer(resource, definitions).children(0, resource_type(definitions, tree::root(resource)));
}

}  // namespace vardbron::fhir
