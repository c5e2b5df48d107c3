// Tested by tests/workbench/coverage_test.cpp.

#include "gateway/workbench/coverage.h"

#include <algorithm>

namespace vardbron::workbench {

namespace {

struct Record {
  std::map<std::uint32_t, std::uint64_t> lines;  // hit count of each
  std::vector<std::pair<std::string, const RuleLine*>> rules;
};

std::string to_text(const std::string& file, const Record& record) {
  std::string text = "TN:vardbron\nSF:" + file + "\n";
  for (const auto& [name, rule] : record.rules) text += "FN:" + std::to_string(rule->position.line) + "," + name + "\n";
  std::size_t fired = 0;
  for (const auto& [name, rule] : record.rules) {
    text += "FNDA:" + std::to_string(rule->fired) + "," + name + "\n";
    fired += rule->fired > 0 ? 1 : 0;
  }
  if (!record.rules.empty()) text += "FNF:" + std::to_string(record.rules.size()) + "\nFNH:" + std::to_string(fired) + "\n";
  std::size_t hit = 0;
  for (const auto& [line, times] : record.lines) {
    text += "DA:" + std::to_string(line) + "," + std::to_string(times) + "\n";
    hit += times > 0 ? 1 : 0;
  }
  return text + "LF:" + std::to_string(record.lines.size()) + "\nLH:" + std::to_string(hit) + "\nend_of_record\n";
}

}  // namespace

// A rule is a function and its line; the hit count of a message's line is the number of read elements that begin there.
std::string coverage_lcov(const std::vector<MapCoverage>& all) {
  std::map<std::string, Record> records;
  for (const MapCoverage& map : all) {
    for (const RuleLine& rule : map.rules) {
      Record& record = records[rule.file];
      record.lines[rule.position.line] += rule.fired;
      record.rules.emplace_back(rule.path, &rule);
    }
    for (const auto& [file, lines] : map.lines) {
      for (const auto& [line, counts] : lines) records[file].lines[line] += counts.second;
    }
  }
  std::string text;
  for (const auto& [file, record] : records) text += to_text(file, record);
  return text;
}

}  // namespace vardbron::workbench
