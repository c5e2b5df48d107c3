#pragma once

// Tested by tests/formats/json/parse_test.cpp and tests/formats/json/short_companions_test.cpp.

#include "gateway/tree/document.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vardbron::json {

/// The members of the open objects, innermost last: finds duplicate keys and joins `_name` with `name`.
class Members {
 public:
  /// With `short_companions` a list of `_name` may end before that of `name`.
  explicit Members(bool short_companions = false) : short_companions_(short_companions) {}

  struct Fault {
    const char* says = nullptr;  ///< nullptr: none
    std::size_t offset = 0;
  };

  void clear();
  std::size_t size() const { return keys_.size(); }

  /// `before`: the open object's last child before the key, or no_node.
  void add(tree::NameId name, bool companion, std::size_t offset, tree::NodeId before) {
    keys_.push_back(name * 2 + companion);
    members_.push_back({static_cast<std::uint32_t>(offset), before});
  }
  /// A duplicate key among the members from `first` on.
  Fault find_twin(std::size_t first);
  /// Moves the children of each `_name` below its `name`, or makes them children of new nodes of Kind::Null.
  Fault join(std::size_t first, tree::Document& document, tree::NodeId parent);
  void forget(std::size_t first) {
    keys_.resize(first);
    members_.resize(first);
  }

 private:
  struct Member {
    std::uint32_t offset;
    tree::NodeId before;
  };
  struct Run {  // the member's nodes, chained; empty when first is no_node
    tree::NodeId first, last;
  };
  struct Stamp {
    std::uint32_t object = 0;
    std::uint32_t member = 0;
  };

  std::size_t find(std::uint32_t key, std::size_t first);
  void stamp_all(std::size_t first);
  std::vector<Run> runs_of(std::size_t first, const tree::Document& document, tree::NodeId parent) const;
  const char* join_runs(tree::Document& document, Run primary, Run companion) const;

  std::vector<std::uint32_t> keys_;  // name * 2 + companion; separate because they are compared often
  std::vector<Member> members_;
  std::vector<Stamp> stamps_;  // by key, for objects with many members
  std::uint32_t object_ = 0;
  bool short_companions_;
};

}  // namespace vardbron::json
