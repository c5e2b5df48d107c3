#pragma once

#include "gateway/mapping/syntax/syntax.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// One step of the way back: an element of the old target that is read.
struct Level {
  std::vector<mapping::syntax::Name> path;
  std::string type;   ///< filter, or ""
  std::string where;  ///< guard, or ""
  std::string alias;
};

/// Where a value of the old source stands in the old target, and what makes the old value of it.
struct InversePath {
  std::vector<Level> levels;      ///< the last one is the value
  mapping::syntax::Target value;  ///< its path is still to be filled in
  std::string how;                ///< "copy", "code list" ..
};

/// Reads the targets of one rule backwards.
class InversePaths {
 public:
  InversePaths(const mapping::syntax::Map& map, const mapping::syntax::Rule& rule);

  /// Where a variable's value went. `fresh` names the variable that reads it. nullopt: nowhere it can be read again; `why` says.
  std::optional<InversePath> find(std::string_view variable, const std::string& fresh, std::string& why) const;
  /// The way to an element this rule makes, from a variable it does not make. Empty when there is none.
  std::vector<Level> way_to(std::string_view alias) const;
  bool makes(std::string_view variable) const;

 private:
  struct Conversion {
    mapping::syntax::Target value;
    std::string where, how;
  };
  std::optional<Conversion> convert(const mapping::syntax::Target& target, std::string_view variable, const std::string& fresh,
                                    std::string& why) const;
  std::optional<Conversion> convert(const mapping::syntax::Argument& argument, std::string_view variable,
                                    const std::string& fresh, std::string& why) const;
  std::optional<InversePath> carry(const mapping::syntax::Target& target, std::string_view variable, const std::string& fresh,
                                   std::string& why) const;
  std::optional<std::string> constant(const mapping::syntax::Argument& argument) const;
  std::optional<std::string> constant(const mapping::syntax::Expression& expression) const;
  std::string guard_of(std::string_view alias) const;
  const mapping::syntax::Target* maker_of(std::string_view alias) const;
  bool is_one_to_one(std::string_view concept_map, std::string& why) const;

  const mapping::syntax::Map& map_;
  const mapping::syntax::Rule& rule_;
};

/// A primitive type's name, such as code or dateTime; "" is none.
bool is_primitive_name(std::string_view type);

}  // namespace vardbron::workbench
