#pragma once

#include "gateway/workbench/case_run.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// Colours and marks of a terminal, or none.
struct Ink {
  bool is_coloured = false;
  std::string green(std::string_view text) const { return dyed(text, "32"); }
  std::string red(std::string_view text) const { return dyed(text, "31"); }
  std::string yellow(std::string_view text) const { return dyed(text, "33"); }
  std::string faint(std::string_view text) const { return dyed(text, "2"); }
  std::string bold(std::string_view text) const { return dyed(text, "1"); }

 private:
  std::string dyed(std::string_view text, std::string_view code) const;
};

/// One case in lines; only failed and blessed ones have more than a name. "" for a case that passed.
std::string in_lines(const CaseResult& result, const Ink& ink, std::size_t findings_max = 20);

/// "57 cases: 55 passed, 1 failed, 1 blessed (31 ms)".
std::string summary(std::span<const CaseResult> results, std::int64_t nanoseconds, const Ink& ink);

/// One row per map with the number of passed cases. "" if there is only one map.
std::string maps_table(std::span<const CaseResult> results, const Ink& ink);

/// JUnit XML for CI systems: a test suite per map, a test case per case.
std::string junit_xml(std::span<const CaseResult> results);

/// Escapes a text for XML and HTML, also in attributes: line ends and tabs stay, and characters that XML 1.0 excludes become '?'.
std::string marked_up(std::string_view text);

/// Text columns of equal width, the last unpadded. Counts characters, not bytes.
std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent = "");

}  // namespace vardbron::workbench
