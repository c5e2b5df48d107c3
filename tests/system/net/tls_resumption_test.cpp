// Concern: who calls again is spared the long handshake, and is believed no longer for it.
#include "gateway/base/limits.h"
#include "gateway/net/tcp.h"
#include "gateway/net/tls.h"
#include "tests/system/net/certificates.h"
#include "tests/system/net/loop.h"

#include <boost/asio/ssl/context.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <ctime>
#include <string>

namespace vardbron::net {
namespace {

using namespace std::chrono_literals;

Task<void> echo(StreamPtr stream) {
  RealClock clock;
  std::array<char, 20'000> room{};
  for (;;) {
    Result<std::size_t> got = co_await stream->read_some(room, clock.in(10s));
    if (!got || *got == 0) break;
    std::string_view heard(room.data(), *got);
    Result<void> sent = co_await stream->write_all(heard, clock.in(10s));
    if (!sent) break;
  }
  co_await stream->close(clock.in(1s));
}

Task<void> echo_to_all(Listener& listener) {
  for (;;) {
    Result<StreamPtr> accepted = co_await listener.accept();
    if (!accepted) co_return;
    co_await echo(*std::move(accepted));
  }
}

Task<Result<std::string>> ask(Dialer& dialer, Address address, bool says_goodbye, std::string question) {
  RealClock clock;
  Result<StreamPtr> dialled = co_await dialer.dial(std::move(address), clock.in(10s));
  if (!dialled) co_return std::move(dialled).failure();
  StreamPtr stream = *std::move(dialled);
  Result<void> sent = co_await stream->write_all(question, clock.in(10s));
  if (!sent) co_return std::move(sent).failure();
  std::string answer;
  std::array<char, 20'000> room{};
  while (answer.size() < question.size()) {
    Result<std::size_t> got = co_await stream->read_some(room, clock.in(10s));
    if (!got) co_return std::move(got).failure();
    if (*got == 0) break;
    answer.append(room.data(), *got);
  }
  if (says_goodbye) co_await stream->close(clock.in(1s));
  co_return std::move(answer);
}

SSL_CTX* native(const std::shared_ptr<const Tls>& tls) { return tls->context().native_handle(); }

class TlsResumption : public testing::Test {
 protected:
  void start_server(const char* name = "server") {
    loop.cancel_all();
    listener.reset();
    const Authority::Files files = authority.issue(name);
    server = *Tls::for_server({files.certificate, files.private_key});
    listener = *listen_tcp(loop.executor(), {.port = port, .tls = server});
    port = listener->port();
    loop.spawn(echo_to_all(*listener));
  }
  void believe(const std::string& trusted) {
    client = *Tls::for_client(trusted);
    dialer = std::make_unique<TcpDialer>(*Destinations::allowing({"127.0.0.0/8"}), client);
  }
  TlsResumption() {
    start_server();
    believe(authority.trusted_file());
  }
  ~TlsResumption() override { loop.cancel_all(); }

  Result<std::string> call(const std::string& host = "localhost", bool says_goodbye = true, std::string question = "again?") {
    return loop.complete(ask(*dialer, {host, port, true}, says_goodbye, std::move(question)));
  }
  /// As SSL_session_reused says on both sides.
  long resumed() const {
    EXPECT_EQ(SSL_CTX_sess_hits(native(server)), SSL_CTX_sess_hits(native(client)));
    return SSL_CTX_sess_hits(native(server));
  }

