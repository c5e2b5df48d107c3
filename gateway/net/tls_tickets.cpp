#include "gateway/net/tls_tickets.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace vardbron::net {

namespace {

void wipe(TicketKeys::Key& key) { OPENSSL_cleanse(&key, sizeof key); }

bool is_named(const TicketKeys::Key& key, std::string_view name) {
  return name.size() == key.name.size() && std::memcmp(name.data(), key.name.data(), name.size()) == 0;
}

// Index of the keys in OpenSSL's context.
int keys_place() {
  static const int place = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return place;
}

bool set_mac(EVP_MAC_CTX* mac, TicketKeys::Key& key) {
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
                                   OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

// OpenSSL's callback for each ticket. -1: failed. 0: no ticket, or none that can be decrypted: full handshake. 1: encrypted. 2:
// decrypted, and the caller gets another ticket, since each is used once.
int on_ticket(SSL* tls, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int is_sealing) {
  auto* keys = static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), keys_place()));
  if (SSL_version(tls) < TLS1_3_VERSION) return 0;
  const Instant now = RealClock().now();
  if (is_sealing != 0) {
    TicketKeys::Key key = keys->sealing(now);
    std::copy(key.name.begin(), key.name.end(), name);
    const bool sealed = RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1 &&
                        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) == 1 && set_mac(mac, key);
    wipe(key);
    return sealed ? 1 : -1;
  }
  std::optional<TicketKeys::Key> key =
      keys->opening(std::string_view(reinterpret_cast<const char*>(name), TicketKeys::name_bytes), now);
  if (!key) return 0;
  const bool opened = set_mac(mac, *key) && EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), iv) == 1;
  wipe(*key);
  return opened ? 2 : -1;
}

}  // namespace

TicketKeys::TicketKeys(Random& random, Instant now)
    : random_(random), current_(make()), current_until_(now + 2 * limits::tls_ticket_key_time), previous_until_(now) {}

TicketKeys::~TicketKeys() {
  wipe(current_);
  wipe(previous_);
}

TicketKeys::Key TicketKeys::sealing(Instant now) {
  std::lock_guard lock(guard_);
  rotate(now);
  return current_;
}

std::optional<TicketKeys::Key> TicketKeys::opening(std::string_view name, Instant now) {
  std::lock_guard lock(guard_);
  rotate(now);
  if (is_named(current_, name)) return current_;
  if (now < previous_until_ && is_named(previous_, name)) return previous_;
  return std::nullopt;
}

void TicketKeys::rotate(Instant now) {
  if (previous_until_ <= now) wipe(previous_);
  if (now + limits::tls_ticket_key_time < current_until_) return;
  previous_ = current_;
  previous_until_ = current_until_;
  current_ = make();
  current_until_ = now + 2 * limits::tls_ticket_key_time;
}

TicketKeys::Key TicketKeys::make() {
  Key key;
  const auto fill = [this](auto& bytes) {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_.below(256));
  };
  fill(key.name);
  fill(key.cipher);
  fill(key.mac);
  return key;
}

void give_tickets(SSL_CTX* context, TicketKeys& keys) {
  CHECK(SSL_CTX_set_ex_data(context, keys_place(), &keys) == 1);
  SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
  CHECK(SSL_CTX_set_num_tickets(context, 1) == 1);
  SSL_CTX_set_timeout(context, std::chrono::duration_cast<std::chrono::seconds>(limits::tls_ticket_key_time).count());
  CHECK(SSL_CTX_set_max_early_data(context, 0) == 1);
  CHECK(SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket) == 1);
}

}  // namespace vardbron::net
