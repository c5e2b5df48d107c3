#include "gateway/tree/path.h"

#include "gateway/tree/walk.h"

#include <charconv>

namespace vardbron::tree {

namespace {

std::string_view root_name(const Document& document) {
  const NodeId type = document.child(0, "resourceType");
  return type != no_node ? document.text(type) : document.name_text(document.name(0));
}

std::string segment_of(const Document& document, NodeId parent, NodeId node) {
  const auto [before, all] = repetition_of(document, parent, node);
  std::string segment(document.name_text(document.name(node)));
  if (all > 1 || document.in_list(node)) segment += "[" + std::to_string(before) + "]";
  return segment;
}

struct Segment {
  std::string_view name;
  std::size_t index = 0;
  bool is_valid = true;
};

Segment parse_segment(std::string_view text) {
  const std::size_t bracket = text.find('[');
  Segment segment{text.substr(0, bracket)};
  if (bracket == std::string_view::npos) return segment;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + bracket + 1, end, segment.index);
  segment.is_valid = error == std::errc{} && stop + 1 == end && *stop == ']';
  return segment;
}

NodeId step(const Document& document, NodeId parent, const Segment& segment) {
  const NameId name = document.find_name(segment.name);
  if (!segment.is_valid || (name == 0 && !segment.name.empty())) return no_node;
  std::size_t left = segment.index;
  for (NodeId at = document.first_child(parent); at != no_node; at = document.next(at)) {
    if (document.name(at) == name && left-- == 0) return at;
  }
  return no_node;
}

}  // namespace

Repetition repetition_of(const Document& document, NodeId parent, NodeId node) {
  Repetition found;
  for (NodeId at = document.first_child(parent); at != no_node; at = document.next(at)) {
    if (at == node) found.before = found.all;
    if (document.name(at) == document.name(node)) ++found.all;
  }
  return found;
}

std::string path_of(const Document& document, NodeId node) {
  Walk walk(document, 0);
  while (walk.node() != node && walk.node() != no_node) walk.advance();
  return walk.node() == no_node ? std::string() : path_of(document, walk.way());
}

std::string path_of(const Document& document, std::span<const NodeId> way) {
  std::string path(root_name(document));
  for (std::size_t at = 1; at < way.size(); ++at) {
    const std::string segment = segment_of(document, way[at - 1], way[at]);
    // Items of a nested list have no name: "a[1][0]".
    if (!path.empty() && segment.front() != '[') path += '.';
    path += segment;
  }
  return path;
}

NodeId find(const Document& document, std::string_view path) {
  NodeId node = 0;
  bool at_root = true;
  while (!path.empty() && node != no_node) {
    const std::size_t bracket_end = path.find(']');
    std::size_t end = path.find('.');
    if (bracket_end < end) end = bracket_end + 1;
    const std::string_view text = path.substr(0, end);
    path.remove_prefix(text.size());
    if (path.starts_with('.')) path.remove_prefix(1);
    if (!(at_root && !text.empty() && text == root_name(document))) node = step(document, node, parse_segment(text));
    at_root = false;
  }
  return node;
}

}  // namespace vardbron::tree
