#include "gateway/mapping/run/provenance.h"

#include "gateway/tree/walk.h"

#include <utility>

namespace vardbron::mapping {

void Provenance::wrote(RuleId rule, tree::Item target, tree::Item source) {
  Origin origin{rule, source, {}, 0};
  if (translation_ && translation_->rule == rule) {
    origin.concept_map = std::move(translation_->concept_map);
    origin.row = translation_->row;
  }
  translation_.reset();
  origins_[target.document][target.node] = std::move(origin);
}

void Provenance::translated(RuleId rule, const ConceptMap& map, std::string_view, const Translation& found) {
  translation_ = Origin{rule, {}, std::string(map.url()), found.row};
}

const Origin* Provenance::own_origin(const tree::Document& output, tree::NodeId node) const {
  auto known = origins_.find(&output);
  if (known == origins_.end()) return nullptr;
  auto found = known->second.find(node);
  return found == known->second.end() ? nullptr : &found->second;
}

const Origin* Provenance::origin_of(const tree::Document& output, tree::NodeId node) const {
  for (tree::Walk walk(output, 0); walk.node() != tree::no_node; walk.advance()) {
    if (walk.node() != node) continue;
    for (auto at = walk.way().rbegin(); at != walk.way().rend(); ++at) {
      if (const Origin* found = own_origin(output, *at)) return found;
    }
    return nullptr;
  }
  return nullptr;
}

std::string place_of(const Map& map, RuleId rule) {
  const RuleInfo info = map.rule(rule);
  return std::string(info.file) + ":" + tree::to_string(info.position) + " (" + std::string(info.path) + ")";
}

}  // namespace vardbron::mapping