  Authority authority;
  Loop loop;
  std::uint16_t port = 0;
  std::shared_ptr<const Tls> server, client;
  std::unique_ptr<Listener> listener;
  std::unique_ptr<TcpDialer> dialer;
};

TEST_F(TlsResumption, SparesTheSecondConnectionAndAllAfterItTheLongHandshake) {
  for (long connections = 0; connections < 5; ++connections) {
    Result<std::string> answer = call();
    ASSERT_TRUE(answer) << answer.failure().says;
    EXPECT_EQ(*answer, "again?");
    EXPECT_EQ(resumed(), connections);
  }
}

TEST_F(TlsResumption, DoesNotNeedAGoodbye) {
  ASSERT_TRUE(call("localhost", false));
  ASSERT_TRUE(call("localhost", false));
  EXPECT_EQ(resumed(), 1);
}

TEST_F(TlsResumption, IsOfOneDestination) {
  ASSERT_TRUE(call("localhost"));
  ASSERT_TRUE(call("127.0.0.1"));
  EXPECT_EQ(resumed(), 0) << "another name, which another certificate may be for";
  ASSERT_TRUE(call("127.0.0.1"));
  EXPECT_EQ(resumed(), 1);
}

TEST_F(TlsResumption, EndsWithTheServersKeys) {
  ASSERT_TRUE(call());
  start_server("another");

  Result<std::string> answer = call();

  ASSERT_TRUE(answer) << answer.failure().says;
  EXPECT_EQ(resumed(), 0);
  ASSERT_TRUE(call());
  EXPECT_EQ(resumed(), 1);
}

TEST_F(TlsResumption, EndsWithTheTrustInWhoIsCalled) {
  Authority another;
  ASSERT_TRUE(call());
  ASSERT_TRUE(call());
  EXPECT_EQ(resumed(), 1);

  believe(another.trusted_file());
  Result<std::string> answer = call();

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.failure().cause, Cause::Broken);
  EXPECT_EQ(SSL_CTX_sess_hits(native(client)), 0);
}

// A resumed handshake has no certificates in it: those of the first one are looked at again.
TEST_F(TlsResumption, EndsWithTheCertificate) {
  ASSERT_TRUE(call());
  constexpr std::time_t day = 24 * 60 * 60;
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(native(client)), std::time(nullptr) + 40 * day);

  for (int attempt = 0; attempt < 2; ++attempt) {
    Result<std::string> answer = call();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.failure().cause, Cause::Broken);
    EXPECT_EQ(SSL_CTX_sess_hits(native(client)), 1) << "the first attempt alone had a session to resume";
  }
}

TEST_F(TlsResumption, IsNotOfferedWhereItWouldGoWithoutAKeyExchange) {
  SSL_CTX_set_max_proto_version(native(client), TLS1_2_VERSION);
  ASSERT_TRUE(call());
  ASSERT_TRUE(call());
  EXPECT_EQ(resumed(), 0);
}

TEST_F(TlsResumption, TakesNoEarlyData) {
  std::uint32_t early_data_max = 1;
  const auto look = [](int, int, int, const void*, std::size_t, SSL* tls, void* arg) {
    *static_cast<std::uint32_t*>(arg) = SSL_SESSION_get_max_early_data(SSL_get0_session(tls));
  };
  SSL_CTX_set_msg_callback(native(client), look);
  SSL_CTX_set_msg_callback_arg(native(client), &early_data_max);
  ASSERT_TRUE(call());
  EXPECT_EQ(early_data_max, 0u);
}

// Source: Mozilla Server Side TLS 5.7, which puts the faster one of AES first.
TEST_F(TlsResumption, AgreesOnTheSuiteThatComesFirst) {
  std::string suite;
  const auto look = [](int, int, int, const void*, std::size_t, SSL* tls, void* arg) {
    *static_cast<std::string*>(arg) = SSL_get_cipher_name(tls);
  };
  SSL_CTX_set_msg_callback(native(client), look);
  SSL_CTX_set_msg_callback_arg(native(client), &suite);
  ASSERT_TRUE(call());
  EXPECT_EQ(suite, "TLS_AES_128_GCM_SHA256");
}

// Concern: what comes in pieces meets delayed acknowledgements, 40 ms each.
TEST_F(TlsResumption, AnAnswerIsOneRecordWhereItFits) {
  struct Row {
    std::size_t bytes, records;
  };
  std::size_t records = 0;
  const auto count = [](int is_sent, int, int type, const void* bytes, std::size_t, SSL*, void* arg) {
    const bool is_data =
        type == SSL3_RT_INNER_CONTENT_TYPE && *static_cast<const unsigned char*>(bytes) == SSL3_RT_APPLICATION_DATA;
    if (is_sent == 0 && is_data) ++*static_cast<std::size_t*>(arg);
  };
  SSL_CTX_set_msg_callback(native(client), count);
  SSL_CTX_set_msg_callback_arg(native(client), &records);
  for (const Row& row : {Row{1, 1}, Row{700, 1}, Row{16'384, 1}}) {
    records = 0;
    Result<std::string> answer = call("localhost", true, std::string(row.bytes, 'x'));
    ASSERT_TRUE(answer) << answer.failure().says;
    EXPECT_EQ(answer->size(), row.bytes);
    EXPECT_EQ(records, row.records) << row.bytes;
  }
}

}  // namespace
}  // namespace vardbron::net
