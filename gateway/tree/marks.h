#pragma once

#include "gateway/tree/document.h"

#include <cstdint>
#include <vector>

namespace vardbron::tree {

/// What a reader did with the nodes of one document: a byte a node, beside the document. For coverage.
struct Marks {
  enum Bit : std::uint8_t {
    Seen = 1,       ///< looked at as a possible source of a rule
    Used = 2,       ///< a rule fired on it
    Evaluated = 4,  ///< an expression stepped on it
    Copied = 8,     ///< taken with all below it
    Rejected = 16   ///< a condition said no
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
