#include "gateway/mapping/reading.h"

#include "gateway/base/excerpt.h"
#include "gateway/base/limits.h"
#include "gateway/tree/walk.h"

#include <functional>
#include <unordered_set>
#include <utility>

namespace vardbron::mapping {

std::vector<bool> nodes_read(const tree::Document& source, const tree::Marks& marks) {
  using tree::Marks;
  std::vector<bool> is_read(source.size());
  std::vector<bool> is_copied;  // by depth
  for (tree::Walk walk(source, 0); walk.node() != tree::no_node; walk.advance()) {
    const unsigned bits = walk.node() < marks.bits.size() ? marks.bits[walk.node()] : 0u;
    is_copied.resize(walk.depth() + 1);
    is_copied[walk.depth()] = (walk.depth() > 0 && is_copied[walk.depth() - 1]) || (bits & Marks::Copied) != 0;
    is_read[walk.node()] = is_copied[walk.depth()] || (bits & (Marks::Used | Marks::Evaluated)) != 0;
  }
  return is_read;
}

namespace {

/// A name that a sender gave an element.
std::string shown(std::string_view name) { return excerpt(name, 60); }

/// "PID-13.2", "mottagare.hsaIdd".
std::string path_of(const tree::Document& source, const std::vector<tree::NodeId>& way) {
  std::string path;
  bool is_segment = false;
  for (std::size_t at = 1; at < way.size(); ++at) {
    const std::string_view name = source.name_text(source.name(way[at]));
    const bool is_numbered = name.size() > 1 && (name[0] == 'f' || name[0] == 'c' || name[0] == 's') &&
                             name.find_first_not_of("0123456789", 1) == std::string_view::npos;
    if (is_numbered && (is_segment || path.find('-') != std::string::npos))
      path.append(is_segment ? "-" : ".").append(name.substr(1));
    else
      path.append(path.empty() ? "" : ".").append(shown(name));
    is_segment = name.size() == 3 && name[0] >= 'A' && name[0] <= 'Z';
  }
  return path;
}

bool is_empty(const tree::Document& source, tree::NodeId node) {
  return source.kind(node) == tree::Kind::Null ||
         (source.kind(node) == tree::Kind::Object && source.first_child(node) == tree::no_node);
}

}  // namespace

std::string says_unread(const tree::Document& source, const tree::Marks& marks) {
  const std::vector<bool> is_read = nodes_read(source, marks);
  std::vector<std::string> told;
  std::unordered_set<std::size_t> met;  // hashes of paths: a message may have very many, and long ones
  for (tree::Walk walk(source, 0); walk.node() != tree::no_node;) {
    const tree::NodeId node = walk.node();
    if (node == 0 || is_read[node]) {
      walk.advance();
      continue;
    }
    const bool was_looked_at = node < marks.bits.size() && marks.bits[node] != 0;
    const bool is_mark = source.is_attribute(node) || source.name_text(source.name(node)) == "resourceType";
    if (!was_looked_at && !is_mark && !is_empty(source, node)) {
      std::string path = path_of(source, walk.way());
      const bool is_new = met.insert(std::hash<std::string>()(path)).second;
      if (is_new && told.size() < limits::unread_named_max) told.push_back(std::move(path));
    }
    walk.skip_children();
  }
  if (told.empty()) return {};
  std::string says = "Nothing was made of ";
  for (const std::string& path : told) says += (&path == told.data() ? "" : ", ") + path;
  if (met.size() > told.size()) says += " and " + std::to_string(met.size() - told.size()) + " more";
  return says + ": the map neither reads them nor lists them as unused.";
}

}  // namespace vardbron::mapping
