#pragma once

#include "gateway/base/digest.h"

#include <array>
#include <cstdint>
#include <optional>

namespace vardbron::store {

/// A number of 256 bits, modulo 2^256.
struct Wide {
  std::array<std::uint64_t, 4> words{};  ///< the least first

  static Wide from(const Sha256& bytes);
  Wide& operator+=(const Wide& other);
  Wide& operator-=(const Wide& other);
  Wide times(std::uint64_t factor) const;
  bool is_zero() const { return *this == Wide{}; }
  bool operator==(const Wide&) const = default;
};

/// The one number of 64 bits by which `number` must be multiplied to give `product`; nothing when there is none, or more than
/// one.
std::optional<std::uint64_t> quotient(const Wide& product, const Wide& number);

}  // namespace vardbron::store
