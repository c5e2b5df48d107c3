#pragma once

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vardbron::mapping {

/// Where an element of an output comes from.
struct Origin {
  RuleId rule = 0;
  tree::Item source;        ///< the element its value was taken from, else the source at hand; empty when there was none
  std::string concept_map;  ///< url of the concept map that translated the value; "" = none did
  std::uint32_t row = 0;    ///< of that map
};

/// Notes which rule wrote what. For one run; the documents of the run outlive it.
class Provenance final : public Observer {
 public:
  void wrote(RuleId rule, tree::Item target, tree::Item source) override;
  void translated(RuleId rule, const ConceptMap& map, std::string_view code, const Translation& found) override;

  /// Of the node itself; null when no rule wrote it.
  const Origin* own_origin(const tree::Document& output, tree::NodeId node) const;
  /// Of the node, or of the nearest element around it that a rule wrote; null where nothing is known. Walks the output.
  const Origin* origin_of(const tree::Document& output, tree::NodeId node) const;

 private:
  std::unordered_map<const tree::Document*, std::unordered_map<tree::NodeId, Origin>> origins_;
  std::optional<Origin> translation_;  // told just before what it gave is written
};

/// "file.fml:12:3 (group/rule)".
std::string place_of(const Map& map, RuleId rule);

}  // namespace vardbron::mapping
