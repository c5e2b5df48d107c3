#include "gateway/base/random.h"

#include "gateway/base/check.h"

#include <sys/random.h>

namespace vardbron {

std::uint64_t Random::below(std::uint64_t bound) {
  CHECK(bound >= 1);
  // Numbers above the last full multiple of bound would make small results more likely; draw again.
  const std::uint64_t fair = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t drawn = next();
  while (drawn >= fair) drawn = next();
  return drawn % bound;
}

std::uint64_t SystemRandom::next() {
  std::uint64_t value = 0;
  CHECK(getrandom(&value, sizeof value, 0) == sizeof value);
  return value;
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

}  // namespace vardbron
