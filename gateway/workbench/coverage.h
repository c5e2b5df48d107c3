#pragma once

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/profile.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::workbench {

/// An element of the messages, all its items together.
struct SourceLine {
  std::size_t items = 0, read = 0;  ///< the rest of the items is unread or dropped
  std::size_t dropped = 0;          ///< looked at, but a where, a type or a list mode said no, and nothing else took it
  std::string example;              ///< "file:line:column" of the first item that was not read
  std::string dropped_by;           ///< the rule whose where said no first
};

struct RuleLine {
  std::string file, path;
  tree::Position position;
  std::uint64_t fired = 0, rejected = 0;
};

/// A code that no row of a concept map lists.
struct CodeLine {
  std::string concept_map, code, rule, example;
  bool has_fallback = false;  ///< the concept map says what becomes of it; else the message was refused
  std::size_t times = 0;
};

/// An element that a profile says must be supported.
struct TargetLine {
  std::string profile, path;
  std::size_t resources = 0, written = 0;  ///< resources of the profile, and how many of them had the element
};

/// What the messages given to one map touched.
struct MapCoverage {
  std::string map, file;
  std::size_t messages = 0, refused = 0;
  std::map<std::string, SourceLine> source;  ///< by path without places: "Notice.item.phone"
  std::vector<RuleLine> rules;               ///< by file and line; a rule that is compiled for several types is one
  std::vector<CodeLine> codes;
  std::vector<TargetLine> targets;
  /// Lines of the messages: how many elements began there, and how many of them were read.
  std::map<std::string, std::map<std::uint32_t, std::pair<std::size_t, std::size_t>>> lines;

  std::size_t rules_fired() const;
  std::size_t source_items() const;
  std::size_t source_items_read() const;
};

/// Sums what runs touched, map by map: both directions of coverage. One thread.
///   environment.marks = &coverage.marks_of(map);  run;  coverage.take(map, file, source, &output);
class Coverage {
 public:
  /// `profiles` say which elements must be supported.
  explicit Coverage(std::vector<Profile> profiles = {}) : profiles_(std::move(profiles)) {}

  mapping::Marks& marks_of(const mapping::Map& map);
  /// The last run with these marks. `output` is null where the message was refused.
  void take(const mapping::Map& map, const std::filesystem::path& file, const tree::Document& source,
            const tree::Document* output);
  /// One entry a map that was run, in the order in which they came.
  std::vector<MapCoverage> result() const;

 private:
  struct Entry {
    const mapping::Map* map;
    mapping::Marks marks;
    MapCoverage sums;
  };
  Entry& entry_of(const mapping::Map& map);

  std::vector<Profile> profiles_;
  std::deque<Entry> entries_;
};

/// The rules of a run of marks, one line each for what stands at one place.
std::vector<RuleLine> rule_lines(const mapping::Map& map, const mapping::Marks& marks);

/// For a terminal; what is well covered is only counted.
std::string coverage_text(const std::vector<MapCoverage>& all);
/// One page that needs nothing else.
std::string coverage_html(const std::vector<MapCoverage>& all);
/// LCOV's tracefile format: rules of maps and lines of messages as lines, so that editors and CI systems colour them.
std::string coverage_lcov(const std::vector<MapCoverage>& all);

}  // namespace vardbron::workbench
