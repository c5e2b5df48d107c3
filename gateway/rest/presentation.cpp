#include "gateway/rest/presentation.h"

#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <algorithm>

namespace vardbron::rest {

namespace {

using search::Summary;
using tree::Item;

bool is_needed(const fhir::Element& element) { return element.min > 0 || element.is_modifier; }

class Subset {
 public:
  Subset(const fhir::Definitions& definitions, const search::Presentation& presentation)
      : definitions_(definitions), presentation_(presentation), into_(definitions.names()) {}

  std::string of(const tree::Document& whole) {
    const Item resource = tree::root(whole);
    const fhir::TypeId type = fhir::resource_type(definitions_, resource);
    tree::NodeId meta = tree::no_node;
    for (Item child = resource.first_child(); child; child = child.next()) {
      const fhir::Step step = definitions_.step(type, child.name());
      if (!is_shown(child, step)) continue;
      const tree::NodeId copy = presentation_.summary == Summary::True ? copy_summary(0, child, step) : copy_whole(0, child);
      if (child.name_text() == "meta") meta = copy;
    }
    add_tag(meta);
    return json::write(into_);
  }

 private:
  bool is_shown(Item child, const fhir::Step& step) const {
    const std::string_view name = child.name_text();
    if (name == "resourceType" || name == "id" || name == "meta") return true;
    if (!step) return false;
    if (presentation_.summary == Summary::Data) return name != "text";
    if (presentation_.summary == Summary::Text) return name == "text" || step.element->min > 0;
    if (is_needed(*step.element)) return true;
    if (presentation_.summary == Summary::True) return step.element->is_summary;
    const std::string_view element = definitions_.names().text(step.element->name);
    return std::find(presentation_.elements.begin(), presentation_.elements.end(), element) != presentation_.elements.end();
  }

  tree::NodeId copy_whole(tree::NodeId parent, Item item) {
    return into_.copy(parent, *item.document, item.node, 0, item.document->in_list(item.node));
  }

  fhir::TypeId type_of(const fhir::Step& step) const {
    if (!step || step.type != 0) return step.type;
    const auto types = definitions_.types(*step.element);
    return types.size() == 1 ? types.front().type : 0;
  }

  // An extension has no summary of its own: one that changes the meaning is shown with its value.
  bool has_summary(Item item, fhir::TypeId type) const {
    if (type == 0 || definitions_.name(type) == "Extension" || definitions_.name(type) == "Meta") return false;
    const fhir::TypeKind kind = definitions_.kind(type);
    if (kind != fhir::TypeKind::Complex && kind != fhir::TypeKind::Backbone) return false;
    for (Item child = item.first_child(); child; child = child.next()) {
      if (is_of_summary(definitions_.step(type, child.name()))) return true;
    }
    return false;
  }

  static bool is_of_summary(const fhir::Step& step) { return step && (step.element->is_summary || is_needed(*step.element)); }

  tree::NodeId copy_summary(tree::NodeId parent, Item item, const fhir::Step& step) {
    const fhir::TypeId type = type_of(step);
    if (!has_summary(item, type)) return copy_whole(parent, item);
    const tree::NodeId copy = into_.add(parent, item.name(), item.kind(), item.document->in_list(item.node));
    for (Item child = item.first_child(); child; child = child.next()) {
      const fhir::Step inner = definitions_.step(type, child.name());
      if (is_of_summary(inner)) copy_summary(copy, child, inner);
    }
    return copy;
  }

  // Source: FHIR R4 search.html 3.1.1.5.8; the code is of v3's ObservationValue.
  void add_tag(tree::NodeId meta) {
    if (meta == tree::no_node) meta = into_.add(0, into_.intern("meta"), tree::Kind::Object);
    const tree::NodeId tag = into_.add(meta, into_.intern("tag"), tree::Kind::Object, true);
    into_.add_text(tag, into_.intern("system"), tree::Kind::String, "http://terminology.hl7.org/CodeSystem/v3-ObservationValue");
    into_.add_text(tag, into_.intern("code"), tree::Kind::String, "SUBSETTED");
  }

  const fhir::Definitions& definitions_;
  const search::Presentation& presentation_;
  tree::Document into_;
};

}  // namespace

std::string present(std::string_view body, const search::Presentation& presentation, const fhir::Definitions& definitions) {
  if (presentation.is_whole()) return std::string(body);
  Result<tree::Document> whole = json::parse(std::string(body), definitions.names());
  if (!whole || fhir::resource_type(definitions, tree::root(*whole)) == 0) return std::string(body);
  return Subset(definitions, presentation).of(*whole);
}

void present(std::span<store::Resource> resources, const search::Presentation& presentation,
             const fhir::Definitions& definitions) {
  if (presentation.is_whole()) return;
  for (store::Resource& each : resources) each.body = present(each.body, presentation, definitions);
}

void present_included(std::span<store::Resource> resources, const search::Presentation& presentation,
                      const fhir::Definitions& definitions) {
  if (presentation.elements.empty()) present(resources, presentation, definitions);
}

}  // namespace vardbron::rest
