// Tested by tests/workbench/coverage_test.cpp.

#include "gateway/workbench/coverage.h"
#include "gateway/workbench/report.h"

#include <algorithm>
#include <cstdio>

namespace vardbron::workbench {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string of(std::size_t some, std::size_t all) {
  char text[64];
  const double percent = all == 0 ? 100.0 : 100.0 * static_cast<double>(some) / static_cast<double>(all);
  std::snprintf(text, sizeof text, "%zu of %zu (%.1f %%)", some, all, percent);
  return text;
}

std::string times(std::size_t count) { return std::to_string(count) + (count == 1 ? " time" : " times"); }

void add(std::string& text, std::string_view heading, const Rows& rows) {
  if (rows.empty()) return;
  text += "  " + std::string(heading) + "\n" + table(rows, "    ");
}

Rows unread(const MapCoverage& map) {
  Rows rows;
  for (const auto& [path, line] : map.source) {
    const std::size_t missed = line.items - line.read - line.dropped;
    if (missed > 0) rows.push_back({path, missed == line.items ? "never" : of(missed, line.items), line.example});
  }
  return rows;
}

Rows dropped(const MapCoverage& map) {
  Rows rows;
  for (const auto& [path, line] : map.source) {
    if (line.dropped > 0)
      rows.push_back({path, times(line.dropped), line.dropped_by.empty() ? "by type or list mode" : "by " + line.dropped_by});
  }
  return rows;
}

Rows silent_rules(const MapCoverage& map) {
  Rows rows;
  for (const RuleLine& rule : map.rules) {
    if (rule.fired > 0) continue;
    const std::string why = rule.rejected > 0 ? "its where said no " + times(rule.rejected) : "";
    rows.push_back({rule.file + ":" + tree::to_string(rule.position), rule.path, why});
  }
  return rows;
}

Rows codes(const MapCoverage& map) {
  Rows rows;
  for (const CodeLine& code : map.codes) {
    rows.push_back({"'" + code.code + "'", code.concept_map, times(code.times) + (code.has_fallback ? ", fallback" : ", refused"),
                    "first in " + code.example});
  }
  return rows;
}

Rows unwritten(const MapCoverage& map) {
  Rows rows;
  for (const TargetLine& target : map.targets) {
    if (target.written == 0)
      rows.push_back({target.path, "in " + std::to_string(target.resources) + " resources", target.profile});
  }
  return rows;
}

}  // namespace

std::string coverage_text(const std::vector<MapCoverage>& all) {
  std::string text;
  for (const MapCoverage& map : all) {
    const std::size_t supported = static_cast<std::size_t>(
        std::count_if(map.targets.begin(), map.targets.end(), [](const TargetLine& line) { return line.written > 0; }));
    text += map.map + " (" + map.file + "): " + std::to_string(map.messages) + (map.messages == 1 ? " message" : " messages");
    if (map.refused > 0) text += ", " + std::to_string(map.refused) + " of them refused";
    Rows sums{{"source elements read", of(map.source_items_read(), map.source_items())},
              {"rules fired", of(map.rules_fired(), map.rules.size())}};
    if (!map.targets.empty()) sums.push_back({"must-support elements written", of(supported, map.targets.size())});
    text += "\n" + table(sums, "  ");
    add(text, "never read:", unread(map));
    add(text, "read, but dropped:", dropped(map));
    add(text, "codes that met no mapping:", codes(map));
    add(text, "must-support elements never written:", unwritten(map));
    add(text, "rules that never fired:", silent_rules(map));
    text += "\n";
  }
  return text;
}

}  // namespace vardbron::workbench
