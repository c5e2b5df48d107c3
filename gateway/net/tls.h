#pragma once

#include "gateway/base/result.h"

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace vardbron::net {

/// Certificates and rules for TLS: 1.2 with forward secrecy and AEAD, and 1.3; no tickets, no renegotiation. Immutable once made;
/// to change a certificate make another one: open connections keep theirs. Source: Mozilla Server Side TLS 5.7, intermediate.
class Tls {
 public:
  struct ServerFiles {
    std::string certificate_chain;  ///< PEM, our certificate first
    std::string private_key;        ///< PEM
  };

  /// Invalid: a file is missing or no PEM, or key and certificate do not belong together.
  static Result<std::shared_ptr<const Tls>> for_server(const ServerFiles& files);
  /// `trusted` names a PEM file of the authorities to believe; empty: the machine's. Invalid: the file cannot be used.
  static Result<std::shared_ptr<const Tls>> for_client(const std::string& trusted);

  explicit Tls(std::unique_ptr<boost::asio::ssl::context> context);
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls();
  /// For the streams of this folder. What handshakes change in it is locked inside.
  boost::asio::ssl::context& context() const { return *context_; }

 private:
  std::unique_ptr<boost::asio::ssl::context> context_;
};

}  // namespace vardbron::net
