#pragma once

#include "gateway/mapping/syntax/syntax.h"

#include <string>
#include <string_view>

namespace vardbron::mapping {

/// A map as FML text (R5) in the one layout of this house: declarations in the order of the grammar, one rule a line where it
/// fits, else in lines of what belongs together; comments and single blank lines are kept. Printing what was parsed from it gives
/// it again.
std::string print(const syntax::Map& map);

/// Parts in one line, as they stand in a printed map.
std::string print_source(const syntax::Source& source);
std::string print_target(const syntax::Target& target);
std::string print_argument(const syntax::Argument& argument);
std::string print_call(const syntax::Call& call);

/// `text` in quotes of that kind, so that the parser reads it back.
std::string in_quotes(std::string_view text, char quote);
/// An expression with each run of blanks and line ends outside quotes as one blank.
std::string in_one_line(std::string_view expression);

/// True when two maps say the same: everything but comments, layout and places in the text.
bool same(const syntax::Map& a, const syntax::Map& b);

}  // namespace vardbron::mapping
