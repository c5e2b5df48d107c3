#pragma once

#include "gateway/mapping/syntax/syntax.h"

#include <string>
#include <string_view>

namespace vardbron::mapping {

/// Prints a map as FML (R5) in one canonical layout: declarations in the order of the grammar, one rule a line if it fits, else
/// broken by groups of targets; comments and single blank lines are kept. Parsing and printing the result gives it again.
std::string print(const syntax::Map& map);

/// Parts on one line, as in a printed map.
std::string print_source(const syntax::Source& source);
std::string print_target(const syntax::Target& target);
std::string print_argument(const syntax::Argument& argument);
std::string print_call(const syntax::Call& call);

/// Quotes and escapes `text`, so that the parser reads it back.
std::string in_quotes(std::string_view text, char quote);
/// An expression with each run of white space outside quotes as one blank.
std::string in_one_line(std::string_view expression);

/// True if two maps are equal except for comments, layout and positions.
bool same(const syntax::Map& a, const syntax::Map& b);

}  // namespace vardbron::mapping
