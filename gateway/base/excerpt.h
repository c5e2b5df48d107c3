#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vardbron {

/// A sender's name for something, in a form that an answer may repeat: at most so many bytes, cut between characters and marked
/// by "..", as visible() returns it (base/text.h), in one line. UTF-8 out.
std::string excerpt(std::string_view name, std::size_t bytes_max);

/// The shape of a value that must not be repeated: 9 for a digit, A and a for letters, everything else as it is; at most so many
/// characters, then "..". Control characters as '?'. UTF-8 in, ASCII out: a character beyond it is a letter.
std::string shape_of(std::string_view value, std::size_t characters_max);

}  // namespace vardbron
