#include "gateway/base/excerpt.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

TEST(Excerpt, CutsBetweenCharactersAndShowsNoControlCharacter) {
  EXPECT_EQ(excerpt("PID-13", 60), "PID-13");
  EXPECT_EQ(excerpt("åäö", 4), "åä..");
  EXPECT_EQ(excerpt("åäö", 3), "åä..");
  EXPECT_EQ(excerpt("åäö", 6), "åäö");
  EXPECT_EQ(excerpt("a\x1b[2J\x7f\xc2\x9b", 60), R"(a\u001B[2J\u007F\u009B)");
  EXPECT_EQ(excerpt("a\u202Eb\u0085c\td\ne", 60), R"(a\u202Eb\u0085c d e)");
  EXPECT_EQ(excerpt("\xff", 60), R"(\xFF)");
}

}  // namespace
}  // namespace vardbron
