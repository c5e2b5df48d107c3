// Tested by tests/workbench/coverage_test.cpp.

#include "gateway/workbench/coverage.h"
#include "gateway/workbench/report.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace vardbron::workbench {

namespace {

constexpr std::string_view style = R"(<style>
:root{color-scheme:light dark;--ink:#1d2129;--faint:#5c6675;--line:#d9dee5;--back:#fff;--soft:#f5f7f9;--good:#19764a;--bad:#b3261e;--warn:#8a5a00}
@media (prefers-color-scheme:dark){:root{--ink:#e4e7eb;--faint:#9aa4b2;--line:#343b45;--back:#16191d;--soft:#1e2227;--good:#5cc08d;--bad:#f08a80;--warn:#e0b25a}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:70rem;margin:0 auto;padding:2rem 1.25rem 4rem}h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.5rem 0 .5rem}
h3{font-size:1rem;margin:1.5rem 0 .4rem}p{color:var(--faint);margin:.2rem 0}code,td{font-family:ui-monospace,monospace;font-size:.86rem}
.sums{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}.sum{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;min-width:14rem;flex:1}
.sum b{display:block;font-size:1.5rem}.sum span{color:var(--faint)}.bar{height:6px;border-radius:3px;background:var(--line);margin-top:.5rem;overflow:hidden}
.bar i{display:block;height:100%;background:var(--good)}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th{font-size:.8rem;text-align:left;color:var(--faint);font-weight:600}th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n{text-align:right;white-space:nowrap}th.n{text-align:right}.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}details{margin:.5rem 0}summary{cursor:pointer;color:var(--faint)}
</style>)";

std::string number(std::uint64_t value) { return std::to_string(value); }

struct Cell {
  std::string text, kind;  // kind: a class of the style, "" = none
};

std::string table_of(const std::vector<Cell>& heads, const std::vector<std::vector<Cell>>& rows) {
  std::string html = "<div class=\"wide\"><table><thead><tr>";
  for (const Cell& head : heads) html += "<th class=\"" + head.kind + "\">" + marked_up(head.text) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const std::vector<Cell>& row : rows) {
    html += "<tr>";
    for (const Cell& cell : row) html += "<td class=\"" + cell.kind + "\">" + marked_up(cell.text) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string section(std::string_view title, const std::vector<Cell>& heads, const std::vector<std::vector<Cell>>& rows) {
  if (rows.empty()) return {};
  return "<h3>" + marked_up(title) + " <span class=\"warn\">" + number(rows.size()) + "</span></h3>\n" + table_of(heads, rows);
}

std::string sum(std::string_view what, std::size_t some, std::size_t all) {
  const double percent = all == 0 ? 100.0 : 100.0 * static_cast<double>(some) / static_cast<double>(all);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", percent);
  return "<div class=\"sum\"><b>" + std::string(text.data()) + " %</b><span>" + marked_up(what) + ": " + number(some) + " of " +
         number(all) + "</span><div class=\"bar\"><i style=\"width:" + text.data() + "%\"></i></div></div>\n";
}

std::size_t written(const MapCoverage& map) {
  return static_cast<std::size_t>(
      std::count_if(map.targets.begin(), map.targets.end(), [](const TargetLine& line) { return line.written > 0; }));
}

std::string unread(const MapCoverage& map) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& [path, line] : map.source) {
    const std::size_t missed = line.items - line.read - line.dropped;
    if (missed == 0) continue;
    rows.push_back({{path, ""},
                    {number(missed) + " of " + number(line.items), missed == line.items ? "n bad" : "n warn"},
                    {line.example, ""}});
  }
  return section("Source elements never read", {{"element", ""}, {"unread", "n"}, {"first", ""}}, rows);
}

std::string dropped(const MapCoverage& map) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& [path, line] : map.source) {
    if (line.dropped > 0)
      rows.push_back({{path, ""},
                      {number(line.dropped), "n warn"},
                      {line.dropped_by.empty() ? "a type or a list mode" : line.dropped_by, ""}});
  }
  return section("Read, but dropped", {{"element", ""}, {"times", "n"}, {"by", ""}}, rows);
}

std::string codes(const MapCoverage& map) {
  std::vector<std::vector<Cell>> rows;
  for (const CodeLine& code : map.codes) {
    rows.push_back({{code.code, ""},
                    {code.concept_map, ""},
                    {number(code.times), "n"},
                    {code.has_fallback ? "fallback" : "refused", code.has_fallback ? "warn" : "bad"},
                    {code.example, ""}});
  }
  return section("Codes that met no mapping",
                 {{"code", ""}, {"concept map", ""}, {"times", "n"}, {"what became of it", ""}, {"first", ""}}, rows);
}

std::string unwritten(const MapCoverage& map) {
  std::vector<std::vector<Cell>> rows;
  for (const TargetLine& target : map.targets) {
    if (target.written == 0) rows.push_back({{target.path, "bad"}, {number(target.resources), "n"}, {target.profile, ""}});
  }
  return section("Must-support elements never written", {{"element", ""}, {"resources", "n"}, {"profile", ""}}, rows);
}

std::string silent(const MapCoverage& map) {
  std::vector<std::vector<Cell>> rows;
  for (const RuleLine& rule : map.rules) {
    if (rule.fired == 0)
      rows.push_back({{rule.file + ":" + tree::to_string(rule.position), ""}, {rule.path, "bad"}, {number(rule.rejected), "n"}});
  }
  return section("Rules that never fired", {{"place", ""}, {"rule", ""}, {"its where said no", "n"}}, rows);
}

std::string everything(const MapCoverage& map) {
  std::vector<std::vector<Cell>> elements, rules;
  for (const auto& [path, line] : map.source)
    elements.push_back(
        {{path, ""}, {number(line.items), "n"}, {number(line.read), line.read == line.items ? "n good" : "n warn"}});
  for (const RuleLine& rule : map.rules)
    rules.push_back({{rule.file + ":" + tree::to_string(rule.position), ""},
                     {rule.path, ""},
                     {number(rule.fired), "n"},
                     {number(rule.rejected), "n"}});
  return "<details><summary>All source elements</summary>\n" +
         table_of({{"element", ""}, {"items", "n"}, {"read", "n"}}, elements) +
         "</details>\n<details><summary>All rules</summary>\n" +
         table_of({{"place", ""}, {"rule", ""}, {"fired", "n"}, {"its where said no", "n"}}, rules) + "</details>\n";
}

}  // namespace

std::string coverage_html(const std::vector<MapCoverage>& all) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>Map coverage</title>\n" +
      std::string(style) + "</head><body><main>\n<h1>Map coverage</h1>\n" +
      "<p>What the messages of the cases held, what the maps read of it, and what they wrote.</p>\n";
  for (const MapCoverage& map : all) {
    html += "<h2>" + marked_up(map.map) + "</h2>\n<p><code>" + marked_up(map.file) + "</code>, " + number(map.messages) +
            " messages, " + number(map.refused) + " of them refused</p>\n<div class=\"sums\">\n" +
            sum("source elements read", map.source_items_read(), map.source_items()) +
            sum("rules fired", map.rules_fired(), map.rules.size());
    if (!map.targets.empty()) html += sum("must-support elements written", written(map), map.targets.size());
    html += "</div>\n" + unread(map) + dropped(map) + codes(map) + unwritten(map) + silent(map) + everything(map);
  }
  return html + "</main></body></html>\n";
}

}  // namespace vardbron::workbench
