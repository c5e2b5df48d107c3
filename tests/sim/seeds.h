#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace vardbron::sim {

/// Calls `walk(seed)` for the seeds 1 .. count and stops at the first that fails, naming it. VARDBRON_SEED=N in the environment
/// repeats one seed alone, VARDBRON_SEEDS=N walks that many instead.
template <class Walk>
void for_each_seed(std::uint64_t count, Walk walk) {
  const char* only = std::getenv("VARDBRON_SEED");
  const char* many = std::getenv("VARDBRON_SEEDS");
  if (many != nullptr) count = std::stoull(many);
  std::uint64_t first = only != nullptr ? std::stoull(only) : 1;
  std::uint64_t last = only != nullptr ? first : count;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("repeat with VARDBRON_SEED=" + std::to_string(seed));
    walk(seed);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace vardbron::sim
