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

/// Sessions that a client may resume: the last one of each destination, at most limits::tls_sessions_max, and each once (RFC
/// 8446, C.4). A connection takes the session away and gets another one from its peer, so one that failed is forgotten. They
/// belong to one set of trusted authorities and end with it. Any thread.
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

/// What peers of this context give to be resumed goes to `sessions`, which outlives the context. TLS 1.3 only.
void keep_sessions(SSL_CTX* context, TlsSessions& sessions);
/// Before the handshake: the peer must prove that it is `name`, a session of `destination` is resumed, and what the peer gives is
/// kept for it. `destination` outlives the connection. False: no certificate could carry this name.
bool expect_peer(SSL* tls, const std::string& name, const std::string& destination);
/// After the handshake: a resumed session goes without certificates, so those of the first time are verified again, as of today
/// and for the expected name. True too when the session was not resumed and the handshake has verified them.
bool is_peer_verified(SSL* tls);

}  // namespace vardbron::net
