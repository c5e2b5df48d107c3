#pragma once

// Tested by tests/mapping/arguments_test.cpp.

#include "gateway/mapping/compile/program.h"

#include <span>
#include <string_view>

namespace vardbron::mapping {

/// One part of the structure that cc, c, id, cp or qty creates; listed after its parent.
struct StructurePart {
  Index parent = nothing;  ///< index of a part; nothing: the structure itself
  tree::NameId KnownNames::*name = nullptr;
  std::string_view text_of_name;
  Index argument = nothing;   ///< the argument with its text; nothing: a part with parts, created if one of them has a text
  std::string_view constant;  ///< written instead of the argument's text, if that is not empty
  tree::Kind kind = tree::Kind::String;
  bool repeats = false;
};

/// A quantity's comparator is no argument: it is parsed from a quantity given as one text.
inline constexpr Index comparator_argument = 4;
inline constexpr Index structure_texts = 5;

/// The parts of a structure for that number of arguments; a single argument of cp and qty is parsed first. Source: FHIR R4
/// valueset-map-transform, with the rules of mappings/LANGUAGE.md. Empty for other operations.
std::span<const StructurePart> structure_parts(Operation operation, Index arguments);

}  // namespace vardbron::mapping
