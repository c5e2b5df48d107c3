#include "gateway/base/hmac.h"

// As in digest.cpp: the functions of OpenSSL 3 would look their algorithm up at every call.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace vardbron {

namespace {
constexpr std::size_t block_bytes = 64;
constexpr std::uint8_t inner_pad = 0x36, outer_pad = 0x5C;
}  // namespace

struct HmacKey::States {
  SHA256_CTX inner, outer;
};

HmacKey::HmacKey(std::string_view key) : states_(std::make_unique<States>()) {
  std::array<std::uint8_t, block_bytes> block{};
  if (key.size() > block_bytes) {
    const Sha256 digest = sha256(key);
    std::copy(digest.begin(), digest.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  for (std::uint8_t& byte : block) byte ^= inner_pad;
  SHA256_Init(&states_->inner);
  SHA256_Update(&states_->inner, block.data(), block.size());
  for (std::uint8_t& byte : block) byte ^= inner_pad ^ outer_pad;
  SHA256_Init(&states_->outer);
  SHA256_Update(&states_->outer, block.data(), block.size());
}

HmacKey::~HmacKey() = default;
HmacKey::HmacKey(HmacKey&&) noexcept = default;

Sha256 HmacKey::sign(std::string_view bytes) const {
  Sha256 digest;
  SHA256_CTX state = states_->inner;
  SHA256_Update(&state, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &state);
  state = states_->outer;
  SHA256_Update(&state, digest.data(), digest.size());
  SHA256_Final(digest.data(), &state);
  return digest;
}

}  // namespace vardbron
