#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// The places of all nodes of a document in the words of tree::path_of, found in one walk: for those who tell of every element.
/// What is added to the document afterwards hangs nowhere here. The document outlives it.
class Paths {
 public:
  explicit Paths(const tree::Document& document);
  std::string of(tree::NodeId node) const;

 private:
  struct Place {
    tree::NodeId parent = tree::no_node;
    std::size_t before = 0;  ///< siblings of the same name in front of it
    bool has_index = false;
  };
  void place_children(tree::NodeId parent);

  const tree::Document& document_;
  std::string root_;
  std::vector<Place> places_;
  std::vector<std::size_t> counts_;  // by name, while a node's children are counted
};

}  // namespace vardbron::workbench
