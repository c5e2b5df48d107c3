#include "gateway/net/tls_sessions.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <iterator>
#include <utility>

namespace vardbron::net {

namespace {

// Indexes of our data in OpenSSL's objects.
int sessions_place() {
  static const int place = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return place;
}

int destination_place() {
  static const int place = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return place;
}

TlsSessions* sessions_of(SSL* tls) {
  return static_cast<TlsSessions*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), sessions_place()));
}

// Called while bytes of the peer are read. 0: OpenSSL keeps the offered reference.
int on_session(SSL* tls, SSL_SESSION* session) {
  const auto* destination = static_cast<const std::string*>(SSL_get_ex_data(tls, destination_place()));
  const bool may_be_resumed = SSL_version(tls) >= TLS1_3_VERSION && SSL_SESSION_is_resumable(session) == 1;
  if (destination == nullptr || !may_be_resumed) return 0;
  // A copy, since OpenSSL marks the connection's own session as not resumable if the connection ends without close_notify.
  SessionPtr copy(SSL_SESSION_dup(session));
  if (copy) sessions_of(tls)->keep(*destination, std::move(copy));
  return 0;
}

struct FreeStoreContext {
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};

}  // namespace

void FreeSession::operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }

void TlsSessions::keep(const std::string& destination, SessionPtr session) {
  std::lock_guard lock(guard_);
  auto [found, is_new] = by_destination_.try_emplace(destination);
  if (!is_new) kept_.erase(found->second);
  kept_.push_back({destination, std::move(session)});
  found->second = std::prev(kept_.end());
  if (kept_.size() <= limits::tls_sessions_max) return;
  by_destination_.erase(kept_.front().destination);
  kept_.pop_front();
}

SessionPtr TlsSessions::take(const std::string& destination) {
  std::lock_guard lock(guard_);
  const auto found = by_destination_.find(destination);
  if (found == by_destination_.end()) return nullptr;
  SessionPtr session = std::move(found->second->session);
  kept_.erase(found->second);
  by_destination_.erase(found);
  return session;
}

std::size_t TlsSessions::size() const {
  std::lock_guard lock(guard_);
  return kept_.size();
}

void keep_sessions(SSL_CTX* context, TlsSessions& sessions) {
  CHECK(SSL_CTX_set_ex_data(context, sessions_place(), &sessions) == 1);
  SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, on_session);
}

bool expect_peer(SSL* tls, const std::string& name, const std::string& destination) {
  // RFC 6066, 3: an address must not be sent as a server name.
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), name.c_str()) == 1;
  const bool is_usable =
      is_address || (SSL_set1_host(tls, name.c_str()) == 1 && SSL_set_tlsext_host_name(tls, name.c_str()) == 1);
  if (name.empty() || !is_usable) return false;
  CHECK(SSL_set_ex_data(tls, destination_place(), const_cast<std::string*>(&destination)) == 1);
  TlsSessions* sessions = sessions_of(tls);
  const SessionPtr session = sessions == nullptr ? nullptr : sessions->take(destination);
  if (session) SSL_set_session(tls, session.get());
  return true;
}

bool is_peer_verified(SSL* tls) {
  if (SSL_session_reused(tls) == 0) return SSL_get_verify_result(tls) == X509_V_OK;
  std::unique_ptr<X509_STORE_CTX, FreeStoreContext> check(X509_STORE_CTX_new());
  X509* certificate = SSL_get0_peer_certificate(tls);
  X509_STORE* trusted = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(tls));
  if (!check || certificate == nullptr) return false;
  if (X509_STORE_CTX_init(check.get(), trusted, certificate, SSL_get_peer_cert_chain(tls)) != 1) return false;
  if (X509_STORE_CTX_set_default(check.get(), "ssl_server") != 1) return false;
  if (X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(check.get()), SSL_get0_param(tls)) != 1) return false;
  return X509_verify_cert(check.get()) == 1;
}

}  // namespace vardbron::net
