#pragma once

// Tested by tests/workbench/inverse_test.cpp.

#include "gateway/mapping/syntax/syntax.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// One step of an inverse path: an element of the old target that is read.
struct Level {
  std::vector<mapping::syntax::Name> path;
  std::string type;   ///< filter, or ""
  std::string where;  ///< guard, or ""
  std::string alias;
};

/// Where a value of the old source is in the old target, and the transform that restores it.
struct InversePath {
  std::vector<Level> levels;      ///< the last one is the value
  mapping::syntax::Target value;  ///< its path is filled in later
  std::string how;                ///< "copy", "code list" ..
};

/// Inverts the targets of one rule.
class InversePaths {
 public:
  InversePaths(const mapping::syntax::Map& map, const mapping::syntax::Rule& rule);

  /// The path to a variable's value. `fresh` is the name of the variable that reads it. nullopt: it cannot be read again; `why`
  /// has the reason.
  std::optional<InversePath> find(std::string_view variable, const std::string& fresh, std::string& why) const;
  /// The path to an element that this rule creates, from a variable that it does not create. Empty if there is none.
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

/// True for a primitive type's name, such as code or dateTime.
bool is_primitive_name(std::string_view type);

}  // namespace vardbron::workbench
