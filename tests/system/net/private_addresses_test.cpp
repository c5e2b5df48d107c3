#include "gateway/net/tcp.h"
#include "tests/system/net/loop.h"

#include <gtest/gtest.h>

#include <iterator>
#include <memory>

// Concern: a subscriber's address never leads into our own network, however it is written.

namespace vardbron::net {
namespace {

// 61 forms of addresses of this machine, of private networks and of cloud metadata services.
constexpr const char* spellings[] = {"127.0.0.1",
                                     "127.0.0.2",
                                     "127.1",
                                     "127.0.1",
                                     "127.255.255.254",
                                     "0.0.0.0",
                                     "0",
                                     "0.0",
                                     "2130706433",
                                     "0x7f000001",
                                     "0x7f.0.0.1",
                                     "0x7f.1",
                                     "0177.0.0.1",
                                     "0177.1",
                                     "017700000001",
                                     "127.0.0.01",
                                     "127.0x0.0.1",
                                     "0x7F.0x0.0x0.0x1",
                                     "::1",
                                     "::",
                                     "0:0:0:0:0:0:0:1",
                                     "::0001",
                                     "::ffff:127.0.0.1",
                                     "::ffff:7f00:1",
                                     "::ffff:0:127.0.0.1",
                                     "::127.0.0.1",
                                     "::7f00:1",
                                     "64:ff9b::127.0.0.1",
                                     "64:ff9b::7f00:1",
                                     "64:ff9b:1::7f00:1",
                                     "2002:7f00:1::",
                                     "2001:0:7f00:1::",
                                     "localhost",
                                     "LOCALHOST",
                                     "localhost.",
                                     "ip6-localhost",
                                     "10.0.0.1",
                                     "10.255.255.255",
                                     "0xa000001",
                                     "167772161",
                                     "012.0.0.1",
                                     "10.1",
                                     "172.16.0.1",
                                     "172.31.255.254",
                                     "0xac100001",
                                     "192.168.0.1",
                                     "192.168.1",
                                     "0xc0a80001",
                                     "3232235521",
                                     "169.254.169.254",
                                     "169.254.43518",
                                     "0xa9fea9fe",
                                     "2852039166",
                                     "0251.0376.0251.0376",
                                     "::ffff:169.254.169.254",
                                     "::ffff:a9fe:a9fe",
                                     "fd00:ec2::254",
                                     "fe80::1",
                                     "fc00::1",
                                     "100.64.0.1",
                                     "192.0.0.192"};
static_assert(std::size(spellings) == 61);

TEST(PrivateAddresses, AreNotCalledHoweverTheyAreSpelt) {
  Loop loop;
  RealClock clock;
  TcpDialer dialer(Destinations(), nullptr);
  Result<std::unique_ptr<Listener>> listener = listen_tcp(loop.executor(), {});
  ASSERT_TRUE(listener.ok());
  for (const char* spelling : spellings) {
    const Address address{spelling, (*listener)->port(), false};

    Result<StreamPtr> called = loop.complete(dialer.dial(address, clock.in(std::chrono::seconds(2))));

    ASSERT_FALSE(called.ok()) << spelling << " was called";
    const bool is_no_name = called.failure().says.starts_with("The name of the peer");
    EXPECT_TRUE(called.failure().cause == Cause::Forbidden || is_no_name) << spelling << ": " << called.failure().says;
  }
}

}  // namespace
}  // namespace vardbron::net
