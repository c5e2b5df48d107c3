#include "gateway/mapping/run/reading.h"

#include "gateway/base/limits.h"
#include "gateway/mapping/run/fault.h"
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

bool is_empty(const tree::Document& source, tree::NodeId node) {
  return source.kind(node) == tree::Kind::Null ||
         (source.kind(node) == tree::Kind::Object && source.first_child(node) == tree::no_node);
}

}  // namespace

std::string says_unread(const tree::Document& source, const tree::Marks& marks) {
  const std::vector<bool> is_read = nodes_read(source, marks);
  std::vector<std::string> reported;
  std::unordered_set<std::size_t> met;  // hashes of paths: a message may have many, and long ones
  for (tree::Walk walk(source, 0); walk.node() != tree::no_node;) {
    const tree::NodeId node = walk.node();
    if (node == 0 || is_read[node]) {
      walk.advance();
      continue;
    }
    const bool was_looked_at = node < marks.bits.size() && marks.bits[node] != 0;
    const bool is_mark = source.is_attribute(node) || source.name_text(source.name(node)) == "resourceType";
    if (!was_looked_at && !is_mark && !is_empty(source, node)) {
      std::string path = field_of(source, walk.way());
      const bool is_new = met.insert(std::hash<std::string>()(path)).second;
      if (is_new && reported.size() < limits::unread_named_max) reported.push_back(std::move(path));
    }
    walk.skip_children();
  }
  if (reported.empty()) return {};
  std::string says = "Nothing was made of ";
  for (const std::string& path : reported) says += (&path == reported.data() ? "" : ", ") + path;
  if (met.size() > reported.size())
    says += " and " + std::to_string(met.size() - reported.size()) +
            " more (`vardbron map --coverage` with the map and the message shows all)";
  return says + ": the map neither reads them nor lists them as unused.";
}

}  // namespace vardbron::mapping
