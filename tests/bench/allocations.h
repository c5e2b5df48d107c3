#pragma once

#include <cstddef>

namespace vardbron::bench {

/// How often this program has asked for memory so far. One thread.
std::size_t allocations();

}  // namespace vardbron::bench
