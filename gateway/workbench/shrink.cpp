#include "gateway/workbench/shrink.h"

#include "gateway/tree/walk.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vardbron::workbench {

namespace {

using tree::NodeId;

/// Changes of a copy.
struct Changes {
  std::vector<bool> dropped;  ///< by node, with its descendants
  std::unordered_map<NodeId, std::string> texts;
};

void copy_children(const tree::Document& from, NodeId parent, tree::Document& to, NodeId node, const Changes& changes) {
  for (NodeId child = from.first_child(parent); child != tree::no_node; child = from.next(child)) {
    if (changes.dropped[child]) continue;
    const tree::NameId name = to.intern(from.name_text(from.name(child)));
    NodeId made = tree::no_node;
    if (from.has_value(child)) {
      auto text = changes.texts.find(child);
      made = to.add_text(node, name, from.kind(child), text == changes.texts.end() ? from.text(child) : text->second,
                         from.in_list(child));
    } else {
      made = to.add(node, name, from.kind(child), from.in_list(child));
    }
    if (from.is_attribute(child)) to.set_attribute(made);
    if (!from.namespace_of(child).empty()) to.set_namespace(made, from.namespace_of(child));
    copy_children(from, child, to, made, changes);
  }
}

tree::Document changed(const tree::Document& from, const Changes& changes) {
  tree::Document to(from.names());
  if (from.name(0) != 0) to.set_name(0, to.intern(from.name_text(from.name(0))));
  if (!from.namespace_of(0).empty()) to.set_namespace(0, from.namespace_of(0));
  if (from.has_value(0)) to.set_text(0, from.kind(0), from.text(0));
  copy_children(from, 0, to, 0, changes);
  return to;
}

/// Every node but the root, the largest branches first.
std::vector<NodeId> largest_first(const tree::Document& message) {
  std::vector<std::size_t> sizes(message.size(), 0);
  std::vector<NodeId> nodes;
  for (tree::Walk walk(message, 0); walk.node() != tree::no_node; walk.advance()) {
    if (walk.depth() > 0) nodes.push_back(walk.node());
    for (const NodeId above : walk.way()) ++sizes[above];
  }
  std::stable_sort(nodes.begin(), nodes.end(), [&](NodeId a, NodeId b) { return sizes[a] > sizes[b]; });
  return nodes;
}

/// The beginning of the text, cut between two characters.
std::string beginning_of(std::string_view text, std::size_t bytes) {
  while (bytes > 0 && bytes < text.size() && (text[bytes] & 0xC0) == 0x80) --bytes;
  return std::string(text.substr(0, bytes));
}

class Shrinker {
 public:
  Shrinker(const tree::Document& message, const std::function<bool(const tree::Document&)>& fails, std::size_t attempts)
      : message_(message), fails_(fails), attempts_(attempts) {
    changes_.dropped.assign(message.size(), false);
  }

  tree::Document run() {
    const std::vector<NodeId> nodes = largest_first(message_);
    bool has_shrunk = true;
    while (has_shrunk && attempts_ > 0) {  // a node may become removable after another was removed
      has_shrunk = false;
      for (const NodeId node : nodes) has_shrunk |= drop(node);
    }
    for (const NodeId node : nodes) shorten(node);
    return changed(message_, changes_);
  }

 private:
  bool still_fails() {
    if (attempts_ == 0) return false;
    --attempts_;
    return fails_(changed(message_, changes_));
  }

  bool drop(NodeId node) {
    if (changes_.dropped[node]) return false;
    changes_.dropped[node] = true;
    if (still_fails()) {
      for (tree::Walk below(message_, node); below.node() != tree::no_node; below.advance())
        changes_.dropped[below.node()] = true;
      return true;
    }
    changes_.dropped[node] = false;
    return false;
  }

  void shorten(NodeId node) {
    if (changes_.dropped[node] || !message_.has_value(node) || message_.kind(node) == tree::Kind::Boolean) return;
    std::string text(message_.text(node));
    std::size_t bytes = 1;
    while (bytes < text.size()) {
      const std::string shorter = beginning_of(text, bytes);
      if (!shorter.empty() && shorter.size() < text.size() && try_text(node, shorter)) return;
      bytes *= 2;
    }
  }

  bool try_text(NodeId node, const std::string& text) {
    changes_.texts[node] = text;
    if (still_fails()) return true;
    changes_.texts.erase(node);
    return false;
  }

  const tree::Document& message_;
  const std::function<bool(const tree::Document&)>& fails_;
  std::size_t attempts_;
  Changes changes_;
};

}  // namespace

tree::Document copy_of(const tree::Document& message) {
  Changes none;
  none.dropped.assign(message.size(), false);
  return changed(message, none);
}

tree::Document shrink(const tree::Document& message, const std::function<bool(const tree::Document&)>& fails,
                      ShrinkOptions options) {
  return Shrinker(message, fails, options.attempts_max).run();
}

}  // namespace vardbron::workbench
