#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_session_st SSL_SESSION;

namespace vardbron::net {

struct FreeSession {
  void operator()(SSL_SESSION* session) const;
};
using SessionPtr = std::unique_ptr<SSL_SESSION, FreeSession>;

/// Sessions for resumption by a client: the last one of each destination, at most limits::tls_sessions_max, each used once (RFC
/// 8446, C.4). A connection removes the session and stores the next one from its peer, so a failing one is dropped. They belong
/// to one set of trusted authorities and end with it. Any thread.
class TlsSessions {
 public:
  void keep(const std::string& destination, SessionPtr session);
  /// Null: there is none.
  SessionPtr take(const std::string& destination);
  std::size_t size() const;

 private:
  struct Kept {
    std::string destination;
    SessionPtr session;
  };
  mutable std::mutex guard_;
  std::list<Kept> kept_;  // the oldest first
  std::map<std::string, std::list<Kept>::iterator, std::less<>> by_destination_;
};

/// Stores the sessions that peers of this context offer in `sessions`, which must outlive the context. TLS 1.3 only.
void keep_sessions(SSL_CTX* context, TlsSessions& sessions);
/// Before the handshake: the peer must prove that it is `name`, a session of `destination` is resumed, and new ones are stored
/// for it. `destination` must outlive the connection. False: no certificate could carry this name.
bool expect_peer(SSL* tls, const std::string& name, const std::string& destination);
/// After the handshake: a resumed session sends no certificates, so those of its first handshake are verified again, for the
/// current time and the expected name. True also if the session was not resumed and the handshake has verified them.
bool is_peer_verified(SSL* tls);

}  // namespace vardbron::net
