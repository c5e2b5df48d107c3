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

/// All items of one element in the messages.
struct SourceLine {
  std::size_t items = 0, read = 0;  ///< the rest of the items is unread or dropped
  std::size_t dropped = 0;          ///< rejected by a where, a type or a list mode, and not read otherwise
  std::string example;              ///< "file:line:column" of the first item that was not read
  std::string dropped_by;           ///< the first rule whose where rejected it
};

struct RuleLine {
  std::string file, path;
  tree::Position position;
  std::uint64_t fired = 0, rejected = 0;
};

/// A code that a concept map does not list.
struct CodeLine {
  std::string concept_map, code, rule, example;
  bool has_fallback = false;  ///< the concept map has a rule for unlisted codes; else the message was refused
  std::size_t times = 0;
};

/// A must-support element of a profile.
struct TargetLine {
  std::string profile, path;
  std::size_t resources = 0, written = 0;  ///< resources of the profile, and those with the element
};

/// Coverage of one map by its messages.
struct MapCoverage {
  std::string map, file;
  std::size_t messages = 0, refused = 0;
  std::map<std::string, SourceLine> source;  ///< by path without indexes: "Notice.item.phone"
  std::vector<RuleLine> rules;               ///< by file and line; a rule that is compiled for several types is one
  std::vector<CodeLine> codes;
  std::vector<TargetLine> targets;
  /// Per line of the messages: the number of elements that begin there, and of those read.
  std::map<std::string, std::map<std::uint32_t, std::pair<std::size_t, std::size_t>>> lines;

  std::size_t rules_fired() const;
  std::size_t source_items() const;
  std::size_t source_items_read() const;
};

/// Sums the marks of runs per map: both directions of coverage. One thread.
class Coverage {
 public:
  /// `profiles` define the must-support elements.
  explicit Coverage(std::vector<Profile> profiles = {}) : profiles_(std::move(profiles)) {}

  mapping::Marks& marks_of(const mapping::Map& map);
  /// Adds the last run with these marks. `output` is null if the message was refused.
  void take(const mapping::Map& map, const std::filesystem::path& file, const tree::Document& source,
            const tree::Document* output);
  /// One entry per map that was run, in the order of first use.
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

/// The rules of a run, one line per place in the map's text.
std::vector<RuleLine> rule_lines(const mapping::Map& map, const mapping::Marks& marks);

/// For a terminal; covered elements are only counted.
std::string coverage_text(const std::vector<MapCoverage>& all);
/// One self-contained page.
std::string coverage_html(const std::vector<MapCoverage>& all);
/// LCOV's tracefile format, for editors and CI systems: rules of maps and lines of messages as lines.
std::string coverage_lcov(const std::vector<MapCoverage>& all);

}  // namespace vardbron::workbench
