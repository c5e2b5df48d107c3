#include "gateway/net/networks.h"

#include "gateway/base/random.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

namespace vardbron::net {
namespace {

TEST(Networks, HoldTheirAddressesHoweverWritten) {
  Result<Networks> networks = Networks::open({"10.20.0.0/16", "127.0.0.1", "fd00:12::/32", "192.168.1.128/25", "::1"});
  ASSERT_TRUE(networks) << networks.failure().says;
  for (const char* address : {"10.20.0.1", "10.20.255.255", "::ffff:10.20.3.4", "::FFFF:a14:304", "127.0.0.1", "fd00:12:ffff::1",
                              "fd00:12::1%eth0", "192.168.1.200", "::1", "0:0:0:0:0:0:0:1"})
    EXPECT_TRUE(networks->hold(address)) << address;
  for (const char* address :
       {"10.21.0.1", "10.19.255.255", "127.0.0.2", "fd00:13::1", "192.168.1.127", "::2", "::", "::ffff:127.0.0.2", "",
        "localhost", "127.1", "127.0.0.01", " 127.0.0.1", "127.0.0.1 ", "[::1]", "127.0.0.1:80"})
    EXPECT_FALSE(networks->hold(address)) << address;
  EXPECT_FALSE(networks->hold(std::string_view("127.0.0.1\0", 10)));
  EXPECT_FALSE(networks->is_empty());
}

TEST(Networks, AreNoneUnlessNamed) {
  EXPECT_TRUE(Networks().is_empty());
  for (const char* address : {"127.0.0.1", "::1", "0.0.0.0", "::"}) EXPECT_FALSE(Networks().hold(address)) << address;
}

TEST(Networks, OfAllAddressesHoldAll) {
  EXPECT_TRUE(Networks::open({"0.0.0.0/0"})->hold("255.255.255.255"));
  EXPECT_FALSE(Networks::open({"0.0.0.0/0"})->hold("2001:db8::1"));
  EXPECT_TRUE(Networks::open({"::/0"})->hold("2001:db8::1"));
  EXPECT_TRUE(Networks::open({"::/0"})->hold("127.0.0.1"));
}

TEST(Networks, AreNotReadFromOtherTexts) {
  for (const char* text : {"", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "fd00::/129",
                           "fd00::1%eth0", "intranet", "10.0.0.0/8/8", "[::1]", "10.0.0.0 /8"}) {
    Result<Networks> networks = Networks::open({"127.0.0.1", text});
    ASSERT_FALSE(networks) << text;
    EXPECT_EQ(networks.failure().cause, Cause::Invalid);
    EXPECT_NE(networks.failure().says.find(text), std::string::npos);
  }
}

// A network and an address against the same two read as numbers.
TEST(Networks, HoldWhatHasTheSameFirstBits) {
  sim::for_each_seed(300, [](std::uint64_t seed) {
    SeededRandom random(seed);
    const auto written = [](std::uint32_t number) {
      return std::to_string(number >> 24) + "." + std::to_string(number >> 16 & 255) + "." + std::to_string(number >> 8 & 255) +
             "." + std::to_string(number & 255);
    };
    const auto network = static_cast<std::uint32_t>(random.next());
    const std::uint64_t bits = random.below(33), flipped = random.below(32);
    const std::uint32_t address = network ^ (std::uint32_t{1} << (31 - flipped));
    const Networks made = *Networks::open({written(network) + "/" + std::to_string(bits)});
    EXPECT_TRUE(made.hold(written(network))) << written(network) << "/" << bits;
    EXPECT_EQ(made.hold(written(address)), flipped >= bits) << written(address) << " in " << written(network) << "/" << bits;
    EXPECT_EQ(made.hold("::ffff:" + written(address)), flipped >= bits);
  });
}

TEST(CanonicalAddress, IsOneTextForEachAddress) {
  struct Row {
    const char *given, *written;
  };
  for (const Row& row : {Row{"192.0.2.7", "192.0.2.7"}, Row{"::ffff:192.0.2.7", "192.0.2.7"}, Row{"2001:DB8:0::1", "2001:db8::1"},
                         Row{"2001:db8:0:0:0:0:0:1", "2001:db8::1"}, Row{"::", "::"}})
    EXPECT_EQ(canonical_address(row.given), row.written) << row.given;
  for (const char* other : {"", "192.0.2", "192.0.2.256", "[::1]", "::1%lo", "unknown", "_a", "192.0.2.7:80", "1.2.3.4.5"})
    EXPECT_FALSE(canonical_address(other)) << other;
}

TEST(NetworkOf, IsWhatOneLineIsGiven) {
  EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("fe80::1%eth0"), "fe80::/64");
  EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("simulated"), "simulated");
}

}  // namespace
}  // namespace vardbron::net
