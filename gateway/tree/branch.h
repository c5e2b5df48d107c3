#pragma once

#include "gateway/tree/document.h"

#include <vector>

namespace vardbron::tree {

/// A prepared branch for adding to documents many times: its links are precomputed, so that adding it costs little more than
/// copying it. Parts are numbered in the order of adding, the top is 0. One thread.
class Document::Branch {
 public:
  std::size_t size() const { return parts_.size(); }
  /// Appends a part to the children of its parent, which must have no value. The first part is the top and has no parent.
  void add(std::uint32_t parent, NameId name, Kind kind, bool in_list = false);
  /// Sets a text that is kept in the document to which the branch is added; the part must be of a kind with a value.
  void set_text(std::uint32_t part, Kept text) {
    Node& node = parts_[part].node;
    CHECK(is_value(node.bits));
    node.first = text.place;
    node.bits = (node.bits & ~length_mask) | text.length;
  }

 private:
  friend class Document;
  /// Links are relative to the top; `moves` has all bits set for those that are relative.
  struct Part {
    Node node;
    Node moves{0, 0, 0, 0};
    NodeId last = no_node;
  };
  std::vector<Part> parts_;
};

}  // namespace vardbron::tree
