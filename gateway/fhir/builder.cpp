#include "gateway/fhir/builder.h"

#include <string>

namespace vardbron::fhir {

using tree::Kind;
using tree::no_node;
using tree::NodeId;

Builder::Place Builder::place(std::string_view name) const {
  Place found;
  found.name = definitions_->names().find(name);
  found.step = definitions_->step(type_, found.name);
  CHECK(found.step);
  CHECK(found.step.type != 0);
  return found;
}

Builder Builder::child(const Place& place) {
  bool repeats = place.step.element->max > 1;
  NodeId node = repeats ? no_node : document_->child(node_, place.name);
  if (node == no_node) node = document_->add(node_, place.name, Kind::Object, repeats);
  return {*definitions_, *document_, node, place.step.type};
}

Builder& Builder::set(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  Place found = place(name);
  Kind kind = definitions_->json_kind(found.step.type);
  CHECK(kind != Kind::Object);
  document_->set_text(child(found).node(), kind, value);
  return *this;
}

Builder& Builder::set(std::string_view name, bool value) { return set(name, std::string_view(value ? "true" : "false")); }
Builder& Builder::set(std::string_view name, std::int64_t value) { return set(name, std::string_view(std::to_string(value))); }

Builder& Builder::set_at(std::string_view path, std::string_view value) {
  if (value.empty()) return *this;
  Builder at = *this;
  for (std::size_t dot; (dot = path.find('.')) != std::string_view::npos; path.remove_prefix(dot + 1)) {
    Place found = at.place(path.substr(0, dot));
    NodeId last = no_node;
    for (NodeId node = document_->first_child(at.node_); node != no_node; node = document_->next(node))
      if (document_->name(node) == found.name) last = node;
    at = last == no_node ? at.child(found) : Builder(*definitions_, *document_, last, found.step.type);
  }
  at.set(path, value);
  return *this;
}

Builder Builder::add(std::string_view name) {
  Place found = place(name);
  CHECK(definitions_->json_kind(found.step.type) == Kind::Object);
  return child(found);
}

Builder Builder::add_resource(std::string_view name, std::string_view resource_type) {
  TypeId type = definitions_->find_type(resource_type);
  CHECK(type != 0 && definitions_->kind(type) == TypeKind::Resource);
  Builder made = add(name);
  document_->add_text(made.node_, definitions_->names().find("resourceType"), Kind::String, resource_type);
  return {*definitions_, *document_, made.node_, type};
}

Builder& Builder::copy(std::string_view name, const tree::Document& from, NodeId branch) {
  Place found = place(name);
  document_->copy(node_, from, branch, found.name, found.step.element->max > 1);
  return *this;
}

Builder& Builder::coding(std::string_view name, std::string_view system, std::string_view code, std::string_view display) {
  add(name).set("system", system).set("code", code).set("display", display);
  return *this;
}

Builder& Builder::codeable_concept(std::string_view name, std::string_view system, std::string_view code, std::string_view text) {
  Builder made = add(name);
  if (!code.empty()) made.coding("coding", system, code);
  made.set("text", text);
  return *this;
}

Builder& Builder::identifier(std::string_view name, std::string_view system, std::string_view value) {
  add(name).set("system", system).set("value", value);
  return *this;
}

Builder& Builder::reference(std::string_view name, std::string_view literal) {
  add(name).set("reference", literal);
  return *this;
}

Builder Builder::extension(std::string_view url) {
  Builder made = child(place("extension"));  // primitives may have extensions too
  made.set("url", url);
  return made;
}

Builder build(const Definitions& definitions, tree::Document& document, std::string_view resource_type, std::string_view id) {
  TypeId type = definitions.find_type(resource_type);
  CHECK(type != 0 && definitions.kind(type) == TypeKind::Resource);
  CHECK(&document.names() == &definitions.names());
  document.add_text(0, definitions.names().find("resourceType"), Kind::String, resource_type);
  Builder made(definitions, document, 0, type);
  made.set("id", id);
  return made;
}

Builder edit(const Definitions& definitions, tree::Document& document, NodeId resource) {
  TypeId type = resource_type(definitions, {&document, resource});
  CHECK(type != 0);
  return {definitions, document, resource, type};
}

void set_version(Builder resource, std::string_view version_id, std::string_view last_updated) {
  resource.add("meta").set("versionId", version_id).set("lastUpdated", last_updated);
}

}  // namespace vardbron::fhir
