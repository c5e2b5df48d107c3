#include "gateway/net/tls.h"

#include "gateway/base/check.h"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include <utility>

namespace vardbron::net {

namespace {

namespace ssl = boost::asio::ssl;

constexpr const char* suites_of_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* suites_of_1_3 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* groups = "X25519:P-256:P-384";

std::unique_ptr<ssl::context> make_context(ssl::context::method method) {
  auto made = std::make_unique<ssl::context>(method);
  SSL_CTX* native = made->native_handle();
  CHECK(SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1);
  CHECK(SSL_CTX_set_cipher_list(native, suites_of_1_2) == 1);
  CHECK(SSL_CTX_set_ciphersuites(native, suites_of_1_3) == 1);
  CHECK(SSL_CTX_set1_groups_list(native, groups) == 1);
  SSL_CTX_set_options(native,
                      SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  CHECK(SSL_CTX_set_num_tickets(native, 0) == 1);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  // An idle connection releases its two record buffers of 34 KB, which counts at thousands of connections.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  return made;
}

Failure unusable(std::string_view what, const std::string& file, const boost::system::error_code& error) {
  return {Cause::Invalid, "The " + std::string(what) + " in " + file + " cannot be used: " + error.message(), ""};
}

}  // namespace

Tls::Tls(std::unique_ptr<ssl::context> context) : context_(std::move(context)) {}

Tls::~Tls() = default;

Result<std::shared_ptr<const Tls>> Tls::for_server(const ServerFiles& files) {
  auto made = make_context(ssl::context::tls_server);
  boost::system::error_code error;
  made->use_certificate_chain_file(files.certificate_chain, error);
  if (error) return unusable("certificate chain", files.certificate_chain, error);
  made->use_private_key_file(files.private_key, ssl::context::pem, error);
  if (error) return unusable("private key", files.private_key, error);
  if (SSL_CTX_check_private_key(made->native_handle()) != 1) {
    return Failure{Cause::Invalid, "The private key in " + files.private_key + " does not belong to the certificate.", ""};
  }
  auto tls = std::make_shared<Tls>(std::move(made));
  tls->resume_as_server();
  return std::shared_ptr<const Tls>(std::move(tls));
}

Result<std::shared_ptr<const Tls>> Tls::for_client(const std::string& trusted) {
  auto made = make_context(ssl::context::tls_client);
  boost::system::error_code error;
  if (trusted.empty()) {
    made->set_default_verify_paths(error);
  } else {
    made->load_verify_file(trusted, error);
  }
  if (error) return unusable("trusted certificates", trusted, error);
  made->set_verify_mode(ssl::verify_peer);
  auto tls = std::make_shared<Tls>(std::move(made));
  tls->resume_as_client();
  return std::shared_ptr<const Tls>(std::move(tls));
}

void Tls::resume_as_server() {
  ticket_keys_ = std::make_unique<TicketKeys>(random_, RealClock().now());
  give_tickets(context_->native_handle(), *ticket_keys_);
}

void Tls::resume_as_client() {
  sessions_ = std::make_unique<TlsSessions>();
  keep_sessions(context_->native_handle(), *sessions_);
}

}  // namespace vardbron::net
