#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// Differences caused by one rule.
struct ComparisonGroup {
  std::string rule;  ///< "file:line:column (group/rule)" of the new map, of the old one if the new writes nothing, or a word
  bool is_old = false;
  std::size_t count = 0, messages = 0;
  std::vector<std::string> examples;  ///< "message: path: expected 'a', found 'b'"
};

/// Compares an old and a new map on the same messages. The definitions and maps must outlive it.
class MapComparison {
 public:
  struct Side {
    const mapping::Map& map;
    const fhir::Definitions& definitions;
  };
  MapComparison(Side before, Side after, const mapping::CivilZone* zone, std::size_t examples_max);

  /// Adds one message, parsed with the names of either side.
  void compare(const std::string& name, const tree::Document& before, const tree::Document& after);

  std::size_t messages() const { return messages_; }
  std::size_t refused() const { return refused_; }  ///< by both maps
  std::size_t changed() const { return changed_; }  ///< messages with a different output
  /// The largest first.
  std::vector<ComparisonGroup> groups() const;

 private:
  void add(const std::string& rule, bool is_old, const std::string& name, const std::string& example);

  Side before_, after_;
  const mapping::CivilZone* zone_;
  std::size_t examples_max_, messages_ = 0, changed_ = 0, refused_ = 0;
  std::map<std::string, ComparisonGroup> groups_;
  std::map<std::string, std::string> last_message_;  ///< by rule
};

}  // namespace vardbron::workbench
