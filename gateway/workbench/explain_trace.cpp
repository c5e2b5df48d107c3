#include "gateway/workbench/explain_trace.h"

#include "gateway/mapping/compile/program.h"
#include "gateway/mapping/run/provenance.h"
#include "gateway/workbench/difference.h"

#include <algorithm>
#include <utility>

namespace vardbron::workbench {

namespace {

constexpr std::size_t lines_min = 4'096;  // collected before they are printed

/// The texts of the rule's where clauses.
std::string where_of(const mapping::Map& map, mapping::RuleId rule) {
  const mapping::Program& program = map.program();
  const mapping::Range sources = program.rules[rule].sources;
  std::string texts;
  for (mapping::Index at = 0; at < sources.count; ++at) {
    const mapping::Index where = program.sources[sources.first + at].where;
    if (where == mapping::nothing) continue;
    texts += (texts.empty() ? "" : "; ") + std::string(program.expressions[where].program.text());
  }
  return texts;
}

std::string_view in_words(mapping::Translation::Kind kind) {
  using enum mapping::Translation::Kind;
  switch (kind) {
    case Found: return "found";
    case Nothing: return "has no equivalent";
    case Missing: return "is not listed";
    case Ambiguous: return "has several targets";
    case Elsewhere: return "is looked up elsewhere";
  }
  return "";
}

}  // namespace

Trace::Trace(const mapping::Map& map, const tree::Document& source, const tree::Document& output,
             std::function<void(std::string_view)> line)
    : map_(map), source_(source), output_(output), source_paths_(source), line_(std::move(line)) {}

// Each print walks the output once, after at least as many lines as it has elements: time in proportion to the run.
void Trace::say(std::string text, tree::NodeId node, std::string after) {
  lines_.push_back({std::string(depth_ * 2, ' ') + std::move(text), node, std::move(after)});
  if (lines_.size() >= std::max(lines_min, output_.size())) tell();
}

void Trace::tell() {
  if (lines_.empty()) return;
  const Paths paths(output_);
  for (const Line& line : lines_) {
    std::string place = line.node == tree::no_node ? "" : paths.of(line.node);
    if (place.empty() && line.node != tree::no_node) place = line.node == 0 ? "(output)" : "an element that is replaced later";
    line_(line.before + place + line.after);
  }
  lines_.clear();
}

/// "Notice.item[0] (3:5) = 'x'".
std::string Trace::place_in_message(tree::Item item) const {
  if (!item) return "nothing";
  const bool is_message = item.document == &source_;
  std::string text = is_message ? source_paths_.of(item.node) : "a value of the map";
  if (text.empty()) text = "(message)";
  const tree::Position position = is_message ? source_.position(item.node) : tree::Position{};
  if (position.line != 0) text += " (" + tree::to_string(position) + ")";
  if (item.has_value()) text += " = " + shown(item, 40);
  return text;
}

void Trace::entered(std::string_view group) {
  say("group " + std::string(group));
  ++depth_;
}

void Trace::left(std::string_view) { --depth_; }

void Trace::fired(mapping::RuleId rule, std::span<const tree::Item> sources) {
  std::string text = place_of(map_, rule) + " takes ";
  for (std::size_t at = 0; at < sources.size(); ++at) text += (at == 0 ? "" : ", ") + place_in_message(sources[at]);
  say(text);
  ++depth_;
}

void Trace::ended(mapping::RuleId) { --depth_; }

void Trace::rejected(mapping::RuleId rule, tree::Item source) {
  say(place_of(map_, rule) + " leaves " + place_in_message(source) + ": where (" + where_of(map_, rule) + ") said no");
}

void Trace::wrote(mapping::RuleId, tree::Item target, tree::Item) {
  const bool has_place = target.document == &output_;
  const std::string value = target.has_value() || !has_place ? " = " + shown(target, 60) : "";
  if (has_place)
    say("-> ", target.node, value);
  else
    say("-> a new element, not yet in its place" + value);
}

void Trace::translated(mapping::RuleId, const mapping::ConceptMap& map, std::string_view code,
                       const mapping::Translation& found) {
  std::string text = "code '" + shortened(code, 40) + "' " + std::string(in_words(found.kind));
  if (found.kind == mapping::Translation::Kind::Found) text += " as '" + std::string(found.code) + "'";
  text += " in " + std::string(map.url());
  if (found.row != 0) text += ", row " + std::to_string(found.row);
  say(text);
}

void Trace::logged(mapping::RuleId, std::string_view text) { say("log: " + shortened(text, 120)); }

}  // namespace vardbron::workbench
