#pragma once

#include "gateway/tree/document.h"

#include <vector>

namespace vardbron::tree {

/// A branch made ready to be added to documents many times: its links are known, so that adding it costs little more than
/// copying it. Parts are numbered as they are added, the top is 0. One thread.
class Document::Branch {
 public:
  std::size_t size() const { return parts_.size(); }
  /// Adds a part behind the children its parent has; the parent holds no value. The first part is the top and has no parent.
  void add(std::uint32_t parent, NameId name, Kind kind, bool in_list = false);
  /// A text that the document keeps to which the branch is added; the part is of a kind with a value.
  void set_text(std::uint32_t part, Kept text) {
    Node& node = parts_[part].node;
    CHECK(is_value(node.bits));
    node.first = text.place;
    node.bits = (node.bits & ~length_mask) | text.length;
  }

 private:
  friend class Document;
  /// Links count from the top; `moves` has all bits of those that move with the place where the branch is added.
  struct Part {
    Node node;
    Node moves{0, 0, 0, 0};
    NodeId last = no_node;
  };
  std::vector<Part> parts_;
};

}  // namespace vardbron::tree
