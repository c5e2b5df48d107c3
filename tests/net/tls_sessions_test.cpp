#include "gateway/net/tls_sessions.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <string>

// What a connection does with a session is in tests/system/net/tls_resumption_test.cpp.
namespace vardbron::net {
namespace {

SessionPtr a_session() { return SessionPtr(SSL_SESSION_new()); }

TEST(TlsSessions, AreGivenOnceAndToTheirDestinationOnly) {
  TlsSessions sessions;
  SessionPtr made = a_session();
  const SSL_SESSION* one = made.get();
  sessions.keep("a.example:443", std::move(made));

  for (const char* other : {"b.example:443", "a.example:8443", "a.example", ""}) EXPECT_FALSE(sessions.take(other)) << other;
  EXPECT_EQ(sessions.take("a.example:443").get(), one);
  EXPECT_FALSE(sessions.take("a.example:443"));
  EXPECT_EQ(sessions.size(), 0u);
}

TEST(TlsSessions, AreTheLastOnesOfTheirDestinations) {
  TlsSessions sessions;
  sessions.keep("a.example:443", a_session());
  SessionPtr made = a_session();
  const SSL_SESSION* last = made.get();
  sessions.keep("a.example:443", std::move(made));

  EXPECT_EQ(sessions.size(), 1u);
  EXPECT_EQ(sessions.take("a.example:443").get(), last);
}

TEST(TlsSessions, AreSoManyThatTheOldestGoes) {
  TlsSessions sessions;
  const auto name = [](std::size_t at) { return "host-" + std::to_string(at) + ".example:443"; };
  for (std::size_t at = 0; at < limits::tls_sessions_max; ++at) sessions.keep(name(at), a_session());
  EXPECT_EQ(sessions.size(), limits::tls_sessions_max);
  sessions.keep(name(0), a_session());  // is the newest now

  sessions.keep(name(limits::tls_sessions_max), a_session());

  EXPECT_EQ(sessions.size(), limits::tls_sessions_max);
  EXPECT_TRUE(sessions.take(name(0)));
  EXPECT_FALSE(sessions.take(name(1)));
  EXPECT_TRUE(sessions.take(name(2)));
  EXPECT_TRUE(sessions.take(name(limits::tls_sessions_max)));
}

}  // namespace
}  // namespace vardbron::net
