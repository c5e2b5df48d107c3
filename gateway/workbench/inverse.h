#pragma once

#include "gateway/mapping/syntax/syntax.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// Whether a rule's work can be undone.
struct Verdict {
  enum class Kind : std::uint8_t {
    Inverted,  ///< a rule of the inverse map takes the value back
    Constant,  ///< it writes nothing that came from the message: nothing to take back
    Lost
  };
  Kind kind = Kind::Lost;
  std::string name;      ///< of its rules in the inverse map; unique there
  std::string where;     ///< file:line:column in the map itself
  std::string path;      ///< "group/rule"
  std::string says;      ///< how it is inverted ("copy", "code list"), or why not
  bool filters = false;  ///< what its `where` refuses does not come back
};

struct Inverse {
  mapping::syntax::Map map;
  std::vector<Verdict> rules;  ///< in the order of the map
};

/// Names of rules that must not be inverted, with the reason: what a proof found out.
using Refused = std::map<std::string, std::string, std::less<>>;

/// The map back, rule by rule: copies, casts, prefixes, constants as guards, code lists that are one to one, groups, and lists
/// whose items are kept apart. What the words alone cannot tell (whether two rules write into one list, whether a value keeps its
/// form) takes a proof; prove() below asks again with what it found.
/// `others` are the maps it may import: the groups it calls there, the default groups it may lean on, and what those stand on
/// are turned too and written into the same map, which imports nothing.
Inverse invert(const mapping::syntax::Map& map, const Refused& refused = {},
               std::span<const mapping::syntax::Map* const> others = {});

}  // namespace vardbron::workbench
