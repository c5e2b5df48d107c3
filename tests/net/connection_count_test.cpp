#include "gateway/net/connection_count.h"

#include <gtest/gtest.h>

namespace vardbron::net {
namespace {

TEST(ConnectionCount, CountsInAllAndPerAddress) {
  ConnectionCount count(3, 2);

  EXPECT_TRUE(count.enter("a"));
  EXPECT_TRUE(count.enter("a"));
  EXPECT_FALSE(count.enter("a")) << "two from one address";
  EXPECT_TRUE(count.enter("b"));
  EXPECT_FALSE(count.enter("c")) << "three in all";
  EXPECT_EQ(count.in_all(), 3u);

  count.leave("a");
  EXPECT_TRUE(count.enter("c"));
  EXPECT_EQ(count.in_all(), 3u);
}

TEST(ConnectionCount, LetsAnAddressInAgainAfterARefusal) {
  ConnectionCount count(10, 1);
  EXPECT_TRUE(count.enter("a"));
  EXPECT_FALSE(count.enter("a"));

  count.leave("a");

  EXPECT_TRUE(count.enter("a"));
}

TEST(ConnectionCount, TellsHowManyAreThereAndHowManyWereTurnedAway) {
  Metrics metrics;
  ConnectionCount count(3, 1, &metrics);
  EXPECT_TRUE(count.enter("a"));
  EXPECT_FALSE(count.enter("a"));
  EXPECT_TRUE(count.enter("b"));
  count.leave("a");
  EXPECT_NE(metrics.text().find("vardbron_http_connections 1\n"), std::string::npos);
  EXPECT_NE(metrics.text().find("vardbron_http_connections_turned_away_total 1\n"), std::string::npos);
}

}  // namespace
}  // namespace vardbron::net
