#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// Paths of all nodes of a document as by tree::path_of, computed in one walk. Nodes added later have none. The document must
/// outlive it.
class Paths {
 public:
  explicit Paths(const tree::Document& document);
  std::string of(tree::NodeId node) const;

 private:
  struct Place {
    tree::NodeId parent = tree::no_node;
    std::size_t before = 0;  ///< siblings of the same name before it
    bool has_index = false;
  };
  void place_children(tree::NodeId parent);

  const tree::Document& document_;
  std::string root_;
  std::vector<Place> places_;
  std::vector<std::size_t> counts_;  // by name, while a node's children are counted
};

}  // namespace vardbron::workbench
