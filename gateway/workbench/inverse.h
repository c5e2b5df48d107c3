#pragma once

#include "gateway/mapping/syntax/syntax.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// Whether a rule can be inverted.
struct Verdict {
  enum class Kind : std::uint8_t {
    Inverted,  ///< a rule of the inverse map restores the value
    Constant,  ///< it writes nothing from the message
    Lost
  };
  Kind kind = Kind::Lost;
  std::string name;      ///< of its rules in the inverse map; unique there
  std::string where;     ///< file:line:column in the map itself
  std::string path;      ///< "group/rule"
  std::string says;      ///< how it is inverted ("copy", "code list"), or why not
  bool filters = false;  ///< elements rejected by its `where` are lost
};

struct Inverse {
  mapping::syntax::Map map;
  std::vector<Verdict> rules;  ///< in the order of the map
};

/// Names of rules that must not be inverted, with the reason: results of prove().
using Refused = std::map<std::string, std::string, std::less<>>;

/// The inverse map, rule by rule: copies, casts, prefixes, constants as guards, code lists that are one to one, groups, and lists
/// whose items stay separate. Whether two rules write into one list, or a value keeps its form, is only known by a proof: prove()
/// calls this again with its results as `refused`. `others` are the maps it may import: the groups it calls there, the default
/// groups it may use, and their dependencies are inverted into the same map, which has no imports.
Inverse invert(const mapping::syntax::Map& map, const Refused& refused = {},
               std::span<const mapping::syntax::Map* const> others = {});

}  // namespace vardbron::workbench
