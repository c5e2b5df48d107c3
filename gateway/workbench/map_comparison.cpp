#include "gateway/workbench/map_comparison.h"

#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/run/provenance.h"
#include "gateway/tree/path.h"
#include "gateway/workbench/difference.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace vardbron::workbench {

namespace {

struct Outcome {
  explicit Outcome(const MapComparison::Side& side) : output(side.definitions.names()) {}
  tree::Document output;
  Result<void> ran = done();
  mapping::Provenance provenance;  ///< refers to the output by address
};

void run(const MapComparison::Side& side, const std::string& name, const tree::Document& message, const mapping::CivilZone* zone,
         Outcome& out) {
  mapping::Environment environment;
  environment.identity = name;
  environment.zone = zone;
  environment.observer = &out.provenance;
  const std::array<tree::Item, 1> sources{tree::root(message)};
  out.ran = mapping::Runner(side.map).run(sources, environment, out.output);
}

/// The text of a refusal after the rule's place, which differs between the two files.
std::string_view reason_of(std::string_view says) {
  const std::size_t end = says.find("): ");
  return end == std::string_view::npos ? says : says.substr(end + 3);
}

std::string rule_of(const MapComparison::Side& side, const Outcome& outcome, tree::NodeId node) {
  const mapping::Origin* origin = node == tree::no_node ? nullptr : outcome.provenance.origin_of(outcome.output, node);
  return origin == nullptr ? "" : place_of(side.map, origin->rule);
}

}  // namespace

MapComparison::MapComparison(Side before, Side after, const mapping::CivilZone* zone, std::size_t examples_max)
    : before_(before), after_(after), zone_(zone), examples_max_(examples_max) {}

void MapComparison::add(const std::string& rule, bool is_old, const std::string& name, const std::string& example) {
  ComparisonGroup& group = groups_[rule];
  group.rule = rule;
  group.is_old = is_old;
  ++group.count;
  if (std::exchange(last_message_[rule], name) != name || group.count == 1) ++group.messages;
  if (group.examples.size() < examples_max_) group.examples.push_back(name + ": " + example);
}

void MapComparison::compare(const std::string& name, const tree::Document& before, const tree::Document& after) {
  ++messages_;
  Outcome was(before_), is(after_);
  run(before_, name, before, zone_, was);
  run(after_, name, after, zone_, is);
  if (!was.ran && !is.ran) {
    ++refused_;
    if (reason_of(was.ran.failure().says) == reason_of(is.ran.failure().says)) return;
    ++changed_;
    return add("refused by both", false, name, "was: " + was.ran.failure().says + " is: " + is.ran.failure().says);
  }
  if (!was.ran || !is.ran) {
    ++changed_;
    if (was.ran) return add("refused by the new map", false, name, is.ran.failure().says);
    return add("refused by the old map only", true, name, was.ran.failure().says);
  }
  // The two sides may have different models, so the old output is parsed again with the new names.
  Result<tree::Document> old = json::parse(json::write(was.output), after_.definitions.names());
  if (!old) return add("the old output cannot be read again", true, name, old.failure().says);
  const std::vector<Difference> all = differences(*old, is.output, after_.definitions);
  if (!all.empty()) ++changed_;
  for (const Difference& difference : all) {
    std::string rule = rule_of(after_, is, difference.found_node);
    bool is_old = false;
    if (rule.empty()) {
      is_old = true;
      rule = rule_of(before_, was, tree::find(was.output, difference.path));
    }
    add(rule.empty() ? "no rule can be named" : rule, is_old, name, to_line(difference));
  }
}

std::vector<ComparisonGroup> MapComparison::groups() const {
  std::vector<ComparisonGroup> out;
  for (const auto& [rule, group] : groups_) out.push_back(group);
  std::stable_sort(out.begin(), out.end(), [](const ComparisonGroup& a, const ComparisonGroup& b) { return a.count > b.count; });
  return out;
}

}  // namespace vardbron::workbench
