#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vardbron {

/// What a sender called something, as a message may repeat it: at most so many bytes of it, cut between characters and marked by
/// "..", as visible() shows it (base/text.h), in one line. UTF-8 out.
std::string excerpt(std::string_view name, std::size_t bytes_max);

}  // namespace vardbron
