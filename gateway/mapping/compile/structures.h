#pragma once

#include "gateway/mapping/compile/program.h"

#include <span>
#include <string_view>

namespace vardbron::mapping {

/// One part of what cc, c, id, cp or qty makes; behind the part it stands in.
struct StructurePart {
  Index parent = nothing;  ///< place among the parts; nothing: the structure itself
  tree::NameId KnownNames::*name = nullptr;
  std::string_view text_of_name;
  Index argument = nothing;   ///< whose text it holds; nothing: a part with parts, made where one of them has a text
  std::string_view constant;  ///< what it holds instead, where the argument has a text
  tree::Kind kind = tree::Kind::String;
  bool repeats = false;
};

/// A quantity's comparator is not among the arguments: it comes from a quantity that was given as one text.
inline constexpr Index comparator_argument = 4;
inline constexpr Index structure_texts = 5;

/// The parts of a structure that is given so many arguments, where a single one of cp and qty has been taken apart before.
/// Source: FHIR R4 valueset-map-transform, with the rules of mappings/LANGUAGE.md. Empty for other operations.
std::span<const StructurePart> structure_parts(Operation operation, Index arguments);

}  // namespace vardbron::mapping
