#include "gateway/mapping/reading.h"

#include "gateway/tree/walk.h"

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

}  // namespace vardbron::mapping
