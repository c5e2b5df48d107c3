#include "gateway/workbench/report.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace vardbron::workbench {

namespace {

std::string milliseconds(std::int64_t nanoseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(nanoseconds) / 1e6);
  return text;
}

std::string title_of(const Finding& finding) {
  using enum Finding::Kind;
  switch (finding.kind) {
    case Difference: return finding.where + " " + finding.says;
    case Assertion: return "assertion " + finding.where + ": " + finding.says;
    case Refusal: return finding.expected.empty() ? "refused: " + finding.says : finding.says;
    case Acceptance: return finding.says;
    case Shape: return "the output is not right: " + finding.where + ": " + finding.says;
    case Unsteady: return finding.says;
    case Case: return finding.where + ": " + finding.says;
  }
  return finding.says;
}

void add_finding(std::string& lines, const Finding& finding, const Ink& ink) {
  lines += "    " + visible(title_of(finding)) + "\n";
  if (finding.kind == Finding::Kind::Refusal && finding.expected.empty() && !finding.where.empty())
    lines += "      " + ink.faint("at        ") + visible(trim(finding.where)) + "\n";
  if (!finding.expected.empty()) lines += "      " + ink.faint("expected  ") + ink.green(visible(finding.expected)) + "\n";
  if (!finding.found.empty()) lines += "      " + ink.faint("found     ") + ink.red(visible(finding.found)) + "\n";
  if (!finding.rule.empty()) lines += "      " + ink.faint("by        ") + finding.rule + "\n";
}

std::size_t count(std::span<const CaseResult> results, CaseResult::End end) {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(), [&](const CaseResult& each) { return each.end == end; }));
}

}  // namespace

std::string Ink::dyed(std::string_view text, std::string_view code) const {
  if (!is_coloured) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string in_lines(const CaseResult& result, const Ink& ink, std::size_t findings_max) {
  if (result.end == CaseResult::End::Passed) return {};
  const bool is_blessed = result.end == CaseResult::End::Blessed;
  std::string lines = (is_blessed ? ink.yellow("blessed ") : ink.red("FAILED  ")) + ink.bold(result.name) + "\n";
  for (std::size_t at = 0; at < result.findings.size() && at < findings_max; ++at) add_finding(lines, result.findings[at], ink);
  if (result.findings.size() > findings_max)
    lines += "    and " + std::to_string(result.findings.size() - findings_max) + " more (--junit FILE writes them to a file)\n";
  if (is_blessed) lines += "      " + ink.faint("written   ") + result.written.string() + "\n";
  return lines;
}

std::string summary(std::span<const CaseResult> results, std::int64_t nanoseconds, const Ink& ink) {
  const std::size_t failed = count(results, CaseResult::End::Failed), blessed = count(results, CaseResult::End::Blessed);
  const std::size_t passed = results.size() - failed - blessed;
  std::string text = ink.bold(std::to_string(results.size()) + (results.size() == 1 ? " case: " : " cases: "));
  text += ink.green(std::to_string(passed) + " passed");
  if (failed > 0) text += ", " + ink.red(std::to_string(failed) + " failed");
  if (blessed > 0) text += ", " + ink.yellow(std::to_string(blessed) + " blessed");
  return text + " " + ink.faint("(" + milliseconds(nanoseconds) + ")") + "\n";
}

std::string maps_table(std::span<const CaseResult> results, const Ink& ink) {
  struct Sums {
    std::size_t cases = 0, failed = 0;
    std::int64_t nanoseconds = 0;
  };
  std::map<std::string, Sums> maps;
  for (const CaseResult& each : results) {
    Sums& sums = maps[each.map.empty() ? "(no map)" : each.map];
    ++sums.cases;
    sums.failed += each.end == CaseResult::End::Failed ? 1 : 0;
    sums.nanoseconds += each.nanoseconds;
  }
  if (maps.size() < 2) return {};
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, sums] : maps) {
    const std::string passed = std::to_string(sums.cases - sums.failed) + " of " + std::to_string(sums.cases) + " passed";
    rows.push_back({name, sums.failed == 0 ? ink.green(passed) : ink.red(passed), milliseconds(sums.nanoseconds)});
  }
  return table(rows);
}

std::string marked_up(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      case '\t': out += "&#9;"; break;
      case '\r': out += "&#13;"; break;
      // Source: XML 1.0, 2.2: other control characters are not allowed, not even as a reference.
      default: out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return out;
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent) {
  std::vector<std::size_t> widths;
  for (const std::vector<std::string>& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], characters_in(row[at]));
  }
  std::string text;
  for (const std::vector<std::string>& row : rows) {
    text += indent;
    for (std::size_t at = 0; at < row.size(); ++at) {
      text += row[at];
      if (at + 1 < row.size()) text += std::string(widths[at] - characters_in(row[at]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

}  // namespace vardbron::workbench
