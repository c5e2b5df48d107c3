#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vardbron {

/// What a sender called something, as a message may repeat it: at most so many bytes, cut between characters and marked by "..",
/// control characters as '?'. UTF-8 in, UTF-8 out.
std::string excerpt(std::string_view name, std::size_t bytes_max);

}  // namespace vardbron
