#include "gateway/workbench/coverage.h"

#include "gateway/mapping/run/provenance.h"
#include "gateway/tree/walk.h"
#include "gateway/workbench/case.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace vardbron::workbench {

namespace {

using tree::Marks;

enum class LinkStatus : std::uint8_t { Unread, Dropped, Read };

/// Status of every element of a message: its own, and the best of its descendants'.
class Fates {
 public:
  Fates(const tree::Document& source, const Marks& marks)
      : source_(source), marks_(marks), link_statuses_(source.size(), LinkStatus::Unread) {
    settle(0, false);
  }
  LinkStatus operator[](tree::NodeId node) const { return link_statuses_[node]; }

 private:
  LinkStatus own(tree::NodeId node, bool is_copied) const {
    const unsigned bits = node < marks_.bits.size() ? marks_.bits[node] : 0u;
    if (is_copied || (bits & (Marks::Used | Marks::Evaluated | Marks::Copied)) != 0) return LinkStatus::Read;
    return (bits & (Marks::Seen | Marks::Rejected)) != 0 ? LinkStatus::Dropped : LinkStatus::Unread;
  }

  // Depth is bounded by document_depth_max.
  LinkStatus settle(tree::NodeId node, bool is_copied) {
    is_copied = is_copied || (node < marks_.bits.size() && (marks_.bits[node] & Marks::Copied) != 0);
    LinkStatus best = own(node, is_copied);
    for (tree::NodeId child = source_.first_child(node); child != tree::no_node; child = source_.next(child)) {
      const LinkStatus below = settle(child, is_copied);
      if (below == LinkStatus::Read) best = LinkStatus::Read;  // reading an element includes stepping on its ancestors
    }
    link_statuses_[node] = best;
    return best;
  }

  const tree::Document& source_;
  const Marks& marks_;
  std::vector<LinkStatus> link_statuses_;
};

/// Adds the elements of one message to the sums of its map.
class Taking {
 public:
  Taking(const mapping::Map& map, const mapping::Marks& marks, const std::filesystem::path& file, const tree::Document& source,
         MapCoverage& sums)
      : map_(map), file_(file.string()), source_(source), link_statuses_(source, marks.source), sums_(sums) {
    for (const auto& [node, rule] : marks.rejected) rejected_by_.emplace(node, rule);
  }

  void take() { take_below(0, std::string(root_name()), LinkStatus::Read); }

 private:
  std::string_view root_name() const {
    const std::string_view type = tree::root(source_).text_of("resourceType");
    const std::string_view own = tree::root(source_).name_text();
    if (!type.empty()) return type;
    return own.empty() ? "(message)" : own;
  }

  void take_below(tree::NodeId node, const std::string& path, LinkStatus around) {
    for (tree::NodeId child = source_.first_child(node); child != tree::no_node; child = source_.next(child)) {
      const std::string_view name = source_.name_text(source_.name(child));
      if (name == "resourceType" || name.empty()) continue;
      const std::string type(tree::Item{&source_, child}.text_of("resourceType"));
      const std::string below = path + "." + std::string(name) + (type.empty() ? "" : "(" + type + ")");
      // Unread elements inside an unread element are not reported.
      if (around == LinkStatus::Read) take_one(child, below);
      note_line(child);
      take_below(child, below, around == LinkStatus::Read ? link_statuses_[child] : around);
    }
  }

  void take_one(tree::NodeId node, const std::string& path) {
    SourceLine& line = sums_.source[path];
    ++line.items;
    const LinkStatus link_status = link_statuses_[node];
    if (link_status == LinkStatus::Read) ++line.read;
    if (link_status == LinkStatus::Dropped) ++line.dropped;
    if (link_status != LinkStatus::Read && line.example.empty())
      line.example = file_ + ":" + tree::to_string(source_.position(node));
    auto rejected = rejected_by_.find(node);
    if (link_status == LinkStatus::Dropped && rejected != rejected_by_.end() && line.dropped_by.empty())
      line.dropped_by = place_of(map_, rejected->second);
  }

  void note_line(tree::NodeId node) {
    const tree::Position position = source_.position(node);
    if (position.line == 0) return;
    auto& [items, read] = sums_.lines[file_][position.line];
    ++items;
    if (link_statuses_[node] == LinkStatus::Read) ++read;
  }

