#pragma once

// Tested by tests/workbench/explain_test.cpp.

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vardbron::mapping {

/// Origin of an output element.
struct Origin {
  RuleId rule = 0;
  tree::Item source;        ///< the element its value was taken from, else the current source; empty if none
  std::string concept_map;  ///< url of the concept map that translated the value; "" = none did
  std::uint32_t row = 0;    ///< of that map
};

/// Records which rule wrote what. For one run; the documents of the run must outlive it.
class Provenance final : public Observer {
 public:
  void wrote(RuleId rule, tree::Item target, tree::Item source) override;
  void translated(RuleId rule, const ConceptMap& map, std::string_view code, const Translation& found) override;

  /// Of the node itself; null if no rule wrote it.
  const Origin* own_origin(const tree::Document& output, tree::NodeId node) const;
  /// Of the node, or of its nearest ancestor that a rule wrote; null if unknown. Walks the output.
  const Origin* origin_of(const tree::Document& output, tree::NodeId node) const;

 private:
  std::unordered_map<const tree::Document*, std::unordered_map<tree::NodeId, Origin>> origins_;
  std::optional<Origin> translation_;  // set just before its result is written
};

/// "file.fml:12:3 (group/rule)".
std::string place_of(const Map& map, RuleId rule);

}  // namespace vardbron::mapping
