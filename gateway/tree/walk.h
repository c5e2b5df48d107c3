#pragma once

#include "gateway/tree/document.h"

#include <vector>

namespace vardbron::tree {

/// All nodes of a branch, parents before children, without recursion:
///   for (Walk walk(document, 0); walk.node() != no_node; walk.advance()) ..
/// The document must not change below the open nodes while it is walked.
class Walk {
 public:
  Walk(const Document& document, NodeId branch) : document_(&document), open_{branch} {}

  NodeId node() const { return open_.empty() ? no_node : open_.back(); }
  /// 0 for the branch itself.
  std::size_t depth() const { return open_.size() - 1; }
  /// From the branch down to the current node.
  const std::vector<NodeId>& way() const { return open_; }

  void advance() {
    const NodeId child = document_->first_child(open_.back());
    child != no_node ? open_.push_back(child) : skip_children();
  }
  /// Continues after the current node.
  void skip_children() {
    while (open_.size() > 1) {
      const NodeId sibling = document_->next(open_.back());
      if (sibling != no_node) {
        open_.back() = sibling;
        return;
      }
      open_.pop_back();
    }
    open_.clear();
  }

 private:
  const Document* document_;
  std::vector<NodeId> open_;
};

}  // namespace vardbron::tree
