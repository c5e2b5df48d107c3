#include "gateway/base/digest.h"

#include "gateway/base/check.h"
#include "gateway/base/utf8.h"

// OpenSSL 3 prefers functions that look their algorithm up by name at every call, which costs more than to hash a kilobyte.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace vardbron {

namespace {
const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }
}  // namespace

Sha256 sha256(std::string_view bytes) {
  Sha256 digest;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &state);
  return digest;
}

std::array<std::uint8_t, 20> sha1(std::initializer_list<std::string_view> parts) {
  std::array<std::uint8_t, 20> digest;
  SHA_CTX state;
  SHA1_Init(&state);
  for (const std::string_view part : parts) SHA1_Update(&state, part.data(), part.size());
  SHA1_Final(digest.data(), &state);
  return digest;
}

bool equal_in_constant_time(const Sha256& left, const Sha256& right) {
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (char byte : bytes) {
    auto value = static_cast<std::uint8_t>(byte);
    text += digits[value >> 4];
    text += digits[value & 15];
  }
  return text;
}

std::string to_hex(const Sha256& digest) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const int high = hex_value(text[at]), low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  // EVP_EncodeBlock ends with a NUL, for which std::string has room after its last character.
  int length = EVP_EncodeBlock(reinterpret_cast<std::uint8_t*>(text.data()), bytes_of(bytes), static_cast<int>(bytes.size()));
  CHECK(length >= 0 && static_cast<std::size_t>(length) == text.size());
  return text;
}

}  // namespace vardbron
