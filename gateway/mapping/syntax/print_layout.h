#pragma once

#include "gateway/mapping/syntax/syntax.h"

#include <cstddef>
#include <string>
#include <string_view>

/// Line breaking of printed maps.
namespace vardbron::mapping {

inline constexpr std::size_t width_max = 130;

/// A text that begins in that column and leaves `tail` columns on its last line. What is too long continues on the next line,
/// indented by `margin`: after `=`, before a clause or an operator, after a comma, at the outermost parentheses possible, never
/// in quotes.
struct Fold {
  std::size_t column = 0, margin = 0, tail = 0;
};
std::string folded(std::string_view text, Fold fold);

/// Sources, targets and `then` of a rule that is too long for one line, from after its indentation. Targets that build on each
/// other (`bundle.entry as entry, entry.resource = ..`) share lines, as many as fit; others begin a line.
std::string in_lines(const syntax::Rule& rule, const std::string& then, std::size_t indent, std::size_t tail);

}  // namespace vardbron::mapping
