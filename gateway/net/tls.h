#pragma once

#include "gateway/base/result.h"
#include "gateway/net/tls_sessions.h"
#include "gateway/net/tls_tickets.h"

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace vardbron::net {

/// Certificates and rules for TLS: 1.2 with forward secrecy and AEAD, and 1.3; no renegotiation. Sessions of 1.3 are resumed, as
/// server (tls_tickets.h) and as client (tls_sessions.h). Immutable; to change a certificate or trusted authority create another
/// one: open connections keep theirs, and sessions are not shared. Source: Mozilla Server Side TLS 5.7, intermediate.
class Tls {
 public:
  struct ServerFiles {
    std::string certificate_chain;  ///< PEM, our certificate first
    std::string private_key;        ///< PEM
  };

  /// Invalid: a file is missing or no PEM, or key and certificate do not belong together.
  static Result<std::shared_ptr<const Tls>> for_server(const ServerFiles& files);
  /// `trusted` is a PEM file of trusted authorities; empty: the system's. Invalid: the file cannot be used.
  static Result<std::shared_ptr<const Tls>> for_client(const std::string& trusted);

  explicit Tls(std::unique_ptr<boost::asio::ssl::context> context);  ///< no session is resumed
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls();
  /// For the streams of this folder. Handshakes may use it concurrently.
  boost::asio::ssl::context& context() const { return *context_; }

 private:
  void resume_as_server();
  void resume_as_client();

  SystemRandom random_;
  std::unique_ptr<TicketKeys> ticket_keys_;
  std::unique_ptr<TlsSessions> sessions_;
  std::unique_ptr<boost::asio::ssl::context> context_;  // refers to those above
};

}  // namespace vardbron::net
