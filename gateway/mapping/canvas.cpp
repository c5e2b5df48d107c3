#include "gateway/mapping/canvas.h"

#include "gateway/mapping/types.h"

#include <algorithm>

namespace vardbron::mapping {

void Canvas::start(tree::Document& document) {
  document_ = &document;
  document_->clear();
  info_.clear();
  unordered_.clear();
  info(0).order_max = 0;
}

Canvas::Info& Canvas::info(tree::NodeId node) {
  if (node >= info_.size()) [[unlikely]]
    info_.resize(std::max<std::size_t>(node + 1, 2 * info_.size()));
  return info_[node];
}

tree::NameId Canvas::id_of(const NameRef& name) { return name.id != 0 ? name.id : document_->intern(program_.texts[name.text]); }

tree::NodeId Canvas::existing(tree::NodeId parent, const ElementCode& element) {
  if (element.order > info(parent).order_max) return tree::no_node;
  for (Index i = 0; i < element.spellings.count; ++i) {
    tree::NodeId found = document_->child(parent, id_of(program_.spellings[element.spellings.first + i].name));
    if (found != tree::no_node) return found;
  }
  return tree::no_node;
}

tree::NodeId Canvas::add(tree::NodeId parent, const ElementCode& element, const Spelling& spelling, fhir::TypeId type) {
  tree::NameId name = id_of(spelling.name);
  bool in_list = element.repeats;
  if (element.is_open) {
    tree::NodeId last = document_->last_child(parent);
    for (tree::NodeId other = document_->child(parent, name); other != tree::no_node; other = document_->next(other)) {
      if (document_->name(other) != name) continue;
      in_list = true;
      document_->set_in_list(other, true);
    }
    if (in_list && document_->name(last) != name) mark(parent);
  }
  tree::NodeId node = document_->add(parent, name, spelling.is_primitive ? tree::Kind::Null : tree::Kind::Object, in_list);
  note(parent, node, element, type);
  return node;
}

tree::NodeId Canvas::add_text(tree::NodeId parent, const ElementCode& element, const Spelling& spelling, std::string_view text) {
  tree::NodeId node = document_->add_text(parent, id_of(spelling.name), spelling.kind, text, element.repeats);
  note(parent, node, element, spelling.type);
  return node;
}

void Canvas::note(tree::NodeId parent, tree::NodeId child, const ElementCode& element, fhir::TypeId type) {
  Info& own = info(child);
  own.own_order = element.of != 0 && info(parent).type == element.of ? element.order : 0;
  own.type = type;
  own.order_max = 0;
  Info& parents = info(parent);
  bool is_unknown = parents.order_max == unknown_order;
  if (element.order < parents.order_last || is_unknown) mark(parent);
  parents.order_last = element.order;
  if (!is_unknown) parents.order_max = std::max(parents.order_max, element.order);
}

void Canvas::mark(tree::NodeId parent) {
  Info& parents = info(parent);
  if (parents.is_unordered) return;
  parents.is_unordered = true;
  unordered_.push_back(parent);
}

void Canvas::forget(tree::NodeId node) {
  Info& own = info(node);
  if (own.order_last != 0) mark(node);
  own.order_max = unknown_order;
}

void Canvas::place(tree::NodeId parent, tree::NodeId child, int position) {
  info(child).position = static_cast<std::int8_t>(position);
  mark(parent);
}

bool Canvas::has_place(tree::NodeId parent, tree::NameId name, int position) const {
  for (tree::NodeId child = document_->child(parent, name); child != tree::no_node; child = document_->next(child)) {
    if (document_->name(child) == name && child < info_.size() && info_[child].position == position) return true;
  }
  return false;
}

void Canvas::add_resource_type(tree::NodeId node, fhir::TypeId type) {
  const fhir::Definitions& definitions = *program_.definitions;
  tree::NameId name = program_.names.resource_type != 0 ? program_.names.resource_type : document_->intern("resourceType");
  const bool is_resource = definitions.kind(type) == fhir::TypeKind::Resource;
  document_->add_text(node, name, tree::Kind::String, is_resource ? plain_name(definitions, type) : definitions.name(type));
}

void Canvas::order() {
  for (tree::NodeId parent : unordered_) {
    order_children(parent);
    info(parent).is_unordered = false;
  }
  unordered_.clear();
}

/// Place of a child among its siblings. Without a model it stands where the first of its name stands.
std::uint32_t Canvas::order_of(fhir::TypeId of, tree::NodeId parent, tree::NodeId child) const {
  if (child < info_.size() && info_[child].own_order != 0) return info_[child].own_order;
  if (of != 0) {
    const fhir::Definitions& definitions = *program_.definitions;
    const fhir::Step step = definitions.step(of, document_->name(child));
    return step ? static_cast<std::uint32_t>(step.element - definitions.elements(of).data()) + 1 : 0;
  }
  const tree::NodeId first = document_->child(parent, document_->name(child));
  for (const auto& [key, node] : sorted_) {
    if (node == first) return key >> 2;
  }
  return static_cast<std::uint32_t>(sorted_.size()) + 1;
}

void Canvas::order_children(tree::NodeId parent) {
  const fhir::TypeId of = info(parent).type;
  sorted_.clear();
  children_.clear();
  for (tree::NodeId child = document_->first_child(parent); child != tree::no_node; child = document_->next(child)) {
    const int position = child < info_.size() ? info_[child].position : 0;
    sorted_.emplace_back(order_of(of, parent, child) << 2 | static_cast<std::uint32_t>(position + 1), child);
  }
  auto is_before = [](const auto& a, const auto& b) { return a.first < b.first; };
  constexpr std::size_t few = 64;
  if (sorted_.size() > few) std::stable_sort(sorted_.begin(), sorted_.end(), is_before);
  // Few children, nearly in order already: a sort that asks for memory costs more than finding each one's place from behind.
  for (std::size_t i = 1; i < sorted_.size() && sorted_.size() <= few; ++i) {
    const auto moved = sorted_[i];
    std::size_t at = i;
    for (; at > 0 && is_before(moved, sorted_[at - 1]); --at) sorted_[at] = sorted_[at - 1];
    sorted_[at] = moved;
  }
  for (const auto& [key, child] : sorted_) children_.push_back(child);
  document_->reorder(parent, children_);
}

}  // namespace vardbron::mapping
