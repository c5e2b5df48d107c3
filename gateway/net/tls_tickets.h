#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/random.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

typedef struct ssl_ctx_st SSL_CTX;

namespace vardbron::net {

/// Keys of a server's session tickets: callers keep the encrypted session, the server keeps none. In memory only. A key encrypts
/// for limits::tls_ticket_key_time and decrypts for as long again, so that no ticket is valid for longer than twice that time;
/// the next call wipes it. Any thread. Source: RFC 8446, 4.6.1; RFC 5077, 4.
class TicketKeys {
 public:
  static constexpr std::size_t name_bytes = 16;
  struct Key {
    std::array<std::uint8_t, name_bytes> name{};  ///< in clear before the ticket
    std::array<std::uint8_t, 32> cipher{};        ///< AES-256-CBC
    std::array<std::uint8_t, 32> mac{};           ///< HMAC-SHA-256
  };

  /// `random` must outlive it.
  TicketKeys(Random& random, Instant now);  ///< `now` as in the calls below
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;
  ~TicketKeys();

  /// The key for a new ticket.
  Key sealing(Instant now);
  /// The key of an issued ticket; nothing if it is too old or not ours.
  std::optional<Key> opening(std::string_view name, Instant now);

 private:
  void rotate(Instant now);
  Key make();

  Random& random_;
  std::mutex guard_;
  Key current_, previous_;
  Instant current_until_, previous_until_;  // end of their use for decryption
};

/// Makes the server issue tickets encrypted with these keys to TLS 1.3 clients, one per handshake. Early data is refused, since a
/// request in it could be replayed. Sessions of TLS 1.2 are not resumed, since that would be without a key exchange of their own.
/// `keys` must outlive the context.
void give_tickets(SSL_CTX* context, TicketKeys& keys);

}  // namespace vardbron::net
