#include "gateway/mapping/run/target_writer.h"

#include "gateway/mapping/compile/types.h"

#include <algorithm>
#include <array>

namespace vardbron::mapping {

void TargetWriter::start(tree::Document& document) {
  document_ = &document;
  document_->clear();
  known_ = 0;
  unordered_.clear();
  made_.clear();
  info(0).children = 0;
}

/// Nodes that were added without the TargetWriter have an empty Info.
void TargetWriter::know(tree::NodeId node) {
  if (node >= info_.size()) info_.resize(std::max<std::size_t>(2 * info_.size(), node + 64));
  while (known_ <= node) info_[known_++] = {};
}

tree::NameId TargetWriter::id_of(const NameRef& name) {
  return name.id != 0 ? name.id : document_->intern(program_.texts[name.text]);
}

tree::NodeId TargetWriter::existing(tree::NodeId parent, const ElementCode& element) {
  if ((info(parent).children & bit(element.order)) == 0) return tree::no_node;
  for (Index i = 0; i < element.variants.count; ++i) {
    tree::NodeId found = document_->child(parent, id_of(program_.variants[element.variants.first + i].name));
    if (found != tree::no_node) return found;
  }
  return tree::no_node;
}

tree::NodeId TargetWriter::add(tree::NodeId parent, const ElementCode& element, const ChoiceVariant& variant, fhir::TypeId type) {
  tree::NameId name = id_of(variant.name);
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
  tree::NodeId node = document_->add(parent, name, variant.is_primitive ? tree::Kind::Null : tree::Kind::Object, in_list);
  made_.emplace_back(parent, node);
  return note(parent, node, element, type);
}

void TargetWriter::mark(tree::NodeId parent) {
  Info& parents = info(parent);
  if (parents.is_unordered) return;
  parents.is_unordered = true;
  unordered_.push_back(parent);
}

/// Moves the last child to its position if its siblings are few and in order, the most frequent case. False: order() has to.
bool TargetWriter::sort_in(tree::NodeId parent, tree::NodeId child) {
  constexpr int siblings_max = 24;
  const std::uint16_t order = info_[child].own_order;
  if (order == 0 || info_[parent].is_unordered || info_[parent].children == unknown_children) return false;
  tree::NodeId behind = tree::no_node, last = tree::no_node;
  int siblings = 0;
  for (tree::NodeId at = document_->first_child(parent); at != child; at = document_->next(at)) {
    const Info& own = info_[at];
    const bool is_type = own.own_order == 0 && last == tree::no_node && document_->name(at) == program_.names.resource_type;
    if (++siblings > siblings_max || (own.own_order == 0 && !is_type)) return false;
    if (own.own_order < order || (own.own_order == order && own.position <= 0)) behind = at;
    last = at;
  }
  document_->move_last(parent, last, behind);
  return true;
}

void TargetWriter::forget(tree::NodeId node) {
  Info& own = info(node);
  if (own.order_last != 0) mark(node);
  own.children = unknown_children;
}

void TargetWriter::place(tree::NodeId parent, tree::NodeId child, int position) {
  info(child).position = static_cast<std::int8_t>(position);
  mark(parent);
}

bool TargetWriter::has_place(tree::NodeId parent, tree::NameId name, int position) const {
  for (tree::NodeId child = document_->child(parent, name); child != tree::no_node; child = document_->next(child)) {
    if (document_->name(child) == name && child < known_ && info_[child].position == position) return true;
  }
  return false;
}

void TargetWriter::add_resource_type(tree::NodeId node, fhir::TypeId type) {
  const fhir::Definitions& definitions = *program_.definitions;
  tree::NameId name = program_.names.resource_type != 0 ? program_.names.resource_type : document_->intern("resourceType");
  const bool is_resource = definitions.kind(type) == fhir::TypeKind::Resource;
  document_->add_text(node, name, tree::Kind::String, is_resource ? plain_name(definitions, type) : definitions.name(type));
}

void TargetWriter::order() {
  for (tree::NodeId parent : unordered_) {
    order_children(parent);
    info(parent).is_unordered = false;
  }
  unordered_.clear();
}

void TargetWriter::note_copied(tree::NodeId parent, tree::NodeId node) {
  if (document_->has_value(node)) return;
  made_.emplace_back(parent, node);
  for (tree::NodeId child = document_->first_child(node); child != tree::no_node; child = document_->next(child))
    note_copied(node, child);
}

void TargetWriter::drop_empty() {
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) {
    const auto [parent, node] = *made;
    if (document_->has_value(node) || document_->first_child(node) != tree::no_node) continue;
    tree::NodeId child = document_->first_child(parent);
    while (child != tree::no_node && child != node) child = document_->next(child);
    if (child == node) document_->remove(parent, node);  // else replaced by another type of the choice
  }
}

/// Order of a child among its siblings. Without a model it is at the first of its name.
std::uint32_t TargetWriter::order_of(fhir::TypeId of, tree::NodeId parent, tree::NodeId child) const {
  if (of != 0) {
    const fhir::Definitions& definitions = *program_.definitions;
    const tree::NameId name = document_->name(child);
    if (name == program_.names.resource_type && definitions.kind(of) == fhir::TypeKind::Resource) return 0;
    const fhir::Step step = definitions.step(of, name);
    return step ? static_cast<std::uint32_t>(step.element - definitions.elements(of).data()) + 1 : 0;
  }
  const tree::NodeId first = document_->child(parent, document_->name(child));
  for (const auto& [key, node] : sorted_) {
    if (node == first) return key >> 2;
  }
  return static_cast<std::uint32_t>(sorted_.size()) + 1;
}

/// Few children, nearly in order: an insertion sort costs less than a sort that allocates.
void TargetWriter::order_children(tree::NodeId parent) {
  const fhir::TypeId of = info(parent).type;
  if (of == 0) return order_many(parent);
  std::array<Sorted, 64> sorted;
  std::size_t count = 0;
  for (tree::NodeId child = document_->first_child(parent); child != tree::no_node; child = document_->next(child)) {
    if (count == sorted.size()) return order_many(parent);
    const Sorted moved{key_of(of, parent, child), child};
    std::size_t at = count++;
    for (; at > 0 && moved.first < sorted[at - 1].first; --at) sorted[at] = sorted[at - 1];
    sorted[at] = moved;
  }
  reorder(parent, {sorted.data(), count});
}

void TargetWriter::order_many(tree::NodeId parent) {
  const fhir::TypeId of = info(parent).type;
  sorted_.clear();
  for (tree::NodeId child = document_->first_child(parent); child != tree::no_node; child = document_->next(child))
    sorted_.emplace_back(key_of(of, parent, child), child);
  std::stable_sort(sorted_.begin(), sorted_.end(), [](const Sorted& a, const Sorted& b) { return a.first < b.first; });
  reorder(parent, sorted_);
}

/// Order in the definition, then before or after the others of its name.
std::uint32_t TargetWriter::key_of(fhir::TypeId of, tree::NodeId parent, tree::NodeId child) const {
  const Info own = child < known_ ? info_[child] : Info{};
  const std::uint32_t order = own.own_order != 0 ? own.own_order : order_of(of, parent, child);
  return order << 2 | static_cast<std::uint32_t>(own.position + 1);
}

void TargetWriter::reorder(tree::NodeId parent, std::span<const Sorted> sorted) {
  children_.clear();
  for (const auto& [key, child] : sorted) children_.push_back(child);
  document_->reorder(parent, children_);
}

}  // namespace vardbron::mapping
