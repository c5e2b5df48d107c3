#include "gateway/base/limits.h"
#include "gateway/net/tcp.h"
#include "gateway/net/tls.h"
#include "tests/system/net/certificates.h"
#include "tests/system/net/loop.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <thread>

// Concern: a caller cannot make the gateway work at handshakes: not again on one connection, and not for as long as it likes.

namespace vardbron::net {
namespace {

using namespace std::chrono_literals;

/// What a caller sees that speaks TLS 1.2 and then asks for another handshake on the same connection.
struct Caller {
  bool was_greeted = false, was_renegotiated = false;
  void call(std::uint16_t port) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> rules(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_max_proto_version(rules.get(), TLS1_2_VERSION);
    BIO* wire = BIO_new_ssl_connect(rules.get());
    SSL* tls = nullptr;
    BIO_get_ssl(wire, &tls);
    BIO_set_conn_hostname(wire, ("127.0.0.1:" + std::to_string(port)).c_str());
    was_greeted = BIO_do_connect(wire) == 1 && BIO_do_handshake(wire) == 1 && SSL_version(tls) == TLS1_2_VERSION;
    const bool was_asked = was_greeted && SSL_renegotiate(tls) == 1;
    const long handshakes = SSL_num_renegotiations(tls);
    // The peer's answer to it is read together with what is asked next.
    was_renegotiated = was_asked && SSL_do_handshake(tls) == 1 && SSL_write(tls, "x", 1) == 1 && !SSL_renegotiate_pending(tls) &&
                       SSL_num_renegotiations(tls) > handshakes;
    BIO_free_all(wire);
    ERR_clear_error();
  }
};

Task<void> read_until_it_ends(Listener& listener) {
  RealClock clock;
  Result<StreamPtr> accepted = co_await listener.accept();
  if (!accepted) co_return;
  std::array<char, 100> room{};
  for (;;) {
    Result<std::size_t> got = co_await (*accepted)->read_some(room, clock.in(10s));
    if (!got || *got == 0) co_return;
  }
}

TEST(Handshakes, AreNotMadeAgainOnAConnection) {
  Authority authority;
  Authority::Files files = authority.issue("server");
  Loop loop;
  ListenOptions options;
  options.tls = *Tls::for_server({files.certificate, files.private_key});
  Result<std::unique_ptr<Listener>> listener = listen_tcp(loop.executor(), options);
  ASSERT_TRUE(listener.ok());
  Caller caller;
  std::thread calling([&] { caller.call((*listener)->port()); });

  Result<bool> ended = loop.complete([](Listener& from) -> Task<Result<bool>> {
    co_await read_until_it_ends(from);
    co_return true;
  }(**listener));
  calling.join();

  EXPECT_TRUE(ended.ok());
  EXPECT_TRUE(caller.was_greeted);
  EXPECT_FALSE(caller.was_renegotiated);
}

TEST(Handshakes, EndAtTheirTimeHoweverLongTheReaderWaits) {
  Authority authority;
  Authority::Files files = authority.issue("server");
  Loop loop;
  RealClock clock;
  ListenOptions options;
  options.tls = *Tls::for_server({files.certificate, files.private_key});
  Result<std::unique_ptr<Listener>> listener = listen_tcp(loop.executor(), options);
  TcpDialer dialer(*Destinations::allowing({"127.0.0.0/8"}), nullptr);
  Result<StreamPtr> silent = loop.complete(dialer.dial(Address{"127.0.0.1", (*listener)->port(), false}, clock.in(10s)));
  Result<StreamPtr> accepted = loop.complete((*listener)->accept());
  ASSERT_TRUE(silent && accepted);
  const Instant began = clock.now();

  std::array<char, 10> room{};
  Result<std::size_t> got = loop.complete((*accepted)->read_some(room, clock.in(1h)));

  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().cause, Cause::TimedOut);
  EXPECT_GE(clock.now() - began, limits::tls_handshake_time_max);
}

}  // namespace
}  // namespace vardbron::net
