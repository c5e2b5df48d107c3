#include "gateway/tree/document.h"

#include <algorithm>
#include <utility>

namespace vardbron::tree {

namespace {
constexpr std::size_t nodes_first = 64;
constexpr std::size_t look_ahead_bytes = TextPages::look_ahead_bytes;
}  // namespace

struct Document::Side {
  // The table's own address salts the local names: a sender cannot know which texts collide.
  NameTable names{reinterpret_cast<std::uintptr_t>(this) * 0x9E3779B97F4A7C15u};
  bool keeps_positions = false;
  Lines lines;
  std::vector<std::uint32_t> offsets;     // by node, plus one; 0 = unknown
  std::vector<std::uint32_t> namespaces;  // by node: number in uris
  NameTable uris;
  std::uint32_t last_uri = 0;  // number in uris of the one that was set last
};

Document::Document(const Names& names) : names_(&names) { clear(); }
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

void Document::clear() {
  if (nodes_.empty()) grow();  // moved from
  count_ = 1;
  nodes_[0] = {0, no_node, no_node, 0};
  last_children_[0] = no_node;
  body_.clear();
  pages_.clear();
  if (!side_) return;
  side_->names.clear();
  side_->keeps_positions = false;
  side_->lines.clear();
  side_->offsets.clear();
  side_->namespaces.clear();
  side_->uris.clear();
  side_->last_uri = 0;
}

std::string& Document::own_body(std::string body) {
  CHECK(count_ == 1);
  CHECK(body.size() <= body_bytes_max);
  body_ = std::move(body);
  // This also keeps short bodies on the heap, where a moved document's texts stay valid.
  body_.reserve(body_.size() + look_ahead_bytes);
  return body_;
}

NameId Document::intern(std::string_view text) {
  if (const NameId known = names_->find(text); known != 0 || text.empty()) return known;
  return names_->size() + side().names.add(text);
}

NodeId Document::add_text(NodeId parent, NameId name, Kind kind, std::string_view text, bool in_list) {
  return add_kept(parent, name, kind, keep(text), in_list);
}

Document::Kept Document::keep(std::string_view text) {
  CHECK(text.size() <= length_mask);
  return {pages_.keep(text), static_cast<std::uint32_t>(text.size())};
}

NodeId Document::add_in_body(NodeId parent, NameId name, Kind kind, std::size_t offset, std::size_t length, bool in_list) {
  CHECK(offset + length <= body_.size());
  const std::uint32_t bits =
      static_cast<std::uint32_t>(kind) << kind_shift | (in_list ? list_bit : 0) | body_bit | static_cast<std::uint32_t>(length);
  CHECK(is_value(bits));
  return append(parent, name, static_cast<std::uint32_t>(offset), bits);
}

void Document::split(NodeId node) {
  if (count_ == nodes_.size()) grow();
  const NodeId holder = count_++;
  Node& whole = nodes_[node];
  nodes_[holder] = {0, no_node, whole.first, 0};
  last_children_[holder] = no_node;
  last_children_[node] = holder;
  whole.first = holder;
  whole.bits |= split_bit;
}

void Document::grow() {
  nodes_.resize(std::max(nodes_first, 2 * nodes_.size()));
  last_children_.resize(nodes_.size());
}

void Document::set_kind(NodeId node, Kind kind) {
  CHECK(node < count_);
  const bool had_value = is_value(nodes_[node].bits);
  Node* whole = &nodes_[node];
  whole->bits = (whole->bits & ~(7u << kind_shift)) | static_cast<std::uint32_t>(kind) << kind_shift;
  if (had_value == is_value(whole->bits)) return;
  if (had_value) {  // drop the hidden node of the value
    whole->bits &= ~(length_mask | body_bit);
    const bool was_split = (whole->bits & split_bit) != 0;
    whole->bits &= ~split_bit;
    const NodeId holder = whole->first;
    whole->first = was_split ? nodes_[holder].next : no_node;
    if (whole->first == no_node) last_children_[node] = no_node;
    return;
  }
  const NodeId children = whole->first;
  const NodeId last = last_children_[node];
  whole->first = 0;
  if (children == no_node) return;
  split(node);
  nodes_[nodes_[node].first].next = children;
  last_children_[node] = last;
}

void Document::move_last(NodeId parent, NodeId before, NodeId behind) {
  const NodeId moved = last_children_[parent];
  CHECK(!is_value(nodes_[parent].bits) && before != no_node && nodes_[before].next == moved);
  nodes_[before].next = no_node;
  last_children_[parent] = before;
  std::uint32_t& link = behind == no_node ? nodes_[parent].first : nodes_[behind].next;
  nodes_[moved].next = link;
  if (behind == before) last_children_[parent] = moved;
  link = moved;
}

void Document::set_text(NodeId node, Kind kind, std::string_view text) {
  CHECK(text.size() <= length_mask);
  place_text(node, kind, pages_.keep(text), static_cast<std::uint32_t>(text.size()));
}

void Document::set_in_body(NodeId node, Kind kind, std::size_t offset, std::size_t length) {
  CHECK(offset + length <= body_.size());
  place_text(node, kind, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length) | body_bit);
}

void Document::place_text(NodeId node, Kind kind, std::uint32_t place, std::uint32_t length_and_home) {
  set_kind(node, kind);
  Node& whole = nodes_[node];
  CHECK(is_value(whole.bits));
  Node& holder = (whole.bits & split_bit) != 0 ? nodes_[whole.first] : whole;
  holder.first = place;
  whole.bits = (whole.bits & ~(length_mask | body_bit)) | length_and_home;
}

void Document::set_name(NodeId node, NameId name) { nodes_[node].name = name | (nodes_[node].name & attribute_bit); }

