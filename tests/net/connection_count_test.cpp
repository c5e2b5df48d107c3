#include "gateway/net/connection_count.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::net {
namespace {

std::size_t enter_all(ConnectionCount& count, const std::string& address) {
  std::size_t entered = 0;
  while (count.enter(address)) ++entered;
  return entered;
}

std::string address_of(std::size_t number) { return "10." + std::to_string(number / 250) + ".0." + std::to_string(number % 250); }

TEST(ConnectionCount, CountsInAllAndPerAddress) {
  ConnectionCount count({.in_all = 5, .per_address = 2});

  EXPECT_TRUE(count.enter("a"));
  EXPECT_TRUE(count.enter("a"));
  EXPECT_FALSE(count.enter("a")) << "two from one address";
  for (const char* other : {"b", "c", "d"}) EXPECT_TRUE(count.enter(other));
  EXPECT_FALSE(count.enter("e")) << "five in all";
  EXPECT_EQ(count.in_all(), 5u);

  count.leave("a");
  EXPECT_TRUE(count.enter("e"));
  EXPECT_EQ(count.in_all(), 5u);
}

TEST(ConnectionCount, LetsAnAddressInAgainAfterARefusal) {
  ConnectionCount count({.in_all = 10, .per_address = 1});
  EXPECT_TRUE(count.enter("a"));
  EXPECT_FALSE(count.enter("a"));

  count.leave("a");

  EXPECT_TRUE(count.enter("a"));
}

TEST(ConnectionCount, TellsHowManyAreThereAndHowManyWereTurnedAway) {
  Metrics metrics;
  ConnectionCount count({.in_all = 3, .per_address = 1}, {}, &metrics);
  EXPECT_TRUE(count.enter("a"));
  EXPECT_FALSE(count.enter("a"));
  EXPECT_TRUE(count.enter("b"));
  count.leave("a");
  EXPECT_NE(metrics.text().find("vardbron_http_connections 1\n"), std::string::npos);
  EXPECT_NE(metrics.text().find("vardbron_http_connections_turned_away_total 1\n"), std::string::npos);
}

TEST(ConnectionCount, IsBoundedByTheLimits) {
  ConnectionCount count(connection_bounds(1'000'000));
  EXPECT_EQ(enter_all(count, "192.0.2.1"), limits::connections_per_address_max);
  std::size_t others = 0;
  while (count.enter(address_of(others))) ++others;
  EXPECT_EQ(count.in_all(), limits::connections_max);
  EXPECT_EQ(others, limits::connections_max - limits::connections_per_address_max);
  count.leave(address_of(0));
  EXPECT_FALSE(count.enter("192.0.2.1")) << "the last one is not for who has many";
  EXPECT_TRUE(count.enter(address_of(0)));
}

// However few descriptors there are, and whatever the greedy hold: others get in.
TEST(ConnectionCount, LeavesRoomForOthersWhileAddressesHoldAllTheyCan) {
  for (std::size_t descriptors : {256u, 1024u, 5120u, 1'048'576u}) {
    for (std::size_t greedy : {1u, 2u, 5u, 10u}) {
      ConnectionCount count(connection_bounds(descriptors));
      for (std::size_t at = 0; at < greedy; ++at) EXPECT_GT(enter_all(count, "192.0.2." + std::to_string(at)), 0u);
      std::size_t served = 0;
      for (std::size_t caller = 0; caller < 100; ++caller) {  // one after the other
        if (!count.enter(address_of(caller))) continue;
        ++served;
        count.leave(address_of(caller));
      }
      EXPECT_EQ(served, 100u) << greedy << " of " << descriptors;
    }
  }
}

TEST(ConnectionCount, HoldsANetworkOfIpv6ForOneAddress) {
  ConnectionCount count({.in_all = 100, .per_address = 10});
  std::size_t entered = 0;
  for (int host = 0; host < 50; ++host) entered += count.enter("2001:db8:1:2::" + std::to_string(host)) ? 1 : 0;
  EXPECT_EQ(entered, 10u);
  EXPECT_TRUE(count.enter("2001:db8:1:3::1"));
  EXPECT_TRUE(count.enter("192.0.2.1"));
  for (int at = 1; at < 10; ++at) EXPECT_TRUE(count.enter("::ffff:192.0.2.1"));
  EXPECT_FALSE(count.enter("192.0.2.1")) << "it is the same address";
}

TEST(ConnectionCount, LetsATrustedProxyTakeAllButWhatIsLeftForOthers) {
  ConnectionCount count(connection_bounds(1'000'000), *Networks::open({"127.0.0.1"}));
  EXPECT_EQ(enter_all(count, "127.0.0.1"), limits::connections_max - limits::connections_beside_proxies_min);
  EXPECT_EQ(enter_all(count, "127.0.0.2"), limits::connections_beside_proxies_min / 3 + 1)
      << "no proxy, and no more than its share";
  EXPECT_TRUE(count.enter("192.0.2.1"));
  count.leave("127.0.0.1");
  EXPECT_FALSE(count.enter("127.0.0.1")) << "others have what was left for them";
}

TEST(ConnectionBounds, FollowTheDescriptors) {
  EXPECT_EQ(connection_bounds(0).in_all, limits::connections_max) << "nobody knows";
  EXPECT_EQ(connection_bounds(SIZE_MAX).in_all, limits::connections_max);
  EXPECT_EQ(connection_bounds(5 * limits::connections_max / 4).in_all, limits::connections_max);
  EXPECT_EQ(connection_bounds(1000).in_all, 800u);
  EXPECT_EQ(connection_bounds(1000).per_address, 800u);
  EXPECT_EQ(connection_bounds(1000).beside_proxies, limits::connections_beside_proxies_min);
  EXPECT_EQ(connection_bounds(100).beside_proxies, 40u);
}

}  // namespace
}  // namespace vardbron::net
