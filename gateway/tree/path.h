#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::tree {

/// The place of a node as people and FHIRPath write it: "Bundle.entry[1].resource.name[0]". The root is called by its
/// resourceType, else by its own name, else it is left out. An index stands where the node repeats or is marked as in_list.
/// Walks the document; for messages to people, not for inner loops. "" for a node that hangs nowhere.
std::string path_of(const Document& document, NodeId node);
/// The same of a node that a walk has found: `way` leads from the root to it.
std::string path_of(const Document& document, std::span<const NodeId> way);
/// Which of the elements of its name below its parent a node is, from 0, and how many there are.
struct Repetition {
  std::size_t before = 0, all = 0;
};
Repetition repetition_of(const Document& document, NodeId parent, NodeId node);

/// The node at such a place; the root's name may be left out, and a missing index means the first. no_node when there is none.
NodeId find(const Document& document, std::string_view path);

}  // namespace vardbron::tree
