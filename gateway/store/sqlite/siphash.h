#pragma once

// Tested by tests/store/sqlite/pack_test.cpp.

#include <cstdint>
#include <string_view>

namespace vardbron::store {

/// SipHash-2-4 (Aumasson, Bernstein 2012): a 64-bit hash of a text that cannot be chosen without the key.
struct SipKey {
  std::uint64_t low = 0, high = 0;
};
std::uint64_t sip_hash(const SipKey& key, std::string_view text);

}  // namespace vardbron::store
