#include "gateway/base/counted.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

TEST(Counted, SaysOneOfAThingAsPeopleDo) {
  EXPECT_EQ(counted(1, "map"), "1 map");
  EXPECT_EQ(counted(0, "map"), "0 maps");
  EXPECT_EQ(counted(2, "map"), "2 maps");
}

}  // namespace
}  // namespace vardbron