  const mapping::Map& map_;
  std::string file_;
  const tree::Document& source_;
  Fates link_statuses_;
  MapCoverage& sums_;
  std::unordered_map<tree::NodeId, mapping::RuleId> rejected_by_;
};

void take_codes(const mapping::Map& map, const mapping::Marks& marks, const std::string& example, std::vector<CodeLine>& codes) {
  for (const mapping::Marks::Unlisted& each : marks.unlisted) {
    const std::string rule = place_of(map, each.rule);
    auto known = std::find_if(codes.begin(), codes.end(), [&](const CodeLine& line) {
      return line.concept_map == each.concept_map && line.code == each.code && line.rule == rule;
    });
    if (known == codes.end())
      known = codes.insert(codes.end(), CodeLine{each.concept_map, each.code, rule, example, each.has_fallback, 0});
    ++known->times;
  }
}

void take_resource(const std::vector<Profile>& profiles, tree::Item resource, std::vector<TargetLine>& targets) {
  for (const Profile& profile : profiles) {
    if (!applies(profile, resource)) continue;
    for (const MustSupport& element : profile.elements) {
      auto known = std::find_if(targets.begin(), targets.end(),
                                [&](const TargetLine& line) { return line.profile == profile.url && line.path == element.path; });
      if (known == targets.end()) known = targets.insert(targets.end(), TargetLine{profile.url, element.path, 0, 0});
      ++known->resources;
      if (holds(element, resource)) ++known->written;
    }
  }
}

void take_output(const std::vector<Profile>& profiles, const tree::Document& output, std::vector<TargetLine>& targets) {
  if (profiles.empty()) return;
  for (tree::Walk walk(output, 0); walk.node() != tree::no_node; walk.advance()) {
    const tree::Item item{&output, walk.node()};
    if (item.kind() == tree::Kind::Object && item.child("resourceType")) take_resource(profiles, item, targets);
  }
}

}  // namespace

std::size_t MapCoverage::rules_fired() const {
  return static_cast<std::size_t>(std::count_if(rules.begin(), rules.end(), [](const RuleLine& line) { return line.fired > 0; }));
}

std::size_t MapCoverage::source_items() const {
  std::size_t sum = 0;
  for (const auto& [path, line] : source) sum += line.items;
  return sum;
}

std::size_t MapCoverage::source_items_read() const {
  std::size_t sum = 0;
  for (const auto& [path, line] : source) sum += line.read;
  return sum;
}

Coverage::Entry& Coverage::entry_of(const mapping::Map& map) {
  for (Entry& each : entries_) {
    if (each.map == &map) return each;
  }
  Entry& made = entries_.emplace_back();
  made.map = &map;
  made.sums.map = std::string(map.name().empty() ? map.url() : map.name());
  made.sums.file = file_of(map).string();
  return made;
}

mapping::Marks& Coverage::marks_of(const mapping::Map& map) { return entry_of(map).marks; }

void Coverage::take(const mapping::Map& map, const std::filesystem::path& file, const tree::Document& source,
                    const tree::Document* output) {
  Entry& entry = entry_of(map);
  ++entry.sums.messages;
  take_codes(map, entry.marks, file.string(), entry.sums.codes);
  if (output == nullptr) {
    // Elements unread because the run ended early say nothing about the map.
    ++entry.sums.refused;
    return;
  }
  Taking(map, entry.marks, file, source, entry.sums).take();
  take_output(profiles_, *output, entry.sums.targets);
}

std::vector<MapCoverage> Coverage::result() const {
  std::vector<MapCoverage> all;
  for (const Entry& entry : entries_) {
    all.push_back(entry.sums);
    all.back().rules = rule_lines(*entry.map, entry.marks);
  }
  return all;
}

std::vector<RuleLine> rule_lines(const mapping::Map& map, const mapping::Marks& marks) {
  std::map<std::pair<std::string, std::pair<std::uint32_t, std::uint32_t>>, RuleLine> lines;
  for (mapping::RuleId rule = 0; rule < map.rule_count(); ++rule) {
    const mapping::RuleInfo info = map.rule(rule);
    RuleLine& line = lines[{std::string(info.file), {info.position.line, info.position.column}}];
    line.file = std::string(info.file);
    line.path = std::string(info.path);
    line.position = info.position;
    if (rule < marks.fired.size()) line.fired += marks.fired[rule];
    if (rule < marks.rejections.size()) line.rejected += marks.rejections[rule];
  }
  std::vector<RuleLine> all;
  for (auto& [place, line] : lines) all.push_back(std::move(line));
  return all;
}

}  // namespace vardbron::workbench
