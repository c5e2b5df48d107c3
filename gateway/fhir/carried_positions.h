#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::fhir {

/// Copies text positions from a document to one converted from it. No effect if `from` keeps no positions. `to` must be empty.
class CarriedPositions {
 public:
  CarriedPositions(const tree::Document& from, std::string_view text, tree::Document& to) : from_(from), to_(to) {
    if (!from.keeps_positions()) return;
    to.own_body(std::string(text));
    to.keep_positions();
    line_starts_.push_back(0);
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\n') line_starts_.push_back(at + 1);
    }
  }

  void carry(tree::NodeId from, tree::NodeId to) {
    const tree::Position position = from_.position(from);
    if (position.line == 0 || position.line > line_starts_.size()) return;
    to_.set_offset(to, line_starts_[position.line - 1] + position.column - 1);
  }

 private:
  const tree::Document& from_;
  tree::Document& to_;
  std::vector<std::size_t> line_starts_;
};

}  // namespace vardbron::fhir