void Document::set_in_list(NodeId node, bool in_list) {
  nodes_[node].bits = (nodes_[node].bits & ~list_bit) | (in_list ? list_bit : 0);
}

void Document::set_attribute(NodeId node) { nodes_[node].name |= attribute_bit; }

void Document::remove(NodeId parent, NodeId child) {
  NodeId before = no_node;
  NodeId at = first_child(parent);
  while (at != no_node && at != child) at = nodes_[before = at].next;
  CHECK(at == child);
  remove_run(parent, before, child);
}

void Document::remove_run(NodeId parent, NodeId before, NodeId last) {
  const bool is_split = (nodes_[parent].bits & split_bit) != 0;
  if (before == no_node && is_split) before = nodes_[parent].first;
  const NodeId behind = std::exchange(nodes_[last].next, no_node);
  if (before == no_node) {
    nodes_[parent].first = behind;
  } else {
    nodes_[before].next = behind;
  }
  if (behind == no_node) last_children_[parent] = before;
}

void Document::take_children(NodeId to, NodeId from) {
  CHECK(to != from);
  const NodeId first = first_child(from);
  if (first == no_node) return;
  const NodeId last = last_children_[from];
  hook(to, first);
  last_children_[to] = last;
  const bool is_split = (nodes_[from].bits & split_bit) != 0;
  last_children_[from] = is_split ? nodes_[from].first : no_node;
  if (is_split) {
    nodes_[nodes_[from].first].next = no_node;
  } else {
    nodes_[from].first = no_node;
  }
}

void Document::reorder(NodeId parent, std::span<const NodeId> children) {
  if (children.empty()) return;
  NodeId before = (nodes_[parent].bits & split_bit) != 0 ? nodes_[parent].first : no_node;
  for (const NodeId child : children) {
    (before == no_node ? nodes_[parent].first : nodes_[before].next) = child;
    before = child;
  }
  nodes_[before].next = no_node;
  last_children_[parent] = before;
}

NodeId Document::copy(NodeId parent, const Document& from, NodeId branch, NameId as, bool in_list) {
  CHECK(from.names_ == names_);
  const NodeId made_before = from.count_;  // a branch may be copied below itself: new nodes are not copied again
  struct Step {
    NodeId source, target_parent;
  };
  const auto copy_one = [&](const Step& step) {
    const Node source = from.nodes_[step.source];
    NameId name = source.name & ~attribute_bit;
    if (name >= names_->size() && &from != this) name = intern(from.name_text(name));
    const NodeId made = add(step.target_parent, name, from.kind(step.source), (source.bits & list_bit) != 0);
    if (from.has_value(step.source)) set_text(made, from.kind(step.source), from.text(step.source));
    nodes_[made].name |= source.name & attribute_bit;
    if (const std::string_view uri = from.namespace_of(step.source); !uri.empty()) set_namespace(made, uri);
    return made;
  };
  const NodeId top = copy_one({branch, parent});
  if (as != 0) set_name(top, as);
  set_in_list(top, in_list);
  std::vector<Step> open{{from.first_child(branch), top}};
  while (!open.empty()) {
    const Step step = open.back();
    if (step.source == no_node || step.source >= made_before) {
      open.pop_back();
      continue;
    }
    open.back().source = from.next(step.source);
    const NodeId made = copy_one(step);
    if (const NodeId child = from.first_child(step.source); child != no_node) open.push_back({child, made});
  }
  return top;
}

NodeId Document::child(NodeId node, std::string_view name) const {
  const NameId id = find_name(name);
  return id == 0 ? no_node : child(node, id);
}

std::size_t Document::local_names() const { return side_ ? side_->names.size() : 0; }

std::string_view Document::name_text(NameId id) const {
  return id < names_->size() ? names_->text(id) : side_->names.text(id - names_->size());
}

NameId Document::find_name(std::string_view text) const {
  if (const NameId known = names_->find(text); known != 0 || !side_) return known;
  const std::uint32_t local = side_->names.find(text);
  return local == NameTable::none ? 0 : names_->size() + local;
}

Document::Side& Document::side() {
  if (!side_) side_ = std::make_unique<Side>();
  return *side_;
}

void Document::keep_positions() {
  side().keeps_positions = true;
  side_->lines.note(body_);
}

bool Document::keeps_positions() const { return side_ && side_->keeps_positions; }

void Document::set_offset(NodeId node, std::size_t offset) {
  if (!keeps_positions()) return;
  if (side_->offsets.size() <= node) side_->offsets.resize(std::max<std::size_t>(node + 1u, 2 * side_->offsets.size()));
  side_->offsets[node] = static_cast<std::uint32_t>(offset) + 1;
}

Position Document::position(NodeId node) const {
  if (!keeps_positions() || node >= side_->offsets.size() || side_->offsets[node] == 0) return {};
  return side_->lines.at(side_->offsets[node] - 1);
}

void Document::set_namespace(NodeId node, std::string_view uri) {
  if (uri.empty() && namespace_of(node).empty()) return;
  Side& kept = side();
  if (kept.uris.size() == 0) kept.uris.add({});  // number 0 is "none"
  if (kept.namespaces.size() <= node) kept.namespaces.resize(std::max<std::size_t>(node + 1u, 2 * kept.namespaces.size()));
  // Neighbours are mostly of one namespace.
  if (kept.uris.text(kept.last_uri) != uri) kept.last_uri = kept.uris.add(uri);
  kept.namespaces[node] = kept.last_uri;
}

bool Document::has_namespace(std::string_view uri) const { return side_ && side_->uris.find(uri) != NameTable::none; }

std::string_view Document::namespace_of(NodeId node) const {
  if (!side_ || node >= side_->namespaces.size()) return {};
  return side_->uris.text(side_->namespaces[node]);
}

}  // namespace vardbron::tree
