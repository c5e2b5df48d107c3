#pragma once

#include "gateway/tree/document.h"

#include <cstdint>
#include <vector>

namespace vardbron::tree {

/// How a reader used the nodes of one document, for coverage: one byte per node.
struct Marks {
  enum Bit : std::uint8_t {
    Seen = 1,       ///< considered as a source of a rule
    Used = 2,       ///< a rule fired on it
    Evaluated = 4,  ///< an expression stepped on it
    Copied = 8,     ///< copied with its descendants
    Rejected = 16   ///< rejected by a condition
  };
  const Document* document = nullptr;
  std::vector<std::uint8_t> bits;

  void start(const Document& read) {
    document = &read;
    bits.assign(read.size(), 0);
  }
  void set(const Item& item, Bit bit) {
    if (item.document == document) bits[item.node] |= bit;
  }
};

}  // namespace vardbron::tree
