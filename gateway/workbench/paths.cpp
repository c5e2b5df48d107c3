#include "gateway/workbench/paths.h"

#include "gateway/tree/walk.h"

namespace vardbron::workbench {

Paths::Paths(const tree::Document& document) : document_(document), places_(document.size()) {
  counts_.resize(document.names().size() + document.local_names() + 1);
  const tree::NodeId type = document.child(0, "resourceType");
  root_ = type != tree::no_node ? document.text(type) : document.name_text(document.name(0));
  for (tree::Walk walk(document, 0); walk.node() != tree::no_node; walk.advance()) place_children(walk.node());
}

void Paths::place_children(tree::NodeId parent) {
  for (tree::NodeId at = document_.first_child(parent); at != tree::no_node; at = document_.next(at))
    places_[at] = {parent, counts_[document_.name(at)]++, false};
  for (tree::NodeId at = document_.first_child(parent); at != tree::no_node; at = document_.next(at))
    places_[at].has_index = counts_[document_.name(at)] > 1 || document_.in_list(at);
  for (tree::NodeId at = document_.first_child(parent); at != tree::no_node; at = document_.next(at))
    counts_[document_.name(at)] = 0;
}

std::string Paths::of(tree::NodeId node) const {
  std::vector<tree::NodeId> way;
  for (; node != 0; node = places_[node].parent) {
    if (node >= places_.size() || places_[node].parent == tree::no_node) return {};
    way.push_back(node);
  }
  std::string path = root_;
  for (auto at = way.rbegin(); at != way.rend(); ++at) {
    const std::string_view name = document_.name_text(document_.name(*at));
    // Items of a nested list have no name: "a[1][0]".
    if (!path.empty() && !name.empty()) path += '.';
    path += name;
    if (places_[*at].has_index) path += "[" + std::to_string(places_[*at].before) + "]";
  }
  return path;
}

}  // namespace vardbron::workbench
