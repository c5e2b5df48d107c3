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

}  // namespace
}  // namespace vardbron::net
