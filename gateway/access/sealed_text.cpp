#include "gateway/access/sealed_text.h"

#include "gateway/base/check.h"
#include "gateway/base/digest.h"

#include <openssl/evp.h>

#include <memory>

namespace vardbron::access {

namespace {

constexpr std::size_t nonce_bytes = 12, tag_bytes = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }
const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }
int length_of(std::string_view text) { return static_cast<int>(text.size()); }

}  // namespace

SealedText::SealedText(Random& random) : random_(random) { fill(key_.data(), key_.size()); }

void SealedText::fill(std::uint8_t* bytes, std::size_t count) const {
  for (std::size_t at = 0; at < count; ++at) bytes[at] = static_cast<std::uint8_t>(random_.below(256));
}

std::string SealedText::seal(std::string_view text, std::string_view purpose) const {
  std::string sealed(nonce_bytes + text.size() + tag_bytes, '\0');
  fill(bytes_of(sealed), nonce_bytes);
  Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int written = 0;
  bool done = EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes_of(sealed)) == 1;
  done = done && EVP_EncryptUpdate(cipher.get(), nullptr, &written, bytes_of(purpose), length_of(purpose)) == 1;
  done = done && EVP_EncryptUpdate(cipher.get(), bytes_of(sealed) + nonce_bytes, &written, bytes_of(text), length_of(text)) == 1;
  done = done && EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed) + nonce_bytes + text.size(), &written) == 1;
  done = done &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, bytes_of(sealed) + nonce_bytes + text.size()) == 1;
  CHECK(done);
  return to_hex(sealed);
}

std::optional<std::string> SealedText::open(std::string_view sealed, std::string_view purpose) const {
  std::optional<std::string> bytes = from_hex(sealed);
  if (!bytes || bytes->size() < nonce_bytes + tag_bytes) return std::nullopt;
  std::string text(bytes->size() - nonce_bytes - tag_bytes, '\0');
  const std::string_view closed = std::string_view(*bytes).substr(nonce_bytes, text.size());
  Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int written = 0;
  bool opened = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes_of(*bytes)) == 1;
  opened = opened && EVP_DecryptUpdate(cipher.get(), nullptr, &written, bytes_of(purpose), length_of(purpose)) == 1;
  opened = opened && EVP_DecryptUpdate(cipher.get(), bytes_of(text), &written, bytes_of(closed), length_of(closed)) == 1;
  opened = opened &&
           EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, bytes->data() + nonce_bytes + text.size()) == 1;
  opened = opened && EVP_DecryptFinal_ex(cipher.get(), bytes_of(text) + text.size(), &written) == 1;
  if (!opened) return std::nullopt;
  return text;
}

}  // namespace vardbron::access
