#pragma once

#include <cstdint>

namespace vardbron {

/// Source of random numbers, for jitter, UUIDs, tokens. Production: SystemRandom. Tests: SeededRandom.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  /// Even chance for each of 0 .. bound-1; bound is at least 1.
  std::uint64_t below(std::uint64_t bound);
};

/// The kernel's generator. Any thread.
class SystemRandom final : public Random {
 public:
  std::uint64_t next() override;
};

/// The same numbers for the same seed on every machine (splitmix64). One thread.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

}  // namespace vardbron
