#include "gateway/net/destinations.h"

#include "gateway/base/random.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

namespace vardbron::net {
namespace {

TEST(Destinations, PermitPublicAddressesOnly) {
  Destinations destinations;
  for (const char* address :
       {"8.8.8.8", "193.10.10.10", "2001:4860:4860::8888", "2a00:801::1", "::ffff:8.8.8.8", "172.32.0.1", "11.0.0.1"}) {
    EXPECT_TRUE(destinations.permits(address)) << address;
  }
  for (const char* address : {"127.0.0.1",
                              "127.255.255.255",
                              "0.0.0.0",
                              "10.0.0.1",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "100.127.255.255",
                              "192.0.0.1",
                              "192.0.2.1",
                              "198.18.0.1",
                              "198.51.100.7",
                              "203.0.113.7",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "::ffff:169.254.169.254",
                              "::127.0.0.1",
                              "::ffff:0:127.0.0.1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "2001::1",
                              "2001:db8::1",
                              "fe80::1",
                              "fe80::1%eth0",
                              "fec0::1",
                              "fc00::1",
                              "fd12:3456::1",
                              "ff02::1",
                              "100::1"}) {
    EXPECT_FALSE(destinations.permits(address)) << address;
  }
}

TEST(Destinations, RefuseWhatIsNoLiteralAddress) {
  Destinations destinations;
  for (const char* text :
       {"", "localhost", "8.8.8", "8.8.8.8.8", "0x08080808", "134744072", "010.8.8.8", "8.8.8.8/8", " 8.8.8.8", "[::1]", "::g"}) {
    EXPECT_FALSE(destinations.permits(text)) << text;
  }
}

TEST(Destinations, PermitWhatConfigurationAllows) {
  Result<Destinations> destinations = Destinations::allowing({"10.20.0.0/16", "127.0.0.1", "fd00:12::/32", "192.168.1.128/25"});
  ASSERT_TRUE(destinations);

  for (const char* address :
       {"10.20.0.1", "10.20.255.255", "::ffff:10.20.3.4", "127.0.0.1", "fd00:12:ffff::1", "192.168.1.200", "8.8.8.8"}) {
    EXPECT_TRUE(destinations->permits(address)) << address;
  }
  for (const char* address : {"10.21.0.1", "10.19.255.255", "127.0.0.2", "fd00:13::1", "192.168.1.127", "::1"}) {
    EXPECT_FALSE(destinations->permits(address)) << address;
  }
}

TEST(Destinations, RefuseNetworksThatAreNone) {
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "fd00::/129", "intranet", "10.0.0.0/8/8"}) {
    Result<Destinations> destinations = Destinations::allowing({text});
    ASSERT_FALSE(destinations) << text;
    EXPECT_EQ(destinations.failure().cause, Cause::Invalid);
  }
}

// Concern: a private address must not become permitted by the way it is written.
TEST(Destinations, JudgeMappedAddressesLikeTheirNumbers) {
  sim::for_each_seed(500, [](std::uint64_t seed) {
    SeededRandom random(seed);
    std::string plain;
    for (int part = 0; part < 4; ++part) plain += (part > 0 ? "." : "") + std::to_string(random.below(256));
    Destinations destinations;
    EXPECT_EQ(destinations.permits(plain), destinations.permits("::ffff:" + plain)) << plain;
  });
}

}  // namespace
}  // namespace vardbron::net
