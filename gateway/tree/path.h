#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::tree {

/// The FHIRPath of a node: "Bundle.entry[1].resource.name[0]". The root is its resourceType, else its own name, else left out.
/// There is an index if the node repeats or is marked as in_list. Walks the document; for messages to people, not for inner
/// loops. "" for an unlinked node.
std::string path_of(const Document& document, NodeId node);
/// The same for a node found by a walk: `way` leads from the root to it.
std::string path_of(const Document& document, std::span<const NodeId> way);
/// Index of a node among the children of its name, from 0, and their number.
struct Repetition {
  std::size_t before = 0, all = 0;
};
Repetition repetition_of(const Document& document, NodeId parent, NodeId node);

/// The node at such a path; the root's name may be left out, and a missing index means the first. no_node if there is none.
NodeId find(const Document& document, std::string_view path);

}  // namespace vardbron::tree
