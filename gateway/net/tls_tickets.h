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

/// The keys of a server's session tickets: callers keep the session, sealed, and the server keeps nothing for it. They are in
/// memory only. One key seals for limits::tls_ticket_key_time and opens for as long again, so that no ticket is good for longer
/// than twice that time; the next call wipes it. Any thread. Source: RFC 8446, 4.6.1; RFC 5077, 4.
class TicketKeys {
 public:
  static constexpr std::size_t name_bytes = 16;
  struct Key {
    std::array<std::uint8_t, name_bytes> name{};  ///< in the clear before the ticket
    std::array<std::uint8_t, 32> cipher{};        ///< AES-256-CBC
    std::array<std::uint8_t, 32> mac{};           ///< HMAC-SHA-256
  };

  /// `random` outlives it.
  TicketKeys(Random& random, Instant now);  ///< `now` as in the calls below
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;
  ~TicketKeys();

  /// The key for a new ticket.
  Key sealing(Instant now);
  /// The key of a ticket that was given out; nothing when it is too old or not ours.
  std::optional<Key> opening(std::string_view name, Instant now);

 private:
  void rotate(Instant now);
  Key make();

  Random& random_;
  std::mutex guard_;
  Key current_, previous_;
  Instant current_until_, previous_until_;  // when they open nothing any more
};

/// The server gives tickets sealed with these keys to callers that speak TLS 1.3, one per handshake, and takes no early data: a
/// request in it could be played again. A session of TLS 1.2 is not resumed, since that would be without a key exchange of its
/// own. `keys` outlives the context.
void give_tickets(SSL_CTX* context, TicketKeys& keys);

}  // namespace vardbron::net
