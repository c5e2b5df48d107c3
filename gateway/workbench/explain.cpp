#include "gateway/workbench/explain.h"

#include "gateway/formats/json/composer.h"
#include "gateway/tree/walk.h"
#include "gateway/workbench/difference.h"
#include "gateway/workbench/paths.h"
#include "gateway/workbench/report.h"

namespace vardbron::workbench {

namespace {

/// The origin of a node, else of its nearest ancestor with one.
const mapping::Origin* origin_on(const std::vector<tree::NodeId>& way, const mapping::Provenance& provenance,
                                 const tree::Document& output) {
  for (auto at = way.rbegin(); at != way.rend(); ++at) {
    if (const mapping::Origin* found = provenance.own_origin(output, *at)) return found;
  }
  return nullptr;
}

struct Source {
  const tree::Document& document;
  const Paths paths{document};
};

void add_origin(Explained& line, const mapping::Origin& origin, const mapping::Map& map, const Source& source) {
  const mapping::RuleInfo rule = map.rule(origin.rule);
  line.file = std::string(rule.file);
  line.rule_position = rule.position;
  line.rule = std::string(rule.path);
  line.concept_map = origin.concept_map;
  line.row = origin.row;
  if (!origin.source || origin.source.document != &source.document) return;  // a default, a constant, a created element
  line.source = source.paths.of(origin.source.node);
  line.source_position = source.document.position(origin.source.node);
  if (line.source.empty()) line.source = "(message)";
}

std::string with_position(std::string_view before, tree::Position position) {
  std::string text(before);
  if (position.line != 0) text += ":" + tree::to_string(position);
  return text;
}

void add_position(json::Composer& json, tree::Position position) {
  if (position.line != 0) json.number("line", position.line).number("column", position.column);
}

std::string to_json(const Explained& line) {
  json::Composer json;
  json.begin_object().text("path", line.path).text("value", line.value);
  if (!line.file.empty()) {
    json.begin_object("rule").text("file", line.file);
    add_position(json, line.rule_position);
    json.text("name", line.rule).end_object();
  }
  if (!line.source.empty()) {
    json.begin_object("source").text("path", line.source);
    add_position(json, line.source_position);
    json.end_object();
  }
  if (!line.concept_map.empty()) {
    json.begin_object("conceptMap").text("url", line.concept_map);
    if (line.row != 0) json.number("row", line.row);
    json.end_object();
  }
  return json.end_object().finish();
}

}  // namespace

std::vector<Explained> explain(const mapping::Map& map, const mapping::Provenance& provenance, const tree::Document& source,
                               const tree::Document& output) {
  std::vector<Explained> all;
  const Paths paths(output);
  const Source from{source};
  for (tree::Walk walk(output, 0); walk.node() != tree::no_node; walk.advance()) {
    const tree::Item item{&output, walk.node()};
    if (!item.has_value() || item.name_text() == "resourceType") continue;
    Explained line;
    line.path = paths.of(item.node);
    line.value = shown(item, 60);
    if (const mapping::Origin* origin = origin_on(walk.way(), provenance, output)) add_origin(line, *origin, map, from);
    all.push_back(std::move(line));
  }
  return all;
}

std::string explain_table(std::span<const Explained> all) {
  std::vector<std::vector<std::string>> rows{{"element", "value", "rule", "source", "code list"}};
  for (const Explained& line : all) {
    const std::string rule = line.file.empty() ? "" : with_position(line.file, line.rule_position) + " (" + line.rule + ")";
    const std::string source =
        line.source_position.line == 0 ? line.source : line.source + " (" + tree::to_string(line.source_position) + ")";
    const std::string row = line.row == 0 ? "" : " row " + std::to_string(line.row);
    rows.push_back({line.path, shortened(line.value, 40), rule, source, line.concept_map + row});
  }
  return table(rows);
}

std::string explain_json(std::span<const Explained> all) {
  std::string json = "[";
  for (const Explained& line : all) json += (json.size() == 1 ? "\n" : ",\n") + to_json(line);
  return json + "\n]";
}

}  // namespace vardbron::workbench
