#pragma once

#include <cstddef>

namespace vardbron::bench {

/// Number of allocations of this program so far. One thread.
std::size_t allocations();

}  // namespace vardbron::bench
