// Tested by tests/workbench/report_test.cpp.

#include "gateway/workbench/report.h"

#include <cstdio>
#include <map>

namespace vardbron::workbench {

namespace {

std::string seconds(std::int64_t nanoseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(nanoseconds) / 1e9);
  return text;
}

struct Suite {
  std::vector<const CaseResult*> cases;
  std::size_t failures = 0;
  std::int64_t nanoseconds = 0;
};

std::string counts(std::string_view name, std::size_t tests, std::size_t failures, std::int64_t nanoseconds) {
  return " name=\"" + marked_up(name) + "\" tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
         "\" errors=\"0\" skipped=\"0\" time=\"" + seconds(nanoseconds) + "\"";
}

std::string test_case(const CaseResult& result) {
  const std::string map = result.map.empty() ? "(no map)" : result.map;
  std::string xml = "    <testcase classname=\"" + marked_up(map) + "\" name=\"" + marked_up(result.name) + "\" time=\"" +
                    seconds(result.nanoseconds) + "\"";
  if (result.end != CaseResult::End::Failed) return xml + "/>\n";
  const std::string first = result.findings.front().where + " " + result.findings.front().says;
  const std::string all = in_lines(result, Ink{}, 1000);
  return xml + ">\n      <failure message=\"" + marked_up(first) + "\">" + marked_up(all) + "</failure>\n    </testcase>\n";
}

}  // namespace

std::string junit_xml(std::span<const CaseResult> results) {
  std::map<std::string, Suite> suites;
  Suite all;
  for (const CaseResult& each : results) {
    for (Suite* suite : {&suites[each.map.empty() ? "(no map)" : each.map], &all}) {
      suite->cases.push_back(&each);
      suite->failures += each.end == CaseResult::End::Failed ? 1 : 0;
      suite->nanoseconds += each.nanoseconds;
    }
  }
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    counts("vardbron test", all.cases.size(), all.failures, all.nanoseconds) + ">\n";
  for (const auto& [name, suite] : suites) {
    xml += "  <testsuite" + counts(name, suite.cases.size(), suite.failures, suite.nanoseconds) + ">\n";
    for (const CaseResult* each : suite.cases) xml += test_case(*each);
    xml += "  </testsuite>\n";
  }
  return xml + "</testsuites>\n";
}

}  // namespace vardbron::workbench
