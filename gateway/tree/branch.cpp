#include "gateway/tree/branch.h"

#include <algorithm>

namespace vardbron::tree {

void Document::Branch::add(std::uint32_t parent, NameId name, Kind kind, bool in_list) {
  const auto part = static_cast<std::uint32_t>(parts_.size());
  const std::uint32_t bits = static_cast<std::uint32_t>(kind) << kind_shift | (in_list ? list_bit : 0);
  parts_.push_back({.node = {name, no_node, is_value(bits) ? 0 : no_node, bits}});
  if (part == 0) return;
  CHECK(parent < part && !is_value(parts_[parent].node.bits));
  Part& above = parts_[parent];
  if (above.last == no_node) {
    above.node.first = part;
    above.moves.first = ~0u;
  } else {
    parts_[above.last].node.next = part;
    parts_[above.last].moves.next = ~0u;
  }
  above.last = part;
}

NodeId Document::add_branch(NodeId parent, const Branch& branch) {
  CHECK(parent < count_ && branch.size() > 0);
  const NodeId base = count_;
  while (nodes_.size() < base + branch.size()) grow();
  Node* node = &nodes_[base];
  NodeId* last = &last_children_[base];
  for (const Branch::Part& part : branch.parts_) {
    const Node& from = part.node;
    const Node& moves = part.moves;
    *node++ = {from.name + (base & moves.name), from.next + (base & moves.next), from.first + (base & moves.first),
               from.bits + (base & moves.bits)};  // all four computed alike, so that they vectorise
    *last++ = part.last + (base & moves.first);
  }
  count_ = base + static_cast<NodeId>(branch.size());
  return hook(parent, base);
}

}  // namespace vardbron::tree
